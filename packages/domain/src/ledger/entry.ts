import type { FillId, PositionId, TraderId } from '../ids/ids.ts';
import type { Symbol } from '../market/instrument.ts';
import type { Decimal } from '../money/decimal.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** One booked change of a trader's balance, quote currency; the balance is the sum of the amounts. Append-only. */
export interface LedgerEntry {
  /** Derived from the cause, so that booking twice is impossible. */
  readonly id: string;
  readonly traderId: TraderId;
  readonly kind: 'deposit' | 'realized_pnl' | 'fee' | 'funding' | 'adjustment';
  readonly amount: Decimal;
  readonly symbol: Symbol | null;
  readonly fillId: FillId | null;
  readonly positionId: PositionId | null;
  readonly at: Timestamp;
}

/** Equity of a trader at one moment: equity = balance + unrealizedPnl. */
export interface EquityPoint {
  readonly traderId: TraderId;
  readonly at: Timestamp;
  readonly equity: Decimal;
  readonly balance: Decimal;
  readonly unrealizedPnl: Decimal;
}
