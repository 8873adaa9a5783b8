import type { Binding, Prompt, PromptVersion, Trader } from '@hyperoru/domain';
import { storableJson, withStorableText } from '../core/storable.ts';
import { Table } from '../core/table.ts';

export type Catalog = ReturnType<typeof catalogTables>;

/** What a user sets up. */
export function catalogTables() {
  const traders = new Table<Trader>({
    name: 'traders',
    idOf: (row) => row.id,
    stored: (row) => withStorableText(row, ['name', 'description']),
  });
  const prompts: Table<Prompt> = new Table<Prompt>({
    name: 'prompts',
    idOf: (row) => row.id,
    references: [
      {
        name: 'prompts_current_version_id_prompt_versions_id_fk',
        to: { has: (id, tx) => promptVersions.has(id, tx) },
        idOf: (row) => row.currentVersionId,
      },
    ],
    stored: (row) => withStorableText(row, ['name']),
  });
  const promptVersions: Table<PromptVersion> = new Table<PromptVersion>({
    name: 'prompt_versions',
    idOf: (row) => row.id,
    unique: { prompt_versions_number: (row) => `${row.promptId} ${row.number}` },
    references: [{ name: 'prompt_versions_prompt_id_prompts_id_fk', to: prompts, idOf: (row) => row.promptId }],
    stored: (row) => withStorableText(row, ['content']),
  });
  const bindings = new Table<Binding>({
    name: 'bindings',
    idOf: (row) => row.id,
    references: [
      { name: 'bindings_trader_id_traders_id_fk', to: traders, idOf: (row) => row.traderId },
      { name: 'bindings_prompt_id_prompts_id_fk', to: prompts, idOf: (row) => row.promptId },
    ],
    stored: storableJson,
  });
  return {
    traders,
    prompts,
    promptVersions,
    bindings,
    versionsByPrompt: promptVersions.index((row) => row.promptId),
    bindingsByTrader: bindings.index((row) => (row.deletedAt === null ? row.traderId : null)),
    bindingsByPrompt: bindings.index((row) => (row.deletedAt === null ? row.promptId : null)),
  };
}
