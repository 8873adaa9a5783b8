import type { ClosedTrade } from './closed-trade.ts';
import { type GroupStatistics, groupStatistics, type StatisticsRange } from './summarize-trades.ts';

/** One group: what stands for it (its first member) and its figures. */
export interface TradeGroup<T> {
  readonly first: T;
  readonly statistics: GroupStatistics;
}

/** Splits trades by a key and gives each group its figures, the most profitable first; equal ones keep their order. */
export function groupTrades<T>(
  members: readonly T[],
  range: StatisticsRange,
  read: { readonly key: (member: T) => string; readonly trade: (member: T) => ClosedTrade },
): readonly TradeGroup<T>[] {
  const groups = new Map<string, { readonly first: T; readonly trades: ClosedTrade[] }>();
  for (const member of members) {
    const key = read.key(member);
    const group = groups.get(key) ?? { first: member, trades: [] };
    group.trades.push(read.trade(member));
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ first, trades }) => ({ first, statistics: groupStatistics(trades, range) }))
    .toSorted((a, b) => b.statistics.pnl - a.statistics.pnl);
}
