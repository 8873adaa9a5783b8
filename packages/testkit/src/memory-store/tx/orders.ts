import type { Order } from '@hyperoru/domain';
import { Conflict, type OrderStore } from '@hyperoru/engine';
import type { TxContext } from '../context.ts';
import { byCreation, compareText } from '../core/in-order.ts';
import type { Transaction } from '../core/transaction.ts';
import type { Tables } from '../tables.ts';
import { type CallsOf, partOf } from './calls.ts';

type OrderBook = Pick<OrderStore, 'insert' | 'get' | 'lock' | 'findByClientOrderId' | 'compareAndSet' | 'takeNonce'>;

const orderBook: CallsOf<OrderBook> = {
  insert: (context, order) =>
    context.tx.call('orders.insert', async () => {
      if ((await context.tables.orders.insert(context.tx, order)) !== null) throw new Conflict('client_order_id_exists');
      await remember(context, order);
    }),
  get: ({ tx, tables }, id) => tx.call('orders.get', () => tables.orders.get(tx, id)),
  lock: ({ tx, tables }, id) => tx.call('orders.lock', () => tables.orders.lock(tx, id, 'noKey')),
  findByClientOrderId: ({ tx, tables }, id) =>
    tx.call('orders.findByClientOrderId', () => tables.orders.find(tx, tables.orders.rule('orders_client_order_id'), id)),
  compareAndSet: (context, next, from) =>
    context.tx.call(
      'orders.compareAndSet',
      async () => {
        const isExpected = (order: Order) => from.includes(order.state);
        const moved = await context.tables.orders.update(context.tx, next.id, () => next, isExpected);
        if (moved) await remember(context, next);
        return moved;
      },
      from.length === 0 ? 'local' : 'statement',
    ),
  takeNonce: ({ tx, tables }, traderId, now) =>
    tx.call('orders.takeNonce', async () => {
      const first = { traderId, laneEpoch: 0, nonce: now };
      await tables.sequences.put(tx, first, (row) => ({ ...row, nonce: Math.max(row.nonce + 1, now) }));
      return tables.sequences.get(tx, traderId)?.nonce ?? now;
    }),
};

type OrderLists = Pick<
  OrderStore,
  'listOpen' | 'listOpenBySymbol' | 'listByDecision' | 'countEntriesSince' | 'countEntriesSentSince' | 'listAllOpenEntries' | 'listDoubted'
>;

const orderLists: CallsOf<OrderLists> = {
  listOpen: ({ tx, tables }, traderId) =>
    tx.call('orders.listOpen', () => byCreation(tables.orders.under(tx, tables.ordersOpen, traderId))),
  listOpenBySymbol: ({ tx, tables }, traderId, symbol) =>
    tx.call('orders.listOpenBySymbol', () =>
      byCreation(tables.orders.under(tx, tables.ordersOpen, traderId).filter((order) => order.symbol === symbol)),
    ),
  listByDecision: ({ tx, tables }, id) =>
    tx.call('orders.listByDecision', () => byCreation(tables.orders.under(tx, tables.ordersByDecision, id))),
  countEntriesSince: ({ tx, tables }, traderId, since) =>
    tx.call(
      'orders.countEntriesSince',
      () => tables.orders.under(tx, tables.entriesByTrader, traderId).filter((order) => order.createdAt >= since).length,
    ),
  countEntriesSentSince: ({ tx, tables }, since) =>
    tx.call('orders.countEntriesSentSince', () => {
      const isRecent = (order: Order) => order.sentAt !== null && order.sentAt >= since;
      return tables.orders.indexed(tx, tables.entriesByTrader).filter(isRecent).length;
    }),
  listAllOpenEntries: ({ tx, tables }) =>
    tx.call('orders.listAllOpenEntries', () =>
      byCreation(tables.orders.indexed(tx, tables.ordersOpen).filter((order) => order.purpose === 'entry')),
    ),
  listDoubted: ({ tx, tables }, traderId, since) =>
    tx.call('orders.listDoubted', () =>
      byCreation(tables.orders.under(tx, tables.ordersDoubted, traderId).filter((order) => order.updatedAt >= since)),
    ),
};

const traderLists: CallsOf<Pick<OrderStore, 'listTradersWithOpenOrders' | 'listTradersWithDoubtfulOrders'>> = {
  listTradersWithOpenOrders: ({ tx, tables }) => tx.call('orders.listTradersWithOpenOrders', () => tradersOf(open(tx, tables))),
  listTradersWithDoubtfulOrders: ({ tx, tables }, before) =>
    tx.call('orders.listTradersWithDoubtfulOrders', () => {
      const waits = ({ state, updatedAt }: Order) =>
        state === 'unknown' || ((state === 'intent' || state === 'sent') && updatedAt < before);
      return tradersOf(open(tx, tables).filter(waits));
    }),
};

const remember = ({ tx, tables, nextId }: TxContext, order: Order): Promise<void> =>
  tables.orderHistory.insertNew(tx, { id: nextId(), orderId: order.id, at: order.updatedAt, state: order.state, reason: order.reason });

const open = (tx: Transaction, { orders, ordersOpen }: Tables): Order[] => orders.indexed(tx, ordersOpen);

const tradersOf = (orders: readonly Order[]) => [...new Set(orders.map((order) => order.traderId))].sort(compareText);

export const orderStore = partOf<OrderStore>({ ...orderBook, ...orderLists, ...traderLists });
