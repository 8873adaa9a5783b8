import { EXECUTED_OUTCOMES, type Run, type RunOutcome } from '@hyperoru/domain';
import { Conflict, type RunStore } from '@hyperoru/engine';
import { decimalOf, unitsOf } from '../core/fixed-point.ts';
import { byCreation, inOrder } from '../core/in-order.ts';
import { type CallsOf, partOf } from './calls.ts';

const EXECUTED: ReadonlySet<RunOutcome> = new Set(EXECUTED_OUTCOMES);

const wasExecuted = ({ state, outcome }: Run): boolean => state === 'finished' && outcome !== null && EXECUTED.has(outcome);

type TriggeredRuns = Pick<RunStore, 'insert' | 'insertDuplicate' | 'update' | 'get' | 'findByTrigger' | 'listOpen' | 'lastExecuted'>;

const triggeredRuns: CallsOf<TriggeredRuns> = {
  insert: ({ tx, tables }, run) => tx.call('runs.insert', async () => (await tables.runs.insert(tx, { run, duplicateOf: null })) === null),
  insertDuplicate: ({ tx, tables }, run, duplicateOf) =>
    tx.call('runs.insertDuplicate', async () => {
      await tables.runs.insert(tx, { run, duplicateOf });
    }),
  update: ({ tx, tables }, run) =>
    tx.call('runs.update', async () => {
      await tables.runs.update(tx, run.id, (row) => ({ ...row, run }));
    }),
  get: ({ tx, tables }, id) => tx.call('runs.get', () => tables.runs.get(tx, id)?.run ?? null),
  findByTrigger: ({ tx, tables }, id) =>
    tx.call('runs.findByTrigger', () => tables.runs.find(tx, tables.runs.rule('runs_trigger'), id)?.run ?? null),
  listOpen: ({ tx, tables }, traderId) =>
    tx.call('runs.listOpen', () => byCreation(tables.runs.under(tx, tables.runsOpen, traderId).map(({ run }) => run))),
  lastExecuted: ({ tx, tables }, traderId) =>
    tx.call('runs.lastExecuted', () => {
      const executed = tables.runs.under(tx, tables.runsByTrader, traderId).flatMap(({ run }) => (wasExecuted(run) ? [run] : []));
      const sorted = inOrder(
        executed,
        (run) => run.finishedAt ?? 0,
        (run) => run.id,
      );
      return sorted.at(-1) ?? null;
    }),
};

type RunContents = Pick<RunStore, 'insertModelCall' | 'listModelCalls' | 'modelCostSince' | 'insertDecision' | 'listDecisions'>;

const runContents: CallsOf<RunContents> = {
  insertModelCall: ({ tx, tables }, call) =>
    tx.call('runs.insertModelCall', async () => {
      const traderId = tables.runs.get(tx, call.runId)?.run.traderId;
      if (traderId === undefined)
        throw new Error('null value in column "trader_id" of relation "model_calls" violates not-null constraint');
      if ((await tables.modelCalls.insert(tx, { call, traderId })) !== null) throw new Conflict('model_call_exists');
    }),
  listModelCalls: ({ tx, tables }, id) =>
    tx.call('runs.listModelCalls', () =>
      tables.modelCalls
        .under(tx, tables.callsByRun, id)
        .map(({ call }) => call)
        .sort((a, b) => a.step - b.step),
    ),
  modelCostSince: ({ tx, tables }, traderId, since) =>
    tx.call('runs.modelCostSince', () => {
      const recent = tables.modelCalls.under(tx, tables.callsByTrader, traderId).filter(({ call }) => call.createdAt >= since);
      return decimalOf(recent.reduce((sum, { call }) => sum + unitsOf(call.costUsd ?? '0'), 0n));
    }),
  insertDecision: ({ tx, tables }, record) =>
    tx.call('runs.insertDecision', async () => {
      if ((await tables.decisions.insert(tx, record)) !== null) throw new Conflict('decision_exists');
    }),
  listDecisions: ({ tx, tables }, id) =>
    tx.call('runs.listDecisions', () => tables.decisions.under(tx, tables.decisionsByRun, id).sort((a, b) => a.index - b.index)),
};

export const runStore = partOf<RunStore>({ ...triggeredRuns, ...runContents });
