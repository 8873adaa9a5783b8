import { abs, type Decimal, div, isNegative, isPositive, isZero, sum } from '../money/decimal.ts';
import { type ClosedTrade, netPnl } from './closed-trade.ts';

/** Sum of the wins ÷ size of the sum of the losses, both net. null without losses: then there is nothing to divide by. */
export function profitFactor(trades: readonly ClosedTrade[]): Decimal | null {
  const results = trades.map(netPnl);
  const losses = abs(sum(results.filter(isNegative)));
  return isZero(losses) ? null : div(sum(results.filter(isPositive)), losses);
}
