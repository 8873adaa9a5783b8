import { type Decimal, decimal, div, isPositive, mul, sum } from '../money/decimal.ts';
import { type ClosedTrade, netPnl } from './closed-trade.ts';

const HUNDRED = decimal('100');

/**
 * Return of one trade: net PnL ÷ entry notional, as a fraction. On notional and not on margin, so that the same trade has the
 * same return at every leverage. null when nothing was entered.
 */
export function tradeReturn(trade: ClosedTrade): Decimal | null {
  return isPositive(trade.entryNotional) ? div(netPnl(trade), trade.entryNotional) : null;
}

/** Mean of the trades' returns, percent. null without trades. */
export function averageReturnPct(trades: readonly ClosedTrade[]): Decimal | null {
  const returns = trades.flatMap((trade) => tradeReturn(trade) ?? []);
  if (returns.length === 0) return null;
  return div(mul(sum(returns), HUNDRED), decimal(String(returns.length)));
}
