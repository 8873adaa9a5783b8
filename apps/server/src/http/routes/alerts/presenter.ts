import type { Alert as AlertAnswer } from '@hyperoru/contracts';
import { type Alert, toIso } from '@hyperoru/domain';
import { isoOrNull } from '../time.ts';

export const presentAlert = (alert: Alert, traderName: string | null): AlertAnswer => ({
  id: alert.id,
  trader_id: alert.traderId,
  trader_name: traderName,
  severity: alert.severity,
  code: alert.code,
  message: alert.message,
  created_at: toIso(alert.createdAt),
  acknowledged_at: isoOrNull(alert.acknowledgedAt),
});
