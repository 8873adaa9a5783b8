import { type Decimal, round, toNumber } from '../money/decimal.ts';
import type { Timestamp } from '../time/timestamp.ts';
import { averageDurationHours } from './average-duration.ts';
import type { ClosedTrade } from './closed-trade.ts';
import { extremeTrades } from './extreme-trades.ts';
import { maxDrawdownPct } from './max-drawdown.ts';
import { profitFactor } from './profit-factor.ts';
import { sharpeRatio } from './sharpe-ratio.ts';
import { totalPnl } from './total-pnl.ts';
import { averageReturnPct } from './trade-return.ts';
import { winRate } from './win-rate.ts';

/** Places of amounts of money and of ratios in an answer; everything before is exact. */
const MONEY_PLACES = 8;
const RATIO_PLACES = 6;

/** JSON numbers, rounded last. Amounts in quote currency; null = too few trades to say. */
export interface GroupStatistics {
  readonly trades: number;
  /** 0–1. */
  readonly winRate: number | null;
  /** Net of fees, with funding. */
  readonly pnl: number;
  readonly fees: number;
  readonly funding: number;
  readonly sharpeRatio: number | null;
}

export interface TradeSummary extends GroupStatistics {
  readonly grossPnl: number;
  readonly averageReturnPct: number | null;
  readonly maxDrawdownPct: number | null;
  readonly profitFactor: number | null;
  readonly bestTradePnl: number | null;
  readonly worstTradePnl: number | null;
  readonly averageDurationHours: number | null;
}

export interface StatisticsRange {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** The figures of one group of trades that closed within the range. */
export function groupStatistics(trades: readonly ClosedTrade[], range: StatisticsRange): GroupStatistics {
  const totals = totalPnl(trades);
  const sharpe = sharpeRatio(trades, range);
  return {
    trades: trades.length,
    winRate: ratio(winRate(trades)),
    pnl: money(totals.net),
    fees: money(totals.fees),
    funding: money(totals.funding),
    sharpeRatio: sharpe === null ? null : Number(sharpe.toFixed(RATIO_PLACES)),
  };
}

/** All figures of trades that closed within the range; `startEquity` is the equity at its start, for the drawdown. */
export function summarizeTrades(trades: readonly ClosedTrade[], range: StatisticsRange & { readonly startEquity: Decimal }): TradeSummary {
  const extremes = extremeTrades(trades);
  return {
    ...groupStatistics(trades, range),
    grossPnl: money(totalPnl(trades).gross),
    averageReturnPct: ratio(averageReturnPct(trades)),
    maxDrawdownPct: ratio(maxDrawdownPct(trades, range.startEquity)),
    profitFactor: ratio(profitFactor(trades)),
    bestTradePnl: extremes === null ? null : money(extremes.best),
    worstTradePnl: extremes === null ? null : money(extremes.worst),
    averageDurationHours: ratio(averageDurationHours(trades)),
  };
}

const money = (value: Decimal): number => toNumber(round(value, MONEY_PLACES));
const ratio = (value: Decimal | null): number | null => (value === null ? null : toNumber(round(value, RATIO_PLACES)));
