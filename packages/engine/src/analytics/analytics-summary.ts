import { add, ok, round, summarizeTrades, type TradeSummary, timestamp, toNumber, totalPnl } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { ModelCostTotal } from '../ports/read-model.ts';
import type { UseCaseResult } from '../refusal.ts';
import type { AnalyticsRange } from './analytics-range.ts';
import { type AnalyticsQuery, checkQuery, readTrades } from './read-trades.ts';

const COST_PLACES = 8;
const EPOCH = timestamp(0);

export interface AnalyticsSummary extends TradeSummary, AnalyticsRange {
  /** What the models of these traders cost in the range, USD; null when the price of a call is unknown. */
  readonly llmCostUsd: number | null;
}

/** All figures of the trades that closed in the range, over all of the caller's traders or one of them. */
export async function analyticsSummary(
  deps: EngineDeps,
  scope: OwnerScope,
  query: AnalyticsQuery,
): Promise<UseCaseResult<AnalyticsSummary>> {
  const checked = await checkQuery(deps, scope, query);
  if (!checked.ok) return checked;
  const range = checked.value;
  const filter = { ...(query.traderId === undefined ? {} : { traderId: query.traderId }), includeDeleted: query.includeDeleted };
  const [closed, totals, cost] = await Promise.all([
    readTrades(deps, scope, query, { from: EPOCH, to: range.to }),
    deps.readModel.accountTotals(scope, filter),
    deps.readModel.modelCost(scope, { ...filter, from: range.from, to: timestamp(range.to + 1) }),
  ]);
  const before = closed.filter(({ trade }) => trade.closedAt < range.from).map(({ trade }) => trade);
  const within = closed.filter(({ trade }) => trade.closedAt >= range.from).map(({ trade }) => trade);
  // Equity at the start of the range, from closed trades: all deposits plus what had been made or lost until then.
  const startEquity = add(totals.deposits, totalPnl(before).net);
  return ok({ ...summarizeTrades(within, { ...range, startEquity }), ...range, llmCostUsd: knownCost(cost) });
}

function knownCost(cost: ModelCostTotal): number | null {
  return cost.unknownCalls > 0 ? null : toNumber(round(cost.knownUsd, COST_PLACES));
}
