import type { Order } from '@hyperoru/domain';
import { Conflict, type OrderStore } from '@hyperoru/engine';
import type { TxContext } from '../context.ts';
import { byCreation, compareText } from '../core/in-order.ts';

export function orderStore(context: TxContext): OrderStore {
  return { ...orderBook(context), ...orderLists(context), ...traderLists(context) };
}

type OrderBook = Pick<OrderStore, 'insert' | 'get' | 'lock' | 'findByClientOrderId' | 'compareAndSet' | 'takeNonce'>;

function orderBook({ tx, tables, nextId }: TxContext): OrderBook {
  const { orders, orderHistory, sequences } = tables;
  const remember = (order: Order) =>
    orderHistory.insertNew(tx, { id: nextId(), orderId: order.id, at: order.updatedAt, state: order.state, reason: order.reason });
  return {
    insert: (order) =>
      tx.call('orders.insert', async () => {
        if ((await orders.insert(tx, order)) !== null) throw new Conflict('client_order_id_exists');
        await remember(order);
      }),
    get: (id) => tx.call('orders.get', () => orders.get(tx, id)),
    lock: (id) => tx.call('orders.lock', () => orders.lock(tx, id, 'noKey')),
    findByClientOrderId: (id) => tx.call('orders.findByClientOrderId', () => orders.find(tx, orders.rule('orders_client_order_id'), id)),
    compareAndSet: (next, from) =>
      tx.call(
        'orders.compareAndSet',
        async () => {
          const isExpected = (order: Order) => from.includes(order.state);
          const moved = await orders.update(tx, next.id, () => next, isExpected);
          if (moved) await remember(next);
          return moved;
        },
        from.length === 0 ? 'local' : 'statement',
      ),
    takeNonce: (traderId, now) =>
      tx.call('orders.takeNonce', async () => {
        const first = { traderId, laneEpoch: 0, nonce: now };
        await sequences.put(tx, first, (row) => ({ ...row, nonce: Math.max(row.nonce + 1, now) }));
        return sequences.get(tx, traderId)?.nonce ?? now;
      }),
  };
}

type OrderLists = Pick<
  OrderStore,
  'listOpen' | 'listOpenBySymbol' | 'listByDecision' | 'countEntriesSince' | 'countEntriesSentSince' | 'listAllOpenEntries' | 'listDoubted'
>;

function orderLists({ tx, tables }: TxContext): OrderLists {
  const { orders, ordersOpen, ordersDoubted, ordersByDecision, entriesByTrader } = tables;
  return {
    listOpen: (traderId) => tx.call('orders.listOpen', () => byCreation(orders.under(tx, ordersOpen, traderId))),
    listOpenBySymbol: (traderId, symbol) =>
      tx.call('orders.listOpenBySymbol', () =>
        byCreation(orders.under(tx, ordersOpen, traderId).filter((order) => order.symbol === symbol)),
      ),
    listByDecision: (id) => tx.call('orders.listByDecision', () => byCreation(orders.under(tx, ordersByDecision, id))),
    countEntriesSince: (traderId, since) =>
      tx.call(
        'orders.countEntriesSince',
        () => orders.under(tx, entriesByTrader, traderId).filter((order) => order.createdAt >= since).length,
      ),
    countEntriesSentSince: (since) =>
      tx.call('orders.countEntriesSentSince', () => {
        const isRecent = (order: Order) => order.sentAt !== null && order.sentAt >= since;
        return orders.indexed(tx, entriesByTrader).filter(isRecent).length;
      }),
    listAllOpenEntries: () =>
      tx.call('orders.listAllOpenEntries', () => byCreation(orders.indexed(tx, ordersOpen).filter((order) => order.purpose === 'entry'))),
    listDoubted: (traderId, since) =>
      tx.call('orders.listDoubted', () =>
        byCreation(orders.under(tx, ordersDoubted, traderId).filter((order) => order.updatedAt >= since)),
      ),
  };
}

function traderLists({ tx, tables }: TxContext): Pick<OrderStore, 'listTradersWithOpenOrders' | 'listTradersWithDoubtfulOrders'> {
  const open = () => tables.orders.indexed(tx, tables.ordersOpen);
  const tradersOf = (orders: readonly Order[]) => [...new Set(orders.map((order) => order.traderId))].sort(compareText);
  return {
    listTradersWithOpenOrders: () => tx.call('orders.listTradersWithOpenOrders', () => tradersOf(open())),
    listTradersWithDoubtfulOrders: (before) =>
      tx.call('orders.listTradersWithDoubtfulOrders', () => {
        const waits = ({ state, updatedAt }: Order) =>
          state === 'unknown' || ((state === 'intent' || state === 'sent') && updatedAt < before);
        return tradersOf(open().filter(waits));
      }),
  };
}
