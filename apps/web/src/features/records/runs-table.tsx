import type { Run } from '@hyperoru/contracts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Missing } from '../../components/figure.tsx';
import { TextLink } from '../../components/link.tsx';
import { Tag } from '../../components/tag.tsx';
import { sentenceCase, shorten } from '../../format/words.ts';
import { Ago } from '../../time/time-text.tsx';
import { CAUSE_WORDS, OUTCOME_WORDS, runTime } from './run-words.ts';
import { traderColumn } from './trader-column.tsx';

const REASON_LENGTH_MAX = 140;

const COLUMNS: readonly Column<Run>[] = [
  { key: 'outcome', title: 'Outcome', lead: true, cell: (run) => <RunOutcome run={run} /> },
  {
    key: 'reason',
    title: 'Why',
    wide: true,
    cell: (run) => <Why run={run} />,
  },
  { key: 'cause', title: 'Trigger', cell: (run) => CAUSE_WORDS[run.cause] },
  { key: 'time', title: 'Took', numeric: true, cell: (run) => runTime(run) ?? <Missing why="Not finished" /> },
  { key: 'at', title: 'Triggered', cell: (run) => <Ago at={run.triggered_at} /> },
  {
    key: 'open',
    title: 'Log',
    cell: (run) => (
      <TextLink to="/runs/$runId" params={{ runId: run.id }} aria-label={`Open the log of this run: ${run.outcome ?? run.state}`}>
        Open
      </TextLink>
    ),
  },
];

/** Outcome of a run, or how far it is. */
export function RunOutcome({ run }: { readonly run: Pick<Run, 'outcome' | 'state'> }) {
  if (run.outcome === null) return <Tag tone="accent">{sentenceCase(run.state)}</Tag>;
  const { word, tone, meaning } = OUTCOME_WORDS[run.outcome];
  return (
    <Tag tone={tone} title={meaning}>
      {word}
    </Tag>
  );
}

function Why({ run }: { readonly run: Run }) {
  if (run.reason !== null) return shorten(run.reason, REASON_LENGTH_MAX);
  return run.outcome === null ? <Missing why="Not finished" /> : OUTCOME_WORDS[run.outcome].meaning;
}

export function RunsTable({ runs, showTrader = false }: { readonly runs: readonly Run[]; readonly showTrader?: boolean }) {
  const columns = showTrader ? [...COLUMNS.slice(0, 1), traderColumn<Run>(), ...COLUMNS.slice(1)] : COLUMNS;
  return <DataTable caption="Runs" columns={columns} rows={runs} rowKey={(run) => run.id} />;
}
