import { type Order, toIso } from '@hyperoru/domain';
import { Conflict, type OrderStore } from '@hyperoru/engine';
import { and, asc, count, eq, gte, lt, or, sql } from 'drizzle-orm';
import { orders } from '../schema/orders.ts';
import { traderSequences } from '../schema/safety.ts';
import { encoded, placeholders, statement } from '../statement.ts';
import type { TxContext } from '../transaction.ts';

/** Literal, so that the planner can use the partial index of open orders. */
const IS_OPEN = sql`${orders.state} in ('intent', 'sent', 'accepted', 'partially_filled', 'unknown')`;
const IS_ENTRY = sql`${orders.purpose} = 'entry'`;
const IN_ORDER = [asc(orders.createdAt), asc(orders.id)];
const OF_TRADER = eq(orders.traderId, sql.placeholder('traderId'));
const BY_ID = eq(orders.id, sql.placeholder('id'));

const GET = statement('orders_get', (db) => db.select().from(orders).where(BY_ID));
/** Fills of the order may be inserted meanwhile. */
const LOCK = statement('orders_lock', (db) => db.select().from(orders).where(BY_ID).for('no key update'));
const BY_CLIENT_ORDER_ID = statement('orders_by_client_order_id', (db) =>
  db
    .select()
    .from(orders)
    .where(eq(orders.clientOrderId, sql.placeholder('clientOrderId'))),
);
const INSERT = statement('orders_insert', (db) =>
  db.insert(orders).values(placeholders(orders)).onConflictDoNothing().returning({ id: orders.id }),
);
const COMPARE_AND_SET = statement('orders_compare_and_set', (db) =>
  db
    .update(orders)
    .set(placeholders(orders))
    .where(and(BY_ID, sql`${orders.state} = any(${sql.placeholder('from')})`))
    .returning({ id: orders.id }),
);
const TAKE_NONCE = statement('orders_take_nonce', (db) =>
  db
    .insert(traderSequences)
    .values({ traderId: sql.placeholder('traderId'), laneEpoch: 0, nonce: sql.placeholder('now') })
    .onConflictDoUpdate({
      target: traderSequences.traderId,
      set: { nonce: sql<number>`greatest(${traderSequences.nonce} + 1, excluded.nonce)` },
    })
    .returning({ nonce: traderSequences.nonce }),
);
const LIST_OPEN = statement('orders_list_open', (db) =>
  db
    .select()
    .from(orders)
    .where(and(OF_TRADER, IS_OPEN))
    .orderBy(...IN_ORDER),
);
const LIST_OPEN_BY_SYMBOL = statement('orders_list_open_by_symbol', (db) =>
  db
    .select()
    .from(orders)
    .where(and(OF_TRADER, eq(orders.symbol, sql.placeholder('symbol')), IS_OPEN))
    .orderBy(...IN_ORDER),
);
const LIST_BY_DECISION = statement('orders_list_by_decision', (db) =>
  db
    .select()
    .from(orders)
    .where(eq(orders.decisionId, sql.placeholder('decisionId')))
    .orderBy(...IN_ORDER),
);
const COUNT_ENTRIES = statement('orders_count_entries', (db) =>
  db
    .select({ total: count() })
    .from(orders)
    .where(and(OF_TRADER, IS_ENTRY, gte(orders.createdAt, sql.placeholder('since')))),
);
const COUNT_ENTRIES_SENT = statement('orders_count_entries_sent', (db) =>
  db
    .select({ total: count() })
    .from(orders)
    .where(and(IS_ENTRY, gte(orders.sentAt, sql.placeholder('since')))),
);
const LIST_ALL_OPEN_ENTRIES = statement('orders_list_all_open_entries', (db) =>
  db
    .select()
    .from(orders)
    .where(and(IS_ENTRY, IS_OPEN))
    .orderBy(...IN_ORDER),
);
const LIST_DOUBTED = statement('orders_list_doubted', (db) =>
  db
    .select()
    .from(orders)
    .where(and(OF_TRADER, sql`${orders.state} in ('absent', 'rejected', 'dropped')`, gte(orders.updatedAt, sql.placeholder('since'))))
    .orderBy(...IN_ORDER),
);

export function orderStore(context: TxContext): OrderStore {
  return { ...orderBook(context), ...orderLists(context), ...traderLists(context) };
}

type OrderBook = Pick<OrderStore, 'insert' | 'get' | 'lock' | 'findByClientOrderId' | 'compareAndSet' | 'takeNonce'>;

function orderBook(context: TxContext): OrderBook {
  const remember = ({ id, updatedAt, state, reason }: Order) => void context.pendingHistory.push({ id, updatedAt, state, reason });
  return {
    insert: async (order) => {
      const inserted = await context.run(INSERT, encoded(orders, order));
      if (inserted.length === 0) throw new Conflict('client_order_id_exists');
      remember(order);
    },
    get: async (id) => (await context.run(GET, { id }))[0] ?? null,
    lock: async (id) => (await context.run(LOCK, { id }))[0] ?? null,
    findByClientOrderId: async (clientOrderId) => (await context.run(BY_CLIENT_ORDER_ID, { clientOrderId }))[0] ?? null,
    compareAndSet: async (next, from) => {
      if (from.length === 0) return false;
      const moved = await context.run(COMPARE_AND_SET, { ...encoded(orders, next), from });
      if (moved.length === 0) return false;
      remember(next);
      return true;
    },
    takeNonce: async (traderId, now) => {
      const [row] = await context.run(TAKE_NONCE, { traderId, now });
      if (row === undefined) throw new Error('Expected a nonce, got no row.');
      return row.nonce;
    },
  };
}

type OrderLists = Pick<
  OrderStore,
  'listOpen' | 'listOpenBySymbol' | 'listByDecision' | 'countEntriesSince' | 'countEntriesSentSince' | 'listAllOpenEntries' | 'listDoubted'
>;

function orderLists(context: TxContext): OrderLists {
  return {
    listOpen: (traderId) => context.run(LIST_OPEN, { traderId }),
    listOpenBySymbol: (traderId, symbol) => context.run(LIST_OPEN_BY_SYMBOL, { traderId, symbol }),
    listByDecision: (decisionId) => context.run(LIST_BY_DECISION, { decisionId }),
    countEntriesSince: async (traderId, since) => (await context.run(COUNT_ENTRIES, { traderId, since: toIso(since) }))[0]?.total ?? 0,
    countEntriesSentSince: async (since) => (await context.run(COUNT_ENTRIES_SENT, { since: toIso(since) }))[0]?.total ?? 0,
    listAllOpenEntries: () => context.run(LIST_ALL_OPEN_ENTRIES),
    listDoubted: (traderId, since) => context.run(LIST_DOUBTED, { traderId, since: toIso(since) }),
  };
}

function traderLists(context: TxContext): Pick<OrderStore, 'listTradersWithOpenOrders' | 'listTradersWithDoubtfulOrders'> {
  return {
    listTradersWithOpenOrders: async () => {
      const found = await context.db
        .selectDistinct({ traderId: orders.traderId })
        .from(orders)
        .where(IS_OPEN)
        .orderBy(asc(orders.traderId));
      return found.map((row) => row.traderId);
    },
    listTradersWithDoubtfulOrders: async (before) => {
      const waits = or(
        eq(orders.state, sql.raw("'unknown'")),
        and(sql`${orders.state} in ('intent', 'sent')`, lt(orders.updatedAt, before)),
      );
      const found = await context.db.selectDistinct({ traderId: orders.traderId }).from(orders).where(waits).orderBy(asc(orders.traderId));
      return found.map((row) => row.traderId);
    },
  };
}
