import { PROTECT_ATTEMPTS_MAX } from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { flatten } from './flatten.ts';
import type { StoredStep } from './next-protective.ts';

/** The venue refused a full round: an alert, and the trader's policy until the position is covered or gone. */
export async function onProtectionRefused(deps: EngineDeps, connection: VenueConnection, refused: StoredStep): Promise<void> {
  const { trader, entry, purpose, step } = refused;
  // What is only of unknown fate may cover the position: the watch tells, by what the venue reports.
  if (step.kind !== 'wait' || !step.isRefused) return;
  const flattens = purpose === 'stop_loss' && trader.risk.onProtectionFailure === 'flatten';
  // An alert once per round of refusals; it is not raised again because somebody took note of it.
  const isNews = step.intent === null;
  const alert =
    !isNews && !flattens
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
