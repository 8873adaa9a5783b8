import { EXECUTED_OUTCOMES, type Run, type RunOutcome } from '@hyperoru/domain';
import { Conflict, type RunStore } from '@hyperoru/engine';
import type { TxContext } from '../context.ts';
import { decimalOf, unitsOf } from '../core/fixed-point.ts';
import { byCreation, inOrder } from '../core/in-order.ts';

const EXECUTED: ReadonlySet<RunOutcome> = new Set(EXECUTED_OUTCOMES);

export function runStore(context: TxContext): RunStore {
  return { ...triggeredRuns(context), ...runContents(context) };
}

type TriggeredRuns = Pick<RunStore, 'insert' | 'insertDuplicate' | 'update' | 'get' | 'findByTrigger' | 'listOpen' | 'lastExecuted'>;

function triggeredRuns({ tx, tables }: TxContext): TriggeredRuns {
  const { runs, runsOpen, runsByTrader } = tables;
  const wasExecuted = ({ state, outcome }: Run) => state === 'finished' && outcome !== null && EXECUTED.has(outcome);
  return {
    insert: (run) => tx.call('runs.insert', async () => (await runs.insert(tx, { run, duplicateOf: null })) === null),
    insertDuplicate: (run, duplicateOf) =>
      tx.call('runs.insertDuplicate', async () => {
        await runs.insert(tx, { run, duplicateOf });
      }),
    update: (run) =>
      tx.call('runs.update', async () => {
        await runs.update(tx, run.id, (row) => ({ ...row, run }));
      }),
    get: (id) => tx.call('runs.get', () => runs.get(tx, id)?.run ?? null),
    findByTrigger: (id) => tx.call('runs.findByTrigger', () => runs.find(tx, runs.rule('runs_trigger'), id)?.run ?? null),
    listOpen: (traderId) => tx.call('runs.listOpen', () => byCreation(runs.under(tx, runsOpen, traderId).map(({ run }) => run))),
    lastExecuted: (traderId) =>
      tx.call('runs.lastExecuted', () => {
        const executed = runs.under(tx, runsByTrader, traderId).flatMap(({ run }) => (wasExecuted(run) ? [run] : []));
        const sorted = inOrder(
          executed,
          (run) => run.finishedAt ?? 0,
          (run) => run.id,
        );
        return sorted.at(-1) ?? null;
      }),
  };
}

type RunContents = Pick<RunStore, 'insertModelCall' | 'listModelCalls' | 'modelCostSince' | 'insertDecision' | 'listDecisions'>;

function runContents({ tx, tables }: TxContext): RunContents {
  const { runs, modelCalls, callsByRun, callsByTrader, decisions, decisionsByRun } = tables;
  return {
    insertModelCall: (call) =>
      tx.call('runs.insertModelCall', async () => {
        const traderId = runs.get(tx, call.runId)?.run.traderId;
        if (traderId === undefined)
          throw new Error('null value in column "trader_id" of relation "model_calls" violates not-null constraint');
        if ((await modelCalls.insert(tx, { call, traderId })) !== null) throw new Conflict('model_call_exists');
      }),
    listModelCalls: (id) =>
      tx.call('runs.listModelCalls', () =>
        modelCalls
          .under(tx, callsByRun, id)
          .map(({ call }) => call)
          .sort((a, b) => a.step - b.step),
      ),
    modelCostSince: (traderId, since) =>
      tx.call('runs.modelCostSince', () => {
        const recent = modelCalls.under(tx, callsByTrader, traderId).filter(({ call }) => call.createdAt >= since);
        return decimalOf(recent.reduce((sum, { call }) => sum + unitsOf(call.costUsd ?? '0'), 0n));
      }),
    insertDecision: (record) =>
      tx.call('runs.insertDecision', async () => {
        if ((await decisions.insert(tx, record)) !== null) throw new Conflict('decision_exists');
      }),
    listDecisions: (id) => tx.call('runs.listDecisions', () => decisions.under(tx, decisionsByRun, id).sort((a, b) => a.index - b.index)),
  };
}
