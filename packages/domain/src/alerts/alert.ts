import type { AlertId, TraderId, UserId } from '../ids/ids.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** Something a person must know; open until acknowledged. */
export interface Alert {
  readonly id: AlertId;
  readonly ownerId: UserId;
  readonly traderId: TraderId | null;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly code: string;
  readonly message: string;
  readonly createdAt: Timestamp;
  readonly acknowledgedAt: Timestamp | null;
}
