import { type Decimal, decimal, div, isPositive } from '../money/decimal.ts';
import { type ClosedTrade, netPnl } from './closed-trade.ts';

/** Wins ÷ trades, 0–1; a trade that broke even counts as a trade, not as a win. null without trades. */
export function winRate(trades: readonly ClosedTrade[]): Decimal | null {
  if (trades.length === 0) return null;
  const wins = trades.filter((trade) => isPositive(netPnl(trade))).length;
  return div(decimal(String(wins)), decimal(String(trades.length)));
}
