import { type Decimal, sum } from '../money/decimal.ts';
import { type ClosedTrade, netPnl } from './closed-trade.ts';

/** Sums over trades, quote currency: net = gross − fees + funding. */
export interface PnlTotals {
  readonly net: Decimal;
  readonly gross: Decimal;
  readonly fees: Decimal;
  readonly funding: Decimal;
}

/** Zeros without trades. */
export function totalPnl(trades: readonly ClosedTrade[]): PnlTotals {
  return {
    net: sum(trades.map(netPnl)),
    gross: sum(trades.map((trade) => trade.grossPnl)),
    fees: sum(trades.map((trade) => trade.fees)),
    funding: sum(trades.map((trade) => trade.funding)),
  };
}
