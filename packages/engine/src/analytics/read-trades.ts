import { type ClosedTrade, closedTrade, ok, type Timestamp, type TraderId, timestamp, type UserId } from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { AttributedPosition } from '../ports/read-model.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { type AnalyticsRange, analyticsRange, type RangeInput } from './analytics-range.ts';

export interface AnalyticsQuery extends RangeInput {
  /** Accepted only when it is the caller's. */
  readonly userId?: UserId | string | undefined;
  readonly traderId?: TraderId | undefined;
  readonly includeDeleted: boolean;
}

/** A closed position with its trade and what it is grouped by. */
export interface AttributedTrade extends AttributedPosition {
  readonly trade: ClosedTrade;
}

export interface TradesInRange {
  readonly range: AnalyticsRange;
  /** Closed within the range, both ends included. */
  readonly trades: readonly AttributedTrade[];
}

/** Who and when of a question to analytics. Refuses `user_id_mismatch`, `invalid_request`, and `not_found` for a foreign trader. */
export async function checkQuery(deps: EngineDeps, scope: OwnerScope, query: AnalyticsQuery): Promise<UseCaseResult<AnalyticsRange>> {
  if (query.userId !== undefined && query.userId !== scope.userId) {
    return refuse('user_id_mismatch', 'Analytics belong to the caller. Leave user_id out, or send your own id.', [
      { field: 'user_id', message: 'Expected your own id.' },
    ]);
  }
  if (query.traderId !== undefined && (await deps.readModel.findTrader(scope, query.traderId)) === null) return notFound('trader');
  return analyticsRange(query, deps.clock.now());
}

/** Trades closed from `from` to `to`, both included. */
export async function readTrades(
  deps: Pick<EngineDeps, 'readModel'>,
  scope: OwnerScope,
  query: AnalyticsQuery,
  range: { readonly from: Timestamp; readonly to: Timestamp },
): Promise<readonly AttributedTrade[]> {
  const positions = await deps.readModel.closedPositions(scope, {
    ...(query.traderId === undefined ? {} : { traderId: query.traderId }),
    from: range.from,
    // The read model may leave out its upper end; what it gives beyond ours is cut off below.
    to: timestamp(range.to + 1),
    includeDeleted: query.includeDeleted,
  });
  return positions.flatMap((attributed) => {
    const trade = closedTrade(attributed.position);
    return trade === null || trade.closedAt < range.from || trade.closedAt > range.to ? [] : [{ ...attributed, trade }];
  });
}

/** Checks the question and reads its trades. */
export async function tradesInRange(deps: EngineDeps, scope: OwnerScope, query: AnalyticsQuery): Promise<UseCaseResult<TradesInRange>> {
  const range = await checkQuery(deps, scope, query);
  if (!range.ok) return range;
  return ok({ range: range.value, trades: await readTrades(deps, scope, query, range.value) });
}
