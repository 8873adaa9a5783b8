import type { ReactNode } from 'react';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Amount, Missing } from '../../components/figure.tsx';
import { plainDecimal, share } from '../../format/amount.ts';
import classes from './group-table.module.css';

/** One line of a breakdown, whatever it is broken down by. */
export interface GroupRow {
  readonly key: string;
  readonly name: string;
  readonly label: ReactNode;
  readonly trades: number;
  readonly win_rate: number | null;
  readonly pnl: number;
  readonly fees: number;
  readonly funding: number;
}

/** PnL as a bar from the middle: losses to the left, gains to the right, scaled to the largest. */
function PnlBar({ value, largest }: { readonly value: number; readonly largest: number }) {
  const width = largest === 0 ? 0 : (Math.abs(value) / largest) * 50;
  return (
    <div className={classes.bar} aria-hidden="true">
      <div
        className={classes.fill}
        data-sign={value < 0 ? 'down' : 'up'}
        style={{ width: `${width}%`, [value < 0 ? 'right' : 'left']: '50%' }}
      />
    </div>
  );
}

export function GroupTable({ title, rows }: { readonly title: string; readonly rows: readonly GroupRow[] }) {
  const largest = Math.max(0, ...rows.map((row) => Math.abs(row.pnl)));
  const columns: readonly Column<GroupRow>[] = [
    { key: 'name', title, lead: true, cell: (row) => row.label },
    { key: 'bar', title: 'Compared', wide: true, cell: (row) => <PnlBar value={row.pnl} largest={largest} /> },
    { key: 'pnl', title: 'Net PnL', numeric: true, cell: (row) => <Amount value={plainDecimal(row.pnl)} signed /> },
    { key: 'trades', title: 'Trades', numeric: true, cell: (row) => row.trades },
    {
      key: 'win',
      title: 'Win rate',
      numeric: true,
      cell: (row) => (row.win_rate === null ? <Missing why="Too few trades to say" /> : share(row.win_rate)),
    },
    { key: 'fees', title: 'Fees', numeric: true, cell: (row) => <Amount value={plainDecimal(row.fees)} /> },
    { key: 'funding', title: 'Funding', numeric: true, cell: (row) => <Amount value={plainDecimal(row.funding)} signed /> },
  ];
  return <DataTable caption={`PnL by ${title.toLowerCase()}`} columns={columns} rows={rows} rowKey={(row) => row.key} />;
}
