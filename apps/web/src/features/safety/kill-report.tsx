import type { Kill } from '@hyperoru/contracts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Missing } from '../../components/figure.tsx';
import { Empty } from '../../components/states.tsx';
import { Tag } from '../../components/tag.tsx';
import { preciseDuration } from '../../time/format-time.ts';
import { traderColumn } from '../records/trader-column.tsx';

type Row = Kill['traders'][number];

const COLUMNS: readonly Column<Row>[] = [
  { ...traderColumn<Row>(), lead: true },
  {
    key: 'flat',
    title: 'At the exchange',
    cell: (row) => (row.flat ? <Tag tone="up">Flat</Tag> : <Tag tone="down">Not verified</Tag>),
  },
  {
    key: 'after',
    title: 'Flat after',
    numeric: true,
    cell: (row) => (row.flat_after_ms === null ? <Missing why="Not flat yet" /> : preciseDuration(row.flat_after_ms)),
  },
  { key: 'closed', title: 'Positions closed', numeric: true, cell: (row) => row.closed_positions },
  { key: 'canceled', title: 'Entries canceled', numeric: true, cell: (row) => row.canceled_orders },
  { key: 'problem', title: 'What is left', wide: true, cell: (row) => row.problem ?? 'Nothing' },
];

/** Trader by trader what a kill did, and when the exchange said that nothing is left. */
export function KillReport({ kill }: { readonly kill: Kill }) {
  if (kill.traders.length === 0) return <Empty title="No trader of yours was stopped." />;
  return <DataTable caption="Report of the kill" columns={COLUMNS} rows={kill.traders} rowKey={(row) => row.trader_id} />;
}
