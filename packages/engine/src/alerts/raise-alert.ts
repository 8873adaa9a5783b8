import { type Alert, type AlertId, asId, type Trader } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';

export interface AlertInput {
  readonly trader: Pick<Trader, 'id' | 'ownerId'>;
  readonly severity: Alert['severity'];
  /** Stable; one alert per trader and code is open at a time. */
  readonly code: string;
  /** One sentence: what happened and what to do. */
  readonly message: string;
}

/**
 * Stores and publishes an alert inside the caller's transaction; null when the same one is still open. The caller hands
 * what was raised to {@link notifyAlerts} after the commit.
 */
export async function raiseAlert(deps: Pick<EngineDeps, 'ids' | 'clock'>, tx: StoreTx, input: AlertInput): Promise<Alert | null> {
  const { trader, severity, code, message } = input;
  if (await tx.journal.hasOpenAlert(trader.id, code)) return null;
  const now = deps.clock.now();
  const alert: Alert = {
    id: asId<AlertId>(deps.ids.uuid()),
    ownerId: trader.ownerId,
    traderId: trader.id,
    severity,
    code,
    message,
    createdAt: now,
    acknowledgedAt: null,
  };
  await tx.journal.insertAlert(alert);
  const payload = { alert_id: alert.id, severity, code, message };
  await tx.journal.publish({ at: now, ownerId: trader.ownerId, traderId: trader.id, topic: 'alert.raised', payload });
  return alert;
}
