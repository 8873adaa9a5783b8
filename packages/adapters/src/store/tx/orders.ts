import type { Order } from '@hyperoru/domain';
import { Conflict, type OrderStore } from '@hyperoru/engine';
import { and, asc, count, eq, gte, inArray, lt, or, sql } from 'drizzle-orm';
import { orderHistory, orders } from '../schema/orders.ts';
import { traderSequences } from '../schema/safety.ts';
import type { TxContext } from '../transaction.ts';

/** Literal, so that the planner can use the partial index of open orders. */
const IS_OPEN = sql`${orders.state} in ('intent', 'sent', 'accepted', 'partially_filled', 'unknown')`;
const IN_ORDER = [asc(orders.createdAt), asc(orders.id)];

export function orderStore(context: TxContext): OrderStore {
  return { ...orderBook(context), ...orderLists(context), ...traderLists(context) };
}

type OrderBook = Pick<OrderStore, 'insert' | 'get' | 'lock' | 'findByClientOrderId' | 'compareAndSet' | 'takeNonce'>;

function orderBook({ db }: TxContext): OrderBook {
  const remember = async (order: Order) => {
    await db.insert(orderHistory).values({ orderId: order.id, at: order.updatedAt, state: order.state, reason: order.reason });
  };
  return {
    insert: async (order) => {
      const inserted = await db.insert(orders).values(order).onConflictDoNothing().returning({ id: orders.id });
      if (inserted.length === 0) throw new Conflict('client_order_id_exists');
      await remember(order);
    },
    get: async (id) => (await db.select().from(orders).where(eq(orders.id, id)))[0] ?? null,
    // Fills of the order may be inserted meanwhile.
    lock: async (id) => (await db.select().from(orders).where(eq(orders.id, id)).for('no key update'))[0] ?? null,
    findByClientOrderId: async (clientOrderId) =>
      (await db.select().from(orders).where(eq(orders.clientOrderId, clientOrderId)))[0] ?? null,
    compareAndSet: async (next, from) => {
      if (from.length === 0) return false;
      const expected = and(eq(orders.id, next.id), inArray(orders.state, [...from]));
      const moved = await db.update(orders).set(next).where(expected).returning({ id: orders.id });
      if (moved.length === 0) return false;
      await remember(next);
      return true;
    },
    takeNonce: async (traderId, now) => {
      const rising = sql<number>`greatest(${traderSequences.nonce} + 1, excluded.nonce)`;
      const [row] = await db
        .insert(traderSequences)
        .values({ traderId, laneEpoch: 0, nonce: now })
        .onConflictDoUpdate({ target: traderSequences.traderId, set: { nonce: rising } })
        .returning({ nonce: traderSequences.nonce });
      if (row === undefined) throw new Error('Expected a nonce, got no row.');
      return row.nonce;
    },
  };
}

type OrderLists = Pick<
  OrderStore,
  'listOpen' | 'listOpenBySymbol' | 'listByDecision' | 'countEntriesSince' | 'countEntriesSentSince' | 'listAllOpenEntries' | 'listDoubted'
>;

function orderLists({ db }: TxContext): OrderLists {
  return {
    listOpen: (traderId) =>
      db
        .select()
        .from(orders)
        .where(and(eq(orders.traderId, traderId), IS_OPEN))
        .orderBy(...IN_ORDER),
    listOpenBySymbol: (traderId, symbol) =>
      db
        .select()
        .from(orders)
        .where(and(eq(orders.traderId, traderId), eq(orders.symbol, symbol), IS_OPEN))
        .orderBy(...IN_ORDER),
    listByDecision: (decisionId) =>
      db
        .select()
        .from(orders)
        .where(eq(orders.decisionId, decisionId))
        .orderBy(...IN_ORDER),
    countEntriesSince: async (traderId, since) => {
      const entries = and(eq(orders.traderId, traderId), sql`${orders.purpose} = 'entry'`, gte(orders.createdAt, since));
      return (await db.select({ total: count() }).from(orders).where(entries))[0]?.total ?? 0;
    },
    countEntriesSentSince: async (since) => {
      const sent = and(sql`${orders.purpose} = 'entry'`, gte(orders.sentAt, since));
      return (await db.select({ total: count() }).from(orders).where(sent))[0]?.total ?? 0;
    },
    listAllOpenEntries: () =>
      db
        .select()
        .from(orders)
        .where(and(sql`${orders.purpose} = 'entry'`, IS_OPEN))
        .orderBy(...IN_ORDER),
    listDoubted: (traderId, since) =>
      db
        .select()
        .from(orders)
        .where(and(eq(orders.traderId, traderId), sql`${orders.state} in ('absent', 'rejected', 'dropped')`, gte(orders.updatedAt, since)))
        .orderBy(...IN_ORDER),
  };
}

function traderLists({ db }: TxContext): Pick<OrderStore, 'listTradersWithOpenOrders' | 'listTradersWithDoubtfulOrders'> {
  return {
    listTradersWithOpenOrders: async () => {
      const found = await db.selectDistinct({ traderId: orders.traderId }).from(orders).where(IS_OPEN).orderBy(asc(orders.traderId));
      return found.map((row) => row.traderId);
    },
    listTradersWithDoubtfulOrders: async (before) => {
      const waits = or(
        eq(orders.state, sql.raw("'unknown'")),
        and(sql`${orders.state} in ('intent', 'sent')`, lt(orders.updatedAt, before)),
      );
      const found = await db.selectDistinct({ traderId: orders.traderId }).from(orders).where(waits).orderBy(asc(orders.traderId));
      return found.map((row) => row.traderId);
    },
  };
}
