import { decimal, neg } from '@hyperoru/domain';
import type { AttributedPosition, ReadModel } from '@hyperoru/engine';
import { and, asc, count, eq, gte, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { Db } from '../database.ts';
import { equityPoints, ledgerEntries, positions } from '../schema/portfolio.ts';
import { decisions, modelCalls, runs } from '../schema/runs.ts';
import { bindings, prompts, traders } from '../schema/traders.ts';
import { within } from './filters.ts';

type Analytics = Pick<ReadModel, 'equityCurve' | 'closedPositions' | 'accountTotals' | 'modelCost'>;

const POSITIONS_MAX = 100_000;
const POINTS_MAX = 100_000;

/** Sums and curves. */
export function analyticsReads(db: Db): Analytics {
  return { equityCurve: equityCurve(db), closedPositions: closedPositions(db), accountTotals: accountTotals(db), modelCost: modelCost(db) };
}

const unlessDeleted = (includeDeleted: boolean) => (includeDeleted ? undefined : isNull(traders.deletedAt));

function equityCurve(db: Db): ReadModel['equityCurve'] {
  return async (scope, traderId, { from, to, pointsMax }) => {
    if (!Number.isInteger(pointsMax) || pointsMax < 2 || pointsMax > POINTS_MAX)
      throw new RangeError(`Expected 2 to ${POINTS_MAX} points, was ${pointsMax}.`);
    const numbered = db
      .select({
        traderId: equityPoints.traderId,
        at: equityPoints.at,
        equity: equityPoints.equity,
        balance: equityPoints.balance,
        unrealizedPnl: equityPoints.unrealizedPnl,
        place: sql<string>`row_number() over (order by ${equityPoints.at}) - 1`.as('place'),
        total: sql<string>`count(*) over ()`.as('total'),
      })
      .from(equityPoints)
      .innerJoin(traders, eq(traders.id, equityPoints.traderId))
      .where(
        and(eq(traders.ownerId, scope.userId), eq(equityPoints.traderId, traderId), gte(equityPoints.at, from), lte(equityPoints.at, to)),
      )
      .as('numbered');
    // A point is kept when its share of the way enters a new one of pointsMax − 1 equal parts: the first, the last, and evenly between.
    const last = sql.raw(String(pointsMax - 1));
    const part = (place: ReturnType<typeof sql>) => sql`(${place}) * ${last} / greatest(${numbered.total} - 1, 1)`;
    const isKept = sql`${numbered.total} <= ${pointsMax}::bigint or ${numbered.place} = 0 or ${part(sql`${numbered.place}`)} <> ${part(sql`${numbered.place} - 1`)}`;
    return db
      .select({
        traderId: numbered.traderId,
        at: numbered.at,
        equity: numbered.equity,
        balance: numbered.balance,
        unrealizedPnl: numbered.unrealizedPnl,
      })
      .from(numbered)
      .where(isKept)
      .orderBy(asc(numbered.at));
  };
}

function closedPositions(db: Db): ReadModel['closedPositions'] {
  return async (scope, { includeDeleted, ...filter }) => {
    const found = await db
      .select({ position: positions, trader: traders, cause: runs.cause, promptId: prompts.id, promptName: prompts.name })
      .from(positions)
      .innerJoin(traders, eq(traders.id, positions.traderId))
      .leftJoin(decisions, eq(decisions.id, positions.openedByDecisionId))
      .leftJoin(runs, eq(runs.id, decisions.runId))
      .leftJoin(bindings, eq(bindings.id, decisions.bindingId))
      .leftJoin(prompts, eq(prompts.id, bindings.promptId))
      .where(
        and(
          within(scope, filter, { traderId: positions.traderId, at: positions.closedAt }),
          isNotNull(positions.closedAt),
          unlessDeleted(includeDeleted),
        ),
      )
      .orderBy(asc(positions.closedAt), asc(positions.id))
      .limit(POSITIONS_MAX);
    return found.map(
      ({ position, trader, cause, promptId, promptName }): AttributedPosition => ({
        position,
        traderName: trader.name,
        traderDeleted: trader.deletedAt !== null,
        isDemo: trader.isDemo,
        strategyKind: promptId === null ? 'manual' : 'prompt',
        strategyId: promptId,
        strategyName: promptName ?? 'Manual',
        operation: position.side === 'long' ? 'buy' : 'sell',
        triggerCause: cause ?? 'external',
      }),
    );
  };
}

function accountTotals(db: Db): ReadModel['accountTotals'] {
  return async (scope, { includeDeleted, ...filter }) => {
    const sumOf = (...kinds: readonly string[]) =>
      sql<string>`coalesce(sum(${ledgerEntries.amount}) filter (where ${ledgerEntries.kind} in ${kinds}), 0)::text`;
    const booked = db
      .select({
        deposits: sumOf('deposit', 'adjustment'),
        realizedPnl: sumOf('realized_pnl'),
        charged: sumOf('fee'),
        funding: sumOf('funding'),
      })
      .from(ledgerEntries)
      .innerJoin(traders, eq(traders.id, ledgerEntries.traderId))
      .where(and(within(scope, filter, { traderId: ledgerEntries.traderId, at: ledgerEntries.at }), unlessDeleted(includeDeleted)));
    const ran = db
      .select({ total: count() })
      .from(runs)
      .innerJoin(traders, eq(traders.id, runs.traderId))
      .where(
        and(
          within(scope, filter, { traderId: runs.traderId, at: runs.createdAt }),
          isNull(runs.duplicateOf),
          unlessDeleted(includeDeleted),
        ),
      );
    const closed = db
      .select({ total: count() })
      .from(positions)
      .innerJoin(traders, eq(traders.id, positions.traderId))
      .where(
        and(
          within(scope, filter, { traderId: positions.traderId, at: positions.openedAt }),
          isNotNull(positions.closedAt),
          unlessDeleted(includeDeleted),
        ),
      );
    const [[sums], [runTotal], [tradeTotal]] = await Promise.all([booked, ran, closed]);
    return {
      runs: runTotal?.total ?? 0,
      trades: tradeTotal?.total ?? 0,
      deposits: decimal(sums?.deposits ?? '0'),
      realizedPnl: decimal(sums?.realizedPnl ?? '0'),
      // Booked as a change of the balance, shown as a cost.
      fees: neg(decimal(sums?.charged ?? '0')),
      funding: decimal(sums?.funding ?? '0'),
    };
  };
}

function modelCost(db: Db): ReadModel['modelCost'] {
  return async (scope, { includeDeleted, ...filter }) => {
    const [sums] = await db
      .select({
        knownUsd: sql<string>`coalesce(sum(${modelCalls.costUsd}), 0)::text`,
        unknownCalls: sql<number>`(count(*) filter (where ${modelCalls.costUsd} is null and ${modelCalls.rawAnswer} is not null))::int`,
      })
      .from(modelCalls)
      .innerJoin(traders, eq(traders.id, modelCalls.traderId))
      .where(and(within(scope, filter, { traderId: modelCalls.traderId, at: modelCalls.createdAt }), unlessDeleted(includeDeleted)));
    return { knownUsd: decimal(sums?.knownUsd ?? '0'), unknownCalls: sums?.unknownCalls ?? 0 };
  };
}
