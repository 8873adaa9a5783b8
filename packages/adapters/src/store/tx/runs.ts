import { type DecisionRecord, decimal, EXECUTED_OUTCOMES, type ModelCall, type Run, type TriggerId, toIso } from '@hyperoru/domain';
import { Conflict, type RunStore } from '@hyperoru/engine';
import { and, asc, desc, eq, gte, inArray, isNull, ne, sql } from 'drizzle-orm';
import { jsonValue } from '../schema/columns.ts';
import { decisions, modelCalls, runs } from '../schema/runs.ts';
import { encoded, placeholders, statement } from '../statement.ts';
import type { TxContext } from '../transaction.ts';

type RunRow = typeof runs.$inferSelect;
type DecisionRow = typeof decisions.$inferSelect;

/** Columns of a model call that are the record's; the trader is there for summing only. */
export const MODEL_CALL = {
  runId: modelCalls.runId,
  step: modelCalls.step,
  model: modelCalls.model,
  baseUrl: modelCalls.baseUrl,
  isScripted: modelCalls.isScripted,
  context: modelCalls.context,
  contextHash: modelCalls.contextHash,
  promptText: modelCalls.promptText,
  rawRequest: modelCalls.rawRequest,
  rawAnswer: modelCalls.rawAnswer,
  reasoning: modelCalls.reasoning,
  promptTokens: modelCalls.promptTokens,
  completionTokens: modelCalls.completionTokens,
  costUsd: modelCalls.costUsd,
  latencyMs: modelCalls.latencyMs,
  errorCode: modelCalls.errorCode,
  createdAt: modelCalls.createdAt,
};

const BY_ID = eq(runs.id, sql.placeholder('id'));
const GET = statement('runs_get', (db) => db.select().from(runs).where(BY_ID));
const INSERT = statement('runs_insert', (db) =>
  db.insert(runs).values(placeholders(runs)).onConflictDoNothing().returning({ id: runs.id }),
);
const UPDATE = statement('runs_update', (db) => {
  const { duplicateOf: _, ...columns } = placeholders(runs);
  return db.update(runs).set(columns).where(BY_ID);
});
const LIST_OPEN = statement('runs_list_open', (db) =>
  db
    .select()
    .from(runs)
    .where(and(eq(runs.traderId, sql.placeholder('traderId')), ne(runs.state, sql.raw("'finished'"))))
    .orderBy(asc(runs.createdAt), asc(runs.id)),
);
const INSERT_DECISION = statement('decisions_insert', (db) =>
  db.insert(decisions).values(placeholders(decisions)).onConflictDoNothing().returning({ id: decisions.id }),
);
const MODEL_COST_SINCE = statement('model_calls_cost_since', (db) =>
  db
    .select({ total: sql<string>`coalesce(sum(${modelCalls.costUsd}), 0)::text` })
    .from(modelCalls)
    .where(and(eq(modelCalls.traderId, sql.placeholder('traderId')), gte(modelCalls.createdAt, sql.placeholder('since')))),
);

/** Before generations were stored with orders by hand: no trader has it, so that such an order is not sent. */
const OF_NO_GENERATION = -1;

export function runFromRow(row: RunRow): Run {
  const { triggerId, bindingId, cause, eventId, triggerAt, wantedDecision, wantedGeneration, duplicateOf: _, ...own } = row;
  const trigger = { id: triggerId, traderId: row.traderId, bindingId, cause, eventId, at: triggerAt };
  if (wantedDecision === null) return { ...own, trigger };
  return { ...own, trigger: { ...trigger, decision: wantedDecision, generation: wantedGeneration ?? OF_NO_GENERATION } };
}

export function decisionFromRow(row: DecisionRow): DecisionRecord {
  const { verdictStatus, verdictCode, verdictMessage, ...own } = row;
  return { ...own, verdict: { status: verdictStatus, code: verdictCode, message: verdictMessage } };
}

function rowOfRun(run: Run, duplicateOf: TriggerId | null): RunRow {
  const { trigger, ...own } = run;
  return {
    ...own,
    bindingId: trigger.bindingId,
    triggerId: trigger.id,
    cause: trigger.cause,
    eventId: trigger.eventId,
    triggerAt: trigger.at,
    wantedDecision: trigger.decision ?? null,
    wantedGeneration: trigger.generation ?? null,
    duplicateOf,
  };
}

export function runStore(context: TxContext): RunStore {
  return { ...triggeredRuns(context), ...runContents(context) };
}

type TriggeredRuns = Pick<RunStore, 'insert' | 'insertDuplicate' | 'update' | 'get' | 'findByTrigger' | 'listOpen' | 'lastExecuted'>;

function triggeredRuns(context: TxContext): TriggeredRuns {
  const first = (rows: readonly RunRow[]) => (rows[0] === undefined ? null : runFromRow(rows[0]));
  return {
    insert: async (run) => (await context.run(INSERT, encoded(runs, rowOfRun(run, null)))).length > 0,
    insertDuplicate: async (run, duplicateOf) => {
      await context.db.insert(runs).values(rowOfRun(run, duplicateOf)).onConflictDoNothing();
    },
    update: async (run) => {
      await context.run(UPDATE, encoded(runs, rowOfRun(run, null)));
    },
    get: async (id) => first(await context.run(GET, { id })),
    findByTrigger: async (id) =>
      first(
        await context.db
          .select()
          .from(runs)
          .where(and(eq(runs.triggerId, id), isNull(runs.duplicateOf))),
      ),
    listOpen: async (traderId) => (await context.run(LIST_OPEN, { traderId })).map(runFromRow),
    lastExecuted: async (traderId) => {
      const executed = and(
        eq(runs.traderId, traderId),
        eq(runs.state, sql.raw("'finished'")),
        inArray(runs.outcome, [...EXECUTED_OUTCOMES]),
      );
      return first(await context.db.select().from(runs).where(executed).orderBy(desc(runs.finishedAt), desc(runs.id)).limit(1));
    },
  };
}

type RunContents = Pick<RunStore, 'insertModelCall' | 'listModelCalls' | 'modelCostSince' | 'insertDecision' | 'listDecisions'>;

function runContents(context: TxContext): RunContents {
  return {
    insertModelCall: async (call) => {
      const traderId = sql<RunRow['traderId']>`(select ${runs.traderId} from ${runs} where ${runs.id} = ${call.runId})`;
      const row = { ...call, costUsd: call.costUsd === null ? null : decimal(call.costUsd), context: jsonValue(call.context), traderId };
      const inserted = await context.db.insert(modelCalls).values(row).onConflictDoNothing().returning({ step: modelCalls.step });
      if (inserted.length === 0) throw new Conflict('model_call_exists');
    },
    listModelCalls: (id): Promise<readonly ModelCall[]> =>
      context.db.select(MODEL_CALL).from(modelCalls).where(eq(modelCalls.runId, id)).orderBy(asc(modelCalls.step)),
    modelCostSince: async (traderId, since) =>
      decimal((await context.run(MODEL_COST_SINCE, { traderId, since: toIso(since) }))[0]?.total ?? '0'),
    insertDecision: async (record) => {
      const { verdict, ...own } = record;
      const row = { ...own, verdictStatus: verdict.status, verdictCode: verdict.code, verdictMessage: verdict.message };
      const inserted = await context.run(INSERT_DECISION, encoded(decisions, row));
      if (inserted.length === 0) throw new Conflict('decision_exists');
    },
    listDecisions: async (id) =>
      (await context.db.select().from(decisions).where(eq(decisions.runId, id)).orderBy(asc(decisions.index))).map(decisionFromRow),
  };
}
