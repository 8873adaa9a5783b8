import type { Alert } from '@hyperoru/domain';

/** Carries an alert to people outside the dashboard. Delivery may fail; the alert itself is already stored. */
export interface Notifier {
  notify(alert: Alert): Promise<void>;
}
