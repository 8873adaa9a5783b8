import type { Trader } from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps } from '../deps.ts';

/** An order may be of unknown fate for this long before a person is told. */
const UNKNOWN_MS_MAX = 60_000;

/** Raises an alert when the fate of a sent order has been unknown for too long, e.g. because the venue does not answer. */
export async function alertUnknown(deps: EngineDeps, trader: Trader): Promise<void> {
  const alert = await deps.store.transaction(async (tx) => {
    const before = deps.clock.now() - UNKNOWN_MS_MAX;
    const lost = (await tx.orders.listOpen(trader.id)).find(
      ({ state, sentAt }) => (state === 'unknown' || state === 'sent') && sentAt !== null && sentAt < before,
    );
    if (lost === undefined) return null;
    return raiseAlert(deps, tx, {
      trader,
      severity: 'critical',
      code: 'order_unknown',
      message: `The venue has not said for more than ${UNKNOWN_MS_MAX / 1000} s what became of an order in ${lost.symbol}; look at the venue. Nothing is entered in ${lost.symbol} meanwhile.`,
    });
  });
  if (alert !== null) await notifyAlerts(deps, [alert]);
}
