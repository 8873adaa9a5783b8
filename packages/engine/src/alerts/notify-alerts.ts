import type { Alert } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';

/** Carries stored alerts to people outside the dashboard. Never throws: the alerts are stored, a lost message is logged. */
export async function notifyAlerts(deps: Pick<EngineDeps, 'notifier' | 'log'>, alerts: readonly Alert[]): Promise<void> {
  for (const alert of alerts) {
    try {
      await deps.notifier.notify(alert);
    } catch (error) {
      deps.log.warn('alert.notify_failed', { alertId: alert.id, code: alert.code, error });
    }
  }
}
