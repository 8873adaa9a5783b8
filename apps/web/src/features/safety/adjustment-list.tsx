import type { Adjustment } from '@hyperoru/contracts';
import { keys } from '../../api/keys.ts';
import { listAdjustments } from '../../api/safety.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Empty } from '../../components/states.tsx';
import { sentenceCase } from '../../format/words.ts';
import { Ago } from '../../time/time-text.tsx';
import { Pages } from '../records/pages.tsx';
import { traderColumn } from '../records/trader-column.tsx';
import { usePages } from '../records/use-pages.ts';

const COLUMNS: readonly Column<Adjustment>[] = [
  {
    key: 'what',
    title: 'What differed',
    lead: true,
    cell: (row) => [sentenceCase(row.kind), row.symbol].filter((part) => part !== null).join(' '),
  },
  traderColumn<Adjustment>(),
  { key: 'recorded', title: 'Our records', numeric: true, cell: (row) => row.recorded },
  { key: 'reported', title: 'The exchange', numeric: true, cell: (row) => row.reported },
  { key: 'reason', title: 'Why', wide: true, cell: (row) => row.reason },
  { key: 'at', title: 'Settled', cell: (row) => <Ago at={row.at} /> },
];
const ALL = {};

/** Differences between our records and an exchange that nothing explained; the exchange was believed. */
export function AdjustmentList() {
  const query = usePages(keys.adjustmentList(ALL), listAdjustments, ALL);
  return (
    <Pages query={query} empty={<Empty title="No adjustment.">Records and exchanges have said the same so far.</Empty>}>
      {(rows) => <DataTable caption="Adjustments" columns={COLUMNS} rows={rows} rowKey={(row) => row.id} />}
    </Pages>
  );
}
