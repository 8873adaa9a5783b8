import type { Decimal } from '../money/decimal.ts';
import type { Timestamp } from '../time/timestamp.ts';
import type { Symbol } from './instrument.ts';

/** The venue's prices of one symbol at one moment. */
export interface Quote {
  readonly symbol: Symbol;
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly mark: Decimal;
  /** Moment of the market the price belongs to; in a replay this lies in the recorded past. */
  readonly marketTime: Timestamp;
  /** Moment at which this process learned it; staleness is measured from here. */
  readonly receivedAt: Timestamp;
}
