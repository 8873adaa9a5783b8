import { type DecisionRecord, decimal, type ModelCall, type Run, type TraderId, type TriggerId } from '@hyperoru/domain';
import { storableJson, withStorableText } from '../core/storable.ts';
import { Table } from '../core/table.ts';
import type { Catalog } from './catalog.ts';

/** `duplicateOf`: the trigger this arrival repeated; null for the run that counts. */
export interface RunRow {
  readonly run: Run;
  readonly duplicateOf: TriggerId | null;
}
export interface ModelCallRow {
  readonly call: ModelCall;
  readonly traderId: TraderId;
}

export type Strategy = ReturnType<typeof strategyTables>;

/** Runs with what was asked and decided in them. */
export function strategyTables({ traders, bindings, promptVersions }: Catalog) {
  const runs = new Table<RunRow>({
    name: 'runs',
    idOf: ({ run }) => run.id,
    unique: { runs_trigger: ({ run, duplicateOf }) => (duplicateOf === null ? run.trigger.id : null) },
    references: [
      { name: 'runs_trader_id_traders_id_fk', to: traders, idOf: ({ run }) => run.traderId },
      { name: 'runs_binding_id_bindings_id_fk', to: bindings, idOf: ({ run }) => run.trigger.bindingId },
    ],
    stored: (row) => ({
      ...row,
      run: withStorableText({ ...row.run, trigger: withStorableText(row.run.trigger, ['eventId']) }, ['reason']),
    }),
  });
  const modelCalls = new Table<ModelCallRow>({
    name: 'model_calls',
    idOf: ({ call }) => `${call.runId} ${call.step}`,
    references: [{ name: 'model_calls_run_id_runs_id_fk', to: runs, idOf: ({ call }) => call.runId }],
    stored: ({ call, traderId }) => ({ call: storedModelCall(call), traderId }),
  });
  const decisions = new Table<DecisionRecord>({
    name: 'decisions',
    idOf: (row) => row.id,
    unique: { decisions_run_index: (row) => `${row.runId} ${row.index}` },
    references: [
      { name: 'decisions_run_id_runs_id_fk', to: runs, idOf: (row) => row.runId },
      { name: 'decisions_trader_id_traders_id_fk', to: traders, idOf: (row) => row.traderId },
      { name: 'decisions_binding_id_bindings_id_fk', to: bindings, idOf: (row) => row.bindingId },
      { name: 'decisions_prompt_version_id_prompt_versions_id_fk', to: promptVersions, idOf: (row) => row.promptVersionId },
    ],
    stored: storableJson,
  });
  return {
    runs,
    modelCalls,
    decisions,
    runsByTrader: runs.index(({ run }) => run.traderId),
    runsOpen: runs.index(({ run }) => (run.state === 'finished' ? null : run.traderId)),
    callsByRun: modelCalls.index(({ call }) => call.runId),
    callsByTrader: modelCalls.index((row) => row.traderId),
    decisionsByRun: decisions.index((row) => row.runId),
    decisionsByTrader: decisions.index((row) => row.traderId),
  };
}

function storedModelCall(call: ModelCall): ModelCall {
  const texts = withStorableText(call, ['model', 'baseUrl', 'promptText', 'rawRequest', 'rawAnswer', 'reasoning']);
  return { ...texts, context: storableJson(call.context), costUsd: call.costUsd === null ? null : decimal(call.costUsd) };
}
