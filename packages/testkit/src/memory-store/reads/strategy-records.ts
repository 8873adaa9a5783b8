import type { DecisionRecord, Run } from '@hyperoru/domain';
import type { ReadModel } from '@hyperoru/engine';
import { byCreation, compareText } from '../core/in-order.ts';
import { pageOf } from './paging.ts';
import { type Reader, within } from './reader.ts';

type StrategyRecords = Pick<ReadModel, 'listRuns' | 'findRun' | 'lastRun' | 'listDecisions' | 'findDecision' | 'lastDecision'>;

const createdKey = (row: Run | DecisionRecord) => ({ at: row.createdAt, id: row.id });

/** Runs and decisions with what lies behind them. */
export const strategyReads = (reader: Reader): StrategyRecords => ({ ...runReads(reader), ...decisionReads(reader) });

const callsOf = ({ tables: { modelCalls, callsByRun } }: Reader, runId: Run['id']) =>
  modelCalls
    .under(null, callsByRun, runId)
    .map(({ call }) => call)
    .sort((a, b) => a.step - b.step);

function runReads(reader: Reader): Pick<StrategyRecords, 'listRuns' | 'findRun' | 'lastRun'> {
  const { tables, read } = reader;
  const { runs, runsByTrader, decisions, decisionsByRun } = tables;
  return {
    listRuns: (scope, { outcome, bindingId, ...filter }, page) =>
      read('listRuns', () => {
        const isWithin = within(tables, scope, filter);
        const shown = runs.all(null).flatMap(({ run }) => {
          const isAsked =
            (outcome === undefined || run.outcome === outcome) && (bindingId === undefined || run.trigger.bindingId === bindingId);
          return isAsked && isWithin(run.traderId, run.createdAt) ? [run] : [];
        });
        return pageOf(shown, page, createdKey);
      }),
    findRun: (scope, id) =>
      read('findRun', () => {
        const run = runs.get(null, id)?.run ?? null;
        if (run === null || !within(tables, scope, {})(run.traderId, run.createdAt)) return null;
        const made = decisions.under(null, decisionsByRun, id).sort((a, b) => a.index - b.index);
        return { run, modelCalls: callsOf(reader, id), decisions: made };
      }),
    lastRun: (scope, traderId) =>
      read('lastRun', () => {
        const isWithin = within(tables, scope, { traderId });
        const counted = runs
          .under(null, runsByTrader, traderId)
          .flatMap(({ run, duplicateOf }) => (duplicateOf === null && isWithin(run.traderId, run.createdAt) ? [run] : []));
        return byCreation(counted).at(-1) ?? null;
      }),
  };
}

function decisionReads(reader: Reader): Pick<StrategyRecords, 'listDecisions' | 'findDecision' | 'lastDecision'> {
  const { tables, read } = reader;
  const { runs, decisions, decisionsByTrader, orders, ordersByDecision } = tables;
  return {
    listDecisions: (scope, { runId, ...filter }, page) =>
      read('listDecisions', () => {
        const isWithin = within(tables, scope, filter);
        const shown = decisions
          .all(null)
          .filter((row) => (runId === undefined || row.runId === runId) && isWithin(row.traderId, row.createdAt));
        return pageOf(shown, page, createdKey);
      }),
    findDecision: (scope, id) =>
      read('findDecision', () => {
        const record = decisions.get(null, id);
        const run = record === null ? null : (runs.get(null, record.runId)?.run ?? null);
        if (record === null || run === null || !within(tables, scope, {})(record.traderId, record.createdAt)) return null;
        return { record, run, modelCalls: callsOf(reader, run.id), orders: byCreation(orders.under(null, ordersByDecision, id)) };
      }),
    lastDecision: (scope, traderId) =>
      read('lastDecision', () => {
        const isWithin = within(tables, scope, { traderId });
        const made = decisions.under(null, decisionsByTrader, traderId).filter((row) => isWithin(row.traderId, row.createdAt));
        return made.sort((a, b) => a.createdAt - b.createdAt || a.index - b.index || compareText(a.id, b.id)).at(-1) ?? null;
      }),
  };
}
