import type { Order } from '@hyperoru/contracts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EnvironmentBadge } from '../../components/environment-badge.tsx';
import { Missing } from '../../components/figure.tsx';
import { Side } from '../../components/side.tsx';
import { Tag } from '../../components/tag.tsx';
import { columnPrice, exact } from '../../format/amount.ts';
import { Ago } from '../../time/time-text.tsx';
import { PURPOSE_WORDS, STATE_WORDS } from './order-words.ts';
import { traderColumn } from './trader-column.tsx';

const COLUMNS: readonly Column<Order>[] = [
  {
    key: 'what',
    title: 'Order',
    lead: true,
    cell: (order) => (
      <>
        <Side side={order.side} /> {exact(order.quantity)} {order.symbol}
      </>
    ),
  },
  { key: 'purpose', title: 'Purpose', cell: (order) => PURPOSE_WORDS[order.purpose] },
  { key: 'price', title: 'Price', numeric: true, cell: (order) => priceOf(order) },
  { key: 'filled', title: 'Filled', numeric: true, cell: (order) => exact(order.filled_quantity) },
  {
    key: 'average',
    title: 'Average',
    numeric: true,
    cell: (order) => (order.average_price === null ? <Missing why="Not filled" /> : columnPrice(order.average_price)),
  },
  { key: 'state', title: 'State', cell: (order) => <OrderState order={order} /> },
  { key: 'mode', title: 'Mode', cell: (order) => <EnvironmentBadge environment={order.environment} /> },
  { key: 'at', title: 'Created', cell: (order) => <Ago at={order.created_at} /> },
];

function priceOf(order: Order) {
  const stated = order.trigger_price ?? order.price;
  return stated === null ? <Missing why="At market" /> : columnPrice(stated);
}

function OrderState({ order }: { readonly order: Order }) {
  const { word, tone, meaning } = STATE_WORDS[order.state];
  return (
    <Tag tone={tone} title={order.reason === null ? meaning : `${meaning} ${order.reason}`}>
      {word}
    </Tag>
  );
}

export function OrdersTable({ orders, showTrader = false }: { readonly orders: readonly Order[]; readonly showTrader?: boolean }) {
  const columns = showTrader ? [...COLUMNS.slice(0, 1), traderColumn<Order>(), ...COLUMNS.slice(1)] : COLUMNS;
  return <DataTable caption="Orders" columns={columns} rows={orders} rowKey={(order) => order.id} />;
}
