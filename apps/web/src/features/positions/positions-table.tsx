import type { Position } from '@hyperoru/contracts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EnvironmentBadge } from '../../components/environment-badge.tsx';
import { Amount, Missing } from '../../components/figure.tsx';
import { Side } from '../../components/side.tsx';
import { Tag } from '../../components/tag.tsx';
import { columnPrice, exact } from '../../format/amount.ts';
import { spaced } from '../../format/words.ts';
import { Ago } from '../../time/time-text.tsx';
import { traderColumn } from '../records/trader-column.tsx';
import { ClosePosition } from './close-position.tsx';

const priceOr = (text: string | null, why: string) => (text === null ? <Missing why={why} /> : columnPrice(text));

const WHAT: Column<Position> = {
  key: 'what',
  title: 'Position',
  lead: true,
  cell: (position) => (
    <>
      <Side side={position.side} /> {exact(position.status === 'open' ? position.quantity : position.entered_quantity)} {position.symbol}{' '}
      <Tag title="Leverage">{position.leverage}×</Tag>{' '}
      {position.environment !== null && <EnvironmentBadge environment={position.environment} />}
    </>
  ),
};
const OPEN_COLUMNS: readonly Column<Position>[] = [
  { key: 'entry', title: 'Entry', numeric: true, cell: (position) => columnPrice(position.average_entry_price) },
  { key: 'mark', title: 'Mark', numeric: true, cell: (position) => priceOr(position.mark_price, 'No price now') },
  { key: 'pnl', title: 'Unrealized', numeric: true, cell: (position) => <Amount value={position.unrealized_pnl} signed /> },
  {
    key: 'stop',
    title: 'Stop-loss',
    numeric: true,
    cell: (position) => (position.stop_loss_price === null ? <Tag tone="warn">None</Tag> : columnPrice(position.stop_loss_price)),
  },
  { key: 'target', title: 'Take-profit', numeric: true, cell: (position) => priceOr(position.take_profit_price, 'No take-profit') },
  { key: 'liquidation', title: 'Liquidation', numeric: true, cell: (position) => priceOr(position.liquidation_price, 'Not reachable') },
  { key: 'since', title: 'Opened', cell: (position) => <Ago at={position.opened_at} /> },
  { key: 'close', title: 'Action', cell: (position) => <ClosePosition position={position} /> },
];
const CLOSED_COLUMNS: readonly Column<Position>[] = [
  { key: 'entry', title: 'Entry', numeric: true, cell: (position) => columnPrice(position.average_entry_price) },
  { key: 'exit', title: 'Exit', numeric: true, cell: (position) => priceOr(position.average_exit_price, 'No exit price') },
  { key: 'pnl', title: 'Net PnL', numeric: true, cell: (position) => <Amount value={position.net_pnl} signed /> },
  { key: 'fees', title: 'Fees', numeric: true, cell: (position) => <Amount value={position.fees} small /> },
  { key: 'funding', title: 'Funding', numeric: true, cell: (position) => <Amount value={position.funding} signed /> },
  { key: 'by', title: 'Closed by', cell: (position) => (position.closed_by === null ? <Missing /> : spaced(position.closed_by)) },
  { key: 'at', title: 'Closed', cell: (position) => (position.closed_at === null ? <Missing /> : <Ago at={position.closed_at} />) },
];

interface PositionsTableProps {
  readonly positions: readonly Position[];
  readonly kind: 'open' | 'closed';
  readonly showTrader?: boolean;
}

export function PositionsTable({ positions, kind, showTrader = false }: PositionsTableProps) {
  const rest = kind === 'open' ? OPEN_COLUMNS : CLOSED_COLUMNS;
  const columns = showTrader ? [WHAT, traderColumn<Position>(), ...rest] : [WHAT, ...rest];
  return (
    <DataTable
      caption={kind === 'open' ? 'Open positions' : 'Closed positions'}
      columns={columns}
      rows={positions}
      rowKey={(position) => position.id}
    />
  );
}
