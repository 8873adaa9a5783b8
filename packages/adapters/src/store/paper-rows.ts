import { type Json, type TraderId, timestamp, toIso } from '@hyperoru/domain';
import type { Clock, PaperCommit, PaperRows } from '@hyperoru/engine';
import { asc, eq } from 'drizzle-orm';
import type pg from 'pg';
import { openDb } from './database.ts';
import { jsonText } from './schema/columns.ts';
import { paperAccounts, paperMarket } from './schema/vault.ts';

/** One statement, which is a transaction of its own: every table gets its rows as arrays, however many there are. */
const COMMIT = `with
  accounts as (
    insert into hyperoru.paper_accounts (trader_id, state, updated_at)
    select trader_id, state, $1::timestamptz from unnest($2::uuid[], $3::jsonb[]) as account (trader_id, state)
    on conflict (trader_id) do update set state = excluded.state, updated_at = excluded.updated_at),
  orders as (
    insert into hyperoru.paper_orders (trader_id, client_order_id, at, body)
    select * from unnest($4::uuid[], $5::text[], $6::timestamptz[], $7::jsonb[])
    on conflict (trader_id, client_order_id) do update set at = excluded.at, body = excluded.body),
  fills as (
    insert into hyperoru.paper_fills (trader_id, trade_id, at, body)
    select * from unnest($8::uuid[], $9::text[], $10::timestamptz[], $11::jsonb[]) on conflict do nothing),
  funding as (
    insert into hyperoru.paper_funding (trader_id, funding_id, at, body)
    select * from unnest($12::uuid[], $13::text[], $14::timestamptz[], $15::jsonb[]) on conflict do nothing)
  insert into hyperoru.paper_market (id, state)
  select * from unnest($16::text[], $17::jsonb[]) on conflict (id) do update set state = excluded.state`;
const FILLS_SINCE = `select trader_id, trade_id as id, at, body from hyperoru.paper_fills
  where trader_id = $1 and at >= $2 order by at, trade_id`;
const FUNDING_SINCE = `select trader_id, funding_id as id, at, body from hyperoru.paper_funding
  where trader_id = $1 and at >= $2 order by at, funding_id`;
const FIND_ORDER = `select trader_id, client_order_id as id, at, body from hyperoru.paper_orders
  where trader_id = $1 and client_order_id = $2`;

interface RecordRow {
  readonly trader_id: TraderId;
  readonly id: string;
  readonly at: Date;
  readonly body: Json;
}

export function paperRows(pool: pg.Pool, clock: Pick<Clock, 'now'>): PaperRows {
  const db = openDb(pool);
  const read = async (name: string, text: string, values: readonly string[]) => {
    const { rows } = await pool.query<RecordRow>({ name, text, values: [...values] });
    return rows.map(({ trader_id: traderId, id, at, body }) => ({ traderId, id, at: timestamp(at.getTime()), body }));
  };
  return {
    loadAccounts: () =>
      db.select({ traderId: paperAccounts.traderId, state: paperAccounts.state }).from(paperAccounts).orderBy(asc(paperAccounts.traderId)),
    loadMarket: async (id) =>
      (await db.select({ state: paperMarket.state }).from(paperMarket).where(eq(paperMarket.id, id)))[0]?.state ?? null,
    commit: async (change) => {
      await pool.query({ name: 'paper_commit', text: COMMIT, values: valuesOf(change, clock) });
    },
    fillsSince: async (traderId, at) =>
      (await read('paper_fills_since', FILLS_SINCE, [traderId, toIso(at)])).map(({ id: tradeId, ...row }) => ({ ...row, tradeId })),
    fundingSince: async (traderId, at) =>
      (await read('paper_funding_since', FUNDING_SINCE, [traderId, toIso(at)])).map(({ id: fundingId, ...row }) => ({ ...row, fundingId })),
    findOrder: async (traderId, clientOrderId) => {
      const [row] = await read('paper_find_order', FIND_ORDER, [traderId, clientOrderId]);
      return row === undefined ? null : { traderId, clientOrderId, at: row.at, body: row.body };
    },
    deleteAccount: async (traderId) => {
      await db.delete(paperAccounts).where(eq(paperAccounts.traderId, traderId));
    },
  };
}

function valuesOf({ accounts, fills, funding, market, ...change }: PaperCommit, clock: Pick<Clock, 'now'>): unknown[] {
  const orders = newestOrders(change.orders);
  return [
    toIso(clock.now()),
    accounts.map(({ traderId }) => traderId),
    accounts.map(({ state }) => jsonText(state)),
    orders.map(({ traderId }) => traderId),
    orders.map(({ clientOrderId }) => clientOrderId),
    orders.map(({ at }) => toIso(at)),
    orders.map(({ body }) => jsonText(body)),
    fills.map(({ traderId }) => traderId),
    fills.map(({ tradeId }) => tradeId),
    fills.map(({ at }) => toIso(at)),
    fills.map(({ body }) => jsonText(body)),
    funding.map(({ traderId }) => traderId),
    funding.map(({ fundingId }) => fundingId),
    funding.map(({ at }) => toIso(at)),
    funding.map(({ body }) => jsonText(body)),
    market.map(({ id }) => id),
    market.map(({ state }) => jsonText(state)),
  ];
}

/** One statement may not write a row twice: the last one of an order counts. */
function newestOrders(orders: PaperCommit['orders']): PaperCommit['orders'] {
  return [...new Map(orders.map((order) => [`${order.traderId} ${order.clientOrderId}`, order])).values()];
}
