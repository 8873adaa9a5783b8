import type { EquityPoint, Fill, LedgerEntry, Order, OrderState, Position, Timestamp } from '@hyperoru/domain';
import { unitsOf } from '../core/fixed-point.ts';
import { withStorableText } from '../core/storable.ts';
import { Table } from '../core/table.ts';
import type { Reference } from '../core/table-options.ts';
import type { Catalog } from './catalog.ts';
import type { Strategy } from './strategy.ts';

export interface HistoryRow {
  readonly id: number;
  readonly orderId: string;
  readonly at: Timestamp;
  readonly state: OrderState;
  readonly reason: string | null;
}
/** `units`: the amount once more, ready to be summed. */
export interface LedgerRow {
  readonly entry: LedgerEntry;
  readonly units: bigint;
}

const OPEN_STATES: ReadonlySet<OrderState> = new Set(['intent', 'sent', 'accepted', 'partially_filled', 'unknown']);
const DOUBTED_STATES: ReadonlySet<OrderState> = new Set(['absent', 'rejected', 'dropped']);
const isOpenOrder = (order: Order): boolean => OPEN_STATES.has(order.state);

export type Venue = ReturnType<typeof venueTables>;

/** Orders and what they led to. */
export function venueTables({ traders }: Catalog, { decisions }: Strategy) {
  const ofTrader = <Row extends { readonly traderId: string }>(table: string): Reference<Row> => ({
    name: `${table}_trader_id_traders_id_fk`,
    to: traders,
    idOf: (row) => row.traderId,
  });
  const orders = new Table<Order>({
    name: 'orders',
    idOf: (row) => row.id,
    unique: { orders_client_order_id: (row) => row.clientOrderId },
    references: [ofTrader('orders'), { name: 'orders_decision_id_decisions_id_fk', to: decisions, idOf: (row) => row.decisionId }],
    stored: (row) => withStorableText(row, ['reason']),
  });
  const orderHistory = new Table<HistoryRow>({
    name: 'order_history',
    idOf: (row) => String(row.id),
    references: [{ name: 'order_history_order_id_orders_id_fk', to: orders, idOf: (row) => row.orderId }],
    stored: (row) => withStorableText(row, ['reason']),
  });
  const fills = new Table<Fill>({
    name: 'fills',
    idOf: (row) => row.id,
    unique: { fills_trade: (row) => `${row.traderId} ${row.tradeId}` },
    references: [ofTrader('fills'), { name: 'fills_order_id_orders_id_fk', to: orders, idOf: (row) => row.orderId }],
  });
  const positions = new Table<Position>({
    name: 'positions',
    idOf: (row) => row.id,
    unique: { positions_open: (row) => (row.closedAt === null ? `${row.traderId} ${row.symbol}` : null) },
    references: [
      ofTrader('positions'),
      { name: 'positions_opened_by_decision_id_decisions_id_fk', to: decisions, idOf: (row) => row.openedByDecisionId },
    ],
  });
  const ledger = new Table<LedgerRow>({
    name: 'ledger_entries',
    idOf: ({ entry }) => entry.id,
    references: [
      { name: 'ledger_entries_trader_id_traders_id_fk', to: traders, idOf: ({ entry }) => entry.traderId },
      { name: 'ledger_entries_fill_id_fills_id_fk', to: fills, idOf: ({ entry }) => entry.fillId },
      { name: 'ledger_entries_position_id_positions_id_fk', to: positions, idOf: ({ entry }) => entry.positionId },
    ],
  });
  const equityPoints = new Table<EquityPoint>({
    name: 'equity_points',
    idOf: (row) => `${row.traderId} ${row.at}`,
    references: [ofTrader('equity_points')],
  });
  return {
    orders,
    orderHistory,
    fills,
    positions,
    ledger,
    equityPoints,
    ordersByTrader: orders.index((row) => row.traderId),
    ordersOpen: orders.index((row) => (isOpenOrder(row) ? row.traderId : null)),
    ordersDoubted: orders.index((row) => (DOUBTED_STATES.has(row.state) ? row.traderId : null)),
    ordersByDecision: orders.index((row) => row.decisionId),
    entriesByTrader: orders.index((row) => (row.purpose === 'entry' ? row.traderId : null)),
    historyByOrder: orderHistory.index((row) => row.orderId),
    fillsByTrader: fills.index((row) => row.traderId),
    fillsByOrder: fills.index((row) => row.orderId),
    positionsOpen: positions.index((row) => (row.closedAt === null ? row.traderId : null)),
    positionsClosed: positions.index((row) => (row.closedAt === null ? null : row.traderId)),
    ledgerByTrader: ledger.index(({ entry }) => entry.traderId),
    pointsByTrader: equityPoints.index((row) => row.traderId),
  };
}

export const ledgerRow = (entry: LedgerEntry): LedgerRow => ({ entry, units: unitsOf(entry.amount) });
