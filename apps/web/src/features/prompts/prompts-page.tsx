import type { Prompt } from '@hyperoru/contracts';
import { useQuery } from '@tanstack/react-query';
import { keys } from '../../api/keys.ts';
import { listPrompts } from '../../api/prompts.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Icon } from '../../components/icon.tsx';
import { LinkButton, TextLink } from '../../components/link.tsx';
import { Page } from '../../components/page.tsx';
import { Loaded, Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { count, shorten } from '../../format/words.ts';
import { Ago } from '../../time/time-text.tsx';
import { PromptActions } from './prompt-actions.tsx';

const START_LENGTH_MAX = 90;

const COLUMNS: readonly Column<Prompt>[] = [
  {
    key: 'name',
    title: 'Name',
    lead: true,
    cell: (prompt) => (
      <TextLink to="/prompts/$promptId" params={{ promptId: prompt.id }}>
        {prompt.name}
      </TextLink>
    ),
  },
  {
    key: 'start',
    title: 'Begins with',
    wide: true,
    cell: (prompt) => <span style={{ color: 'var(--text-dim)' }}>{shorten(prompt.content, START_LENGTH_MAX)}</span>,
  },
  { key: 'version', title: 'Version', numeric: true, cell: (prompt) => prompt.version },
  { key: 'used', title: 'Used by', cell: (prompt) => (prompt.bindings_count === 0 ? 'nobody' : count(prompt.bindings_count, 'binding')) },
  { key: 'at', title: 'Changed', cell: (prompt) => <Ago at={prompt.updated_at} /> },
  { key: 'actions', title: 'Actions', cell: (prompt) => <PromptActions prompt={prompt} /> },
];

const newPrompt = (
  <LinkButton to="/prompts/new" leftSection={<Icon name="plus" />}>
    New prompt
  </LinkButton>
);

/** Every prompt of the caller. */
export function PromptsPage() {
  const query = useQuery({ queryKey: keys.prompts, queryFn: listPrompts });
  return (
    <Page
      title="Prompts"
      lead="What traders ask their model. Every change is a new version; each decision keeps the version it was made with."
      actions={newPrompt}
    >
      <Panel title="All prompts">
        <Loaded
          query={query}
          isEmpty={(data) => data.items.length === 0}
          empty={
            <Empty title="No prompt yet." action={newPrompt}>
              A prompt tells the model the figures, the rules and the form of its answer.
            </Empty>
          }
        >
          {(data) => <DataTable caption="Prompts" columns={COLUMNS} rows={data.items} rowKey={(prompt) => prompt.id} />}
        </Loaded>
      </Panel>
    </Page>
  );
}
