import type { KillId, TraderId } from '../ids/ids.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** One trader in the report of a kill: what was canceled and closed, and whether the venue says that nothing is left. */
export interface KilledTrader {
  readonly traderId: TraderId;
  readonly canceledOrders: number;
  readonly closedPositions: number;
  /** True only when the venue itself reported no position and no entry order. */
  readonly isFlat: boolean;
  /** Time from the kill to the verified flat, ms; null while it is not. */
  readonly flatAfterMs: number | null;
  /** What is left or why it is not known; null when flat. */
  readonly problem: string | null;
}

/**
 * One use of the kill switch. While any that is no drill is armed for a trader or for the instance, nothing new is entered there.
 * A drill does the same to paper traders and disarms itself.
 */
export interface Kill {
  readonly id: KillId;
  /** null = every trader of the instance. */
  readonly traderId: TraderId | null;
  readonly isDrill: boolean;
  /** `user:<id>` or `system`. */
  readonly actor: string;
  readonly reason: string;
  readonly startedAt: Timestamp;
  /** When new exposure was impossible: the commit of this record. */
  readonly blockedAt: Timestamp;
  /** null while it is being carried out. */
  readonly finishedAt: Timestamp | null;
  readonly traders: readonly KilledTrader[];
  readonly disarmedAt: Timestamp | null;
  readonly disarmedBy: string | null;
}
