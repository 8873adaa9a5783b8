import type { Order, OrderId, Trader } from '@hyperoru/domain';
import { isOpen } from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { sendOrder } from '../execution/send-order.ts';
import { flatten } from './flatten.ts';
import { nextProtective, PROTECT_ATTEMPTS_MAX } from './next-protective.ts';

type ProtectivePurpose = 'stop_loss' | 'take_profit';

/**
 * Covers what an entry has filled with its stop-loss and take-profit, and drops the legs of an entry that ended without a
 * fill. Safe to repeat after every fill: only what is not covered yet is sent. Protective orders may be re-sent (rule 3.2-7).
 */
export async function protectEntry(deps: EngineDeps, connection: VenueConnection, entryId: OrderId): Promise<void> {
  const entry = await deps.store.transaction((tx) => tx.orders.get(entryId));
  if (entry === null || entry.decisionId === null) return;
  await deps.mutex(`protection/${entry.traderId}`, async () => {
    for (const purpose of ['stop_loss', 'take_profit'] as const) await cover(deps, connection, entryId, purpose);
  });
}

async function cover(deps: EngineDeps, connection: VenueConnection, entryId: OrderId, purpose: ProtectivePurpose): Promise<void> {
  for (let attempt = 0; attempt <= PROTECT_ATTEMPTS_MAX; attempt++) {
    const next = await nextProtective(deps, entryId, purpose);
    if (next === null) return;
    if (next.kind === 'wait') return onRefusal(deps, connection, { ...next, purpose, isNews: attempt > 0 });
    const sent = await sendOrder(deps, connection, next.id, { generation: null, quantity: next.quantity });
    if (isOpen(sent.state) || sent.state === 'filled') return;
    deps.log.warn('protection.rejected', { orderId: sent.id, purpose, reason: sent.reason });
  }
}

/** The venue refused a full round: an alert once, and the trader's policy until the position is covered or gone. */
async function onRefusal(
  deps: EngineDeps,
  connection: VenueConnection,
  refused: { readonly trader: Trader; readonly entry: Order; readonly purpose: ProtectivePurpose; readonly isNews: boolean },
): Promise<void> {
  const { trader, entry, purpose } = refused;
  const flattens = purpose === 'stop_loss' && trader.risk.onProtectionFailure === 'flatten';
  const alert =
    !refused.isNews && !flattens
      ? null
      : await deps.store.transaction((tx) =>
          raiseAlert(deps, tx, {
            trader,
            severity: purpose === 'stop_loss' ? 'critical' : 'warning',
            code: `${purpose}_failed`,
            message: `The ${purpose.replace('_', ' ')} of ${entry.symbol} could not be placed after ${PROTECT_ATTEMPTS_MAX} tries; ${flattens ? 'the position is being closed' : 'the position stays open'}.`,
          }),
        );
  if (flattens) await flatten(deps, connection, trader.id, entry.symbol, `protection/${entry.id}/${deps.ids.uuid()}`);
  if (alert !== null) await notifyAlerts(deps, [alert]);
}
