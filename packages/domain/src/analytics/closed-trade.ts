import { add, type Decimal, mul, sub } from '../money/decimal.ts';
import type { Position } from '../positions/position.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** One closed round trip as statistics see it; amounts in quote currency. */
export interface ClosedTrade {
  /** From prices alone. */
  readonly grossPnl: Decimal;
  /** Positive = paid. */
  readonly fees: Decimal;
  /** Positive = received. */
  readonly funding: Decimal;
  /** Largest quantity held × average entry price. */
  readonly entryNotional: Decimal;
  readonly openedAt: Timestamp;
  readonly closedAt: Timestamp;
}

/** The trade of a position; null while it is open. */
export function closedTrade(position: Position): ClosedTrade | null {
  if (position.closedAt === null) return null;
  return {
    grossPnl: position.realizedPnl,
    fees: position.fees,
    funding: position.funding,
    entryNotional: mul(position.enteredQuantity, position.averageEntryPrice),
    openedAt: position.openedAt,
    closedAt: position.closedAt,
  };
}

/** What the trade brought: gross PnL − fees + funding, quote currency. A trade with net PnL above 0 is a win, below 0 a loss. */
export const netPnl = (trade: Pick<ClosedTrade, 'grossPnl' | 'fees' | 'funding'>): Decimal =>
  add(sub(trade.grossPnl, trade.fees), trade.funding);
