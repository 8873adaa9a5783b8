import type { PositionId, TraderId } from '../ids/ids.ts';
import type { Symbol } from '../market/instrument.ts';
import type { Decimal } from '../money/decimal.ts';
import type { Timestamp } from '../time/timestamp.ts';

/**
 * How far an open position is covered by stops, computed from what the venue reports and never from what was sent (I6).
 * Written by the protection watch alone; one per position, kept after it closes.
 */
export interface Protection {
  readonly positionId: PositionId;
  readonly traderId: TraderId;
  readonly symbol: Symbol;
  /** False when neither the decision nor the limits asked for a stop. */
  readonly isRequired: boolean;
  /** What resting reduce-only stops on the right side cover, base units, at most the position. */
  readonly coveredQuantity: Decimal;
  /** Since when it is not covered in full; null = it is, or needs none. */
  readonly bareSince: Timestamp | null;
  /** All bare time so far, without the stretch that runs now, ms. */
  readonly bareMs: number;
  /** The longest single stretch, ms. */
  readonly longestBareMs: number;
  /** When the venue was read last. */
  readonly checkedAt: Timestamp;
}
