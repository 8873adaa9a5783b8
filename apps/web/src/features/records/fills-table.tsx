import type { Fill } from '@hyperoru/contracts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Side } from '../../components/side.tsx';
import { Tag } from '../../components/tag.tsx';
import { columnPrice, exact, grouped } from '../../format/amount.ts';
import { roundDecimal } from '../../format/decimal.ts';
import { sentenceCase } from '../../format/words.ts';
import { Ago, Moment } from '../../time/time-text.tsx';
import { traderColumn } from './trader-column.tsx';

/** Fees are small: four places in every line. */
const columnFee = (fee: string): string => grouped(roundDecimal(fee, 4));

const COLUMNS: readonly Column<Fill>[] = [
  {
    key: 'what',
    title: 'Fill',
    lead: true,
    cell: (fill) => (
      <>
        <Side side={fill.side} /> {exact(fill.quantity)} {fill.symbol}
      </>
    ),
  },
  { key: 'price', title: 'Price', numeric: true, cell: (fill) => columnPrice(fill.price) },
  { key: 'fee', title: 'Fee', numeric: true, cell: (fill) => columnFee(fill.fee) },
  {
    key: 'liquidity',
    title: 'Liquidity',
    cell: (fill) => (
      <>
        {sentenceCase(fill.liquidity)} {fill.is_liquidation && <Tag tone="down">Liquidation</Tag>}
      </>
    ),
  },
  { key: 'market', title: 'Market time', wide: true, cell: (fill) => <Moment at={fill.market_time} /> },
  { key: 'at', title: 'Filled', cell: (fill) => <Ago at={fill.filled_at} /> },
];

export function FillsTable({ fills, showTrader = false }: { readonly fills: readonly Fill[]; readonly showTrader?: boolean }) {
  const columns = showTrader ? [...COLUMNS.slice(0, 1), traderColumn<Fill>(), ...COLUMNS.slice(1)] : COLUMNS;
  return <DataTable caption="Fills" columns={columns} rows={fills} rowKey={(fill) => fill.id} />;
}
