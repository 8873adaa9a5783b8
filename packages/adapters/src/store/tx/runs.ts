import { type DecisionRecord, decimal, EXECUTED_OUTCOMES, type ModelCall, type Run, type TriggerId } from '@hyperoru/domain';
import { Conflict, type RunStore } from '@hyperoru/engine';
import { and, asc, desc, eq, gte, inArray, isNull, ne, sql } from 'drizzle-orm';
import { jsonValue } from '../schema/columns.ts';
import { decisions, modelCalls, runs } from '../schema/runs.ts';
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

function triggeredRuns({ db }: TxContext): TriggeredRuns {
  const first = (rows: readonly RunRow[]) => (rows[0] === undefined ? null : runFromRow(rows[0]));
  return {
    insert: async (run) => (await db.insert(runs).values(rowOfRun(run, null)).onConflictDoNothing().returning({ id: runs.id })).length > 0,
    insertDuplicate: async (run, duplicateOf) => {
      await db.insert(runs).values(rowOfRun(run, duplicateOf)).onConflictDoNothing();
    },
    update: async (run) => {
      const { duplicateOf: _, ...row } = rowOfRun(run, null);
      await db.update(runs).set(row).where(eq(runs.id, run.id));
    },
    get: async (id) => first(await db.select().from(runs).where(eq(runs.id, id))),
    findByTrigger: async (id) =>
      first(
        await db
          .select()
          .from(runs)
          .where(and(eq(runs.triggerId, id), isNull(runs.duplicateOf))),
      ),
    listOpen: async (traderId) => {
      const open = await db
        .select()
        .from(runs)
        .where(and(eq(runs.traderId, traderId), ne(runs.state, sql.raw("'finished'"))))
        .orderBy(asc(runs.createdAt), asc(runs.id));
      return open.map(runFromRow);
    },
    lastExecuted: async (traderId) => {
      const executed = and(
        eq(runs.traderId, traderId),
        eq(runs.state, sql.raw("'finished'")),
        inArray(runs.outcome, [...EXECUTED_OUTCOMES]),
      );
      return first(await db.select().from(runs).where(executed).orderBy(desc(runs.finishedAt), desc(runs.id)).limit(1));
    },
  };
}

type RunContents = Pick<RunStore, 'insertModelCall' | 'listModelCalls' | 'modelCostSince' | 'insertDecision' | 'listDecisions'>;

function runContents({ db }: TxContext): RunContents {
  return {
    insertModelCall: async (call) => {
      const traderId = sql<RunRow['traderId']>`(select ${runs.traderId} from ${runs} where ${runs.id} = ${call.runId})`;
      const row = { ...call, costUsd: call.costUsd === null ? null : decimal(call.costUsd), context: jsonValue(call.context), traderId };
      const inserted = await db.insert(modelCalls).values(row).onConflictDoNothing().returning({ step: modelCalls.step });
      if (inserted.length === 0) throw new Conflict('model_call_exists');
    },
    listModelCalls: (id): Promise<readonly ModelCall[]> =>
      db.select(MODEL_CALL).from(modelCalls).where(eq(modelCalls.runId, id)).orderBy(asc(modelCalls.step)),
    modelCostSince: async (traderId, since) => {
      const total = sql<string>`coalesce(sum(${modelCalls.costUsd}), 0)::text`;
      const found = await db
        .select({ total })
        .from(modelCalls)
        .where(and(eq(modelCalls.traderId, traderId), gte(modelCalls.createdAt, since)));
      return decimal(found[0]?.total ?? '0');
    },
    insertDecision: async (record) => {
      const { verdict, ...own } = record;
      const row = { ...own, verdictStatus: verdict.status, verdictCode: verdict.code, verdictMessage: verdict.message };
      const inserted = await db.insert(decisions).values(row).onConflictDoNothing().returning({ id: decisions.id });
      if (inserted.length === 0) throw new Conflict('decision_exists');
    },
    listDecisions: async (id) =>
      (await db.select().from(decisions).where(eq(decisions.runId, id)).orderBy(asc(decisions.index))).map(decisionFromRow),
  };
}
