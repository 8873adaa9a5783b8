import { type Decimal, decimal, div, isPositive, mul, sub, sum, toNumber } from '../money/decimal.ts';
import type { Timestamp } from '../time/timestamp.ts';
import type { ClosedTrade } from './closed-trade.ts';
import { tradeReturn } from './trade-return.ts';

/** Below this a ratio says more about luck than about skill, so none is given. */
export const SHARPE_TRADES_MIN = 5;
/** Perpetuals trade every day. */
const YEAR_MS = 365 * 86_400_000;

/**
 * Sharpe ratio of the trades' returns, annualized: mean(r) ÷ s(r) × √(trades per year), with r = net PnL ÷ entry notional,
 * s the sample standard deviation (n − 1), risk-free rate 0, and trades per year = trades ÷ length of the range in years.
 * The length of the range annualizes, never the rate of triggers, so a busier schedule alone changes nothing.
 * null with fewer than {@link SHARPE_TRADES_MIN} trades, an empty range, or returns that do not vary.
 * Source: W. F. Sharpe, "The Sharpe Ratio", Journal of Portfolio Management 21 (1994), eq. 3–6.
 */
export function sharpeRatio(trades: readonly ClosedTrade[], range: { readonly from: Timestamp; readonly to: Timestamp }): number | null {
  const returns = trades.flatMap((trade) => tradeReturn(trade) ?? []);
  const rangeMs = range.to - range.from;
  if (returns.length < SHARPE_TRADES_MIN || rangeMs <= 0) return null;
  const mean = div(sum(returns), decimal(String(returns.length)));
  const variance = sampleVariance(returns, mean);
  if (!isPositive(variance)) return null;
  const tradesPerYear = (returns.length * YEAR_MS) / rangeMs;
  return (toNumber(mean) / Math.sqrt(toNumber(variance))) * Math.sqrt(tradesPerYear);
}

function sampleVariance(returns: readonly Decimal[], mean: Decimal): Decimal {
  const squares = returns.map((value) => {
    const distance = sub(value, mean);
    return mul(distance, distance);
  });
  return div(sum(squares), decimal(String(returns.length - 1)));
}
