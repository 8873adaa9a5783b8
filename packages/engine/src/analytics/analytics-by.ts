import { type GroupStatistics, groupTrades, ok, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { AttributedPosition } from '../ports/read-model.ts';
import type { UseCaseResult } from '../refusal.ts';
import { type AnalyticsQuery, type AttributedTrade, tradesInRange } from './read-trades.ts';

/** One group of trades: what it is and its figures. */
export type Grouped<T> = T & { readonly statistics: GroupStatistics };

export type ByStrategy = Pick<AttributedPosition, 'strategyKind' | 'strategyId' | 'strategyName'>;
export interface ByAccount {
  readonly traderId: TraderId;
  readonly traderName: string;
  readonly isDeleted: boolean;
  readonly isDemo: boolean;
}
export type BySymbol = { readonly symbol: AttributedPosition['position']['symbol'] };
export type ByOperation = Pick<AttributedPosition, 'operation'>;
export type ByTriggerType = Pick<AttributedPosition, 'triggerCause'>;

type Analysis<T> = (deps: EngineDeps, scope: OwnerScope, query: AnalyticsQuery) => Promise<UseCaseResult<readonly Grouped<T>[]>>;

/** Builds one grouping of the trades in the range; groups with the most profit come first. */
function analysisBy<T>(key: (trade: AttributedTrade) => string, describe: (trade: AttributedTrade) => T): Analysis<T> {
  return async (deps, scope, query) => {
    const found = await tradesInRange(deps, scope, query);
    if (!found.ok) return found;
    const groups = groupTrades(found.value.trades, found.value.range, { key, trade: ({ trade }) => trade });
    return ok(groups.map(({ first, statistics }) => ({ ...describe(first), statistics })));
  };
}

export const analyticsByStrategy: Analysis<ByStrategy> = analysisBy(
  ({ strategyKind, strategyId }) => `${strategyKind}/${strategyId ?? ''}`,
  ({ strategyKind, strategyId, strategyName }) => ({ strategyKind, strategyId, strategyName }),
);

export const analyticsByAccount: Analysis<ByAccount> = analysisBy(
  ({ position }) => position.traderId,
  ({ position, traderName, traderDeleted, isDemo }) => ({ traderId: position.traderId, traderName, isDeleted: traderDeleted, isDemo }),
);

export const analyticsBySymbol: Analysis<BySymbol> = analysisBy(
  ({ position }) => position.symbol,
  ({ position }) => ({ symbol: position.symbol }),
);

export const analyticsByOperation: Analysis<ByOperation> = analysisBy(
  ({ operation }) => operation,
  ({ operation }) => ({ operation }),
);

export const analyticsByTriggerType: Analysis<ByTriggerType> = analysisBy(
  ({ triggerCause }) => triggerCause,
  ({ triggerCause }) => ({ triggerCause }),
);
