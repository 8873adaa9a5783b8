import type { ReadModel } from '@hyperoru/engine';
import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import type { Db } from '../database.ts';
import { orders } from '../schema/orders.ts';
import { decisions, modelCalls, runs } from '../schema/runs.ts';
import { traders } from '../schema/traders.ts';
import { decisionFromRow, MODEL_CALL, runFromRow } from '../tx/runs.ts';
import { within } from './filters.ts';
import { keyset, pageOf } from './paging.ts';

type StrategyRecords = Pick<ReadModel, 'listRuns' | 'findRun' | 'lastRun' | 'listDecisions' | 'findDecision' | 'lastDecision'>;

/** Runs and decisions with what lies behind them. */
export function strategyReads(db: Db): StrategyRecords {
  return { ...runReads(db), ...decisionReads(db) };
}

const runRows = (db: Db) => db.select({ row: runs }).from(runs).innerJoin(traders, eq(traders.id, runs.traderId));
const decisionRows = (db: Db) => db.select({ row: decisions }).from(decisions).innerJoin(traders, eq(traders.id, decisions.traderId));
const RUN_COLUMNS = { traderId: runs.traderId, at: runs.createdAt };
const DECISION_COLUMNS = { traderId: decisions.traderId, at: decisions.createdAt };

function runReads(db: Db): Pick<ReadModel, 'listRuns' | 'findRun' | 'lastRun'> {
  return {
    listRuns: async (scope, filter, page) => {
      const { where, orderBy, limit } = keyset(runs.createdAt, runs.id, page);
      const shown = and(
        within(scope, filter, RUN_COLUMNS),
        filter.outcome === undefined ? undefined : eq(runs.outcome, filter.outcome),
        filter.bindingId === undefined ? undefined : eq(runs.bindingId, filter.bindingId),
        where,
      );
      const found = await runRows(db)
        .where(shown)
        .orderBy(...orderBy)
        .limit(limit);
      return pageOf(
        found,
        page,
        ({ row }) => runFromRow(row),
        ({ row }) => ({ at: row.createdAt, id: row.id }),
      );
    },
    findRun: async (scope, id) => {
      const [found] = await runRows(db).where(and(within(scope, {}, RUN_COLUMNS), eq(runs.id, id)));
      if (found === undefined) return null;
      const calls = await db.select(MODEL_CALL).from(modelCalls).where(eq(modelCalls.runId, id)).orderBy(asc(modelCalls.step));
      const made = await db.select().from(decisions).where(eq(decisions.runId, id)).orderBy(asc(decisions.index));
      return { run: runFromRow(found.row), modelCalls: calls, decisions: made.map(decisionFromRow) };
    },
    lastRun: async (scope, traderId) => {
      const [found] = await runRows(db)
        .where(and(within(scope, { traderId }, RUN_COLUMNS), isNull(runs.duplicateOf)))
        .orderBy(desc(runs.createdAt), desc(runs.id))
        .limit(1);
      return found === undefined ? null : runFromRow(found.row);
    },
  };
}

function decisionReads(db: Db): Pick<ReadModel, 'listDecisions' | 'findDecision' | 'lastDecision'> {
  return {
    listDecisions: async (scope, filter, page) => {
      const { where, orderBy, limit } = keyset(decisions.createdAt, decisions.id, page);
      const shown = and(
        within(scope, filter, DECISION_COLUMNS),
        filter.runId === undefined ? undefined : eq(decisions.runId, filter.runId),
        where,
      );
      const found = await decisionRows(db)
        .where(shown)
        .orderBy(...orderBy)
        .limit(limit);
      return pageOf(
        found,
        page,
        ({ row }) => decisionFromRow(row),
        ({ row }) => ({ at: row.createdAt, id: row.id }),
      );
    },
    findDecision: async (scope, id) => {
      const [found] = await db
        .select({ row: decisions, run: runs })
        .from(decisions)
        .innerJoin(traders, eq(traders.id, decisions.traderId))
        .innerJoin(runs, eq(runs.id, decisions.runId))
        .where(and(within(scope, {}, DECISION_COLUMNS), eq(decisions.id, id)));
      if (found === undefined) return null;
      const calls = await db.select(MODEL_CALL).from(modelCalls).where(eq(modelCalls.runId, found.run.id)).orderBy(asc(modelCalls.step));
      const placed = await db.select().from(orders).where(eq(orders.decisionId, id)).orderBy(asc(orders.createdAt), asc(orders.id));
      return { record: decisionFromRow(found.row), run: runFromRow(found.run), modelCalls: calls, orders: placed };
    },
    lastDecision: async (scope, traderId) => {
      const [found] = await decisionRows(db)
        .where(within(scope, { traderId }, DECISION_COLUMNS))
        .orderBy(desc(decisions.createdAt), desc(decisions.index), desc(decisions.id))
        .limit(1);
      return found === undefined ? null : decisionFromRow(found.row);
    },
  };
}
