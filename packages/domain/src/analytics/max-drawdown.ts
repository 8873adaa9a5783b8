import { add, type Decimal, decimal, div, gt, isPositive, max, mul, sub, ZERO } from '../money/decimal.ts';
import { type ClosedTrade, netPnl } from './closed-trade.ts';

const HUNDRED = decimal('100');

/**
 * Largest fall of closed-trade equity from a peak: max over time of (peak − equity) ÷ peak × 100, percent, 0 or more. Equity
 * starts at `startEquity` (quote currency) and moves by the net PnL of each trade at its close; what a position lost and
 * regained while it was open is not seen. null without trades or without positive equity to fall from.
 */
export function maxDrawdownPct(trades: readonly ClosedTrade[], startEquity: Decimal): Decimal | null {
  if (trades.length === 0 || !isPositive(startEquity)) return null;
  let equity = startEquity;
  let peak = startEquity;
  let worst = ZERO;
  for (const trade of trades.toSorted((a, b) => a.closedAt - b.closedAt)) {
    equity = add(equity, netPnl(trade));
    if (gt(equity, peak)) peak = equity;
    worst = max(worst, div(mul(sub(peak, equity), HUNDRED), peak));
  }
  return worst;
}
