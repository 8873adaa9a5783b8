import type { ProtectedPosition, TraderSafety } from '@hyperoru/contracts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Missing } from '../../components/figure.tsx';
import { Empty } from '../../components/states.tsx';
import { Tag } from '../../components/tag.tsx';
import { exact } from '../../format/amount.ts';
import { preciseDuration } from '../../time/format-time.ts';
import { useNowMs } from '../../time/now.ts';
import { Ago } from '../../time/time-text.tsx';
import { traderColumn } from '../records/trader-column.tsx';
import { PROTECTION_WORDS } from './safety-words.ts';

type Row = ProtectedPosition & Pick<TraderSafety, 'trader_id' | 'trader_name'>;

const COLUMNS: readonly Column<Row>[] = [
  { key: 'position', title: 'Position', lead: true, cell: (row) => `${row.symbol} ${row.side} ${exact(row.quantity)}` },
  traderColumn<Row>(),
  { key: 'state', title: 'Protection', cell: (row) => <State row={row} /> },
  {
    key: 'covered',
    title: 'Covered',
    numeric: true,
    cell: (row) => (row.covered_quantity === null ? <Missing why="Not looked at yet" /> : exact(row.covered_quantity)),
  },
  { key: 'now', title: 'Bare now', numeric: true, cell: (row) => <BareNow since={row.bare_since} /> },
  { key: 'total', title: 'Bare in all', numeric: true, cell: (row) => preciseDuration(row.bare_ms) },
  { key: 'longest', title: 'Longest stretch', numeric: true, cell: (row) => preciseDuration(row.longest_bare_ms) },
  {
    key: 'checked',
    title: 'Exchange read',
    cell: (row) => (row.checked_at === null ? <Missing why="Not looked at yet" /> : <Ago at={row.checked_at} />),
  },
];

/** How each open position is covered by stops that its exchange reports, and for how long it was not. */
export function ProtectionTable({ traders }: { readonly traders: readonly TraderSafety[] }) {
  const rows = traders.flatMap(({ trader_id, trader_name, positions }) => positions.map((each) => ({ ...each, trader_id, trader_name })));
  if (rows.length === 0) return <Empty title="No open position.">Nothing has to be protected now.</Empty>;
  return <DataTable caption="Protection of open positions" columns={COLUMNS} rows={rows} rowKey={(row) => row.position_id} />;
}

function State({ row }: { readonly row: Row }) {
  const { word, tone, meaning } = PROTECTION_WORDS[row.state];
  return (
    <Tag tone={tone} title={meaning}>
      {word}
    </Tag>
  );
}

function BareNow({ since }: { readonly since: string | null }) {
  const nowMs = useNowMs();
  if (since === null) return <Missing why="It is not bare" />;
  return <span style={{ color: 'var(--down)' }}>{preciseDuration(Math.max(0, nowMs - Date.parse(since)))}</span>;
}
