import type { Clock, PaperCommit, PaperRows } from '@hyperoru/engine';
import { and, asc, eq, gte, sql } from 'drizzle-orm';
import type { Db } from './database.ts';
import { jsonValue } from './schema/columns.ts';
import { paperAccounts, paperFills, paperFunding, paperMarket, paperOrders } from './schema/vault.ts';

/** Rows of one INSERT; PostgreSQL takes 65,535 parameters per statement. */
const ROWS_PER_INSERT_MAX = 5_000;

export function paperRows(db: Db, clock: Pick<Clock, 'now'>): PaperRows {
  return {
    loadAccounts: () =>
      db.select({ traderId: paperAccounts.traderId, state: paperAccounts.state }).from(paperAccounts).orderBy(asc(paperAccounts.traderId)),
    loadMarket: async (id) =>
      (await db.select({ state: paperMarket.state }).from(paperMarket).where(eq(paperMarket.id, id)))[0]?.state ?? null,
    commit: (change) => db.transaction((tx) => writeChange(tx, change, clock)),
    fillsSince: (traderId, at) =>
      db
        .select()
        .from(paperFills)
        .where(and(eq(paperFills.traderId, traderId), gte(paperFills.at, at)))
        .orderBy(asc(paperFills.at), asc(paperFills.tradeId)),
    fundingSince: (traderId, at) =>
      db
        .select()
        .from(paperFunding)
        .where(and(eq(paperFunding.traderId, traderId), gte(paperFunding.at, at)))
        .orderBy(asc(paperFunding.at), asc(paperFunding.fundingId)),
    findOrder: async (traderId, clientOrderId) =>
      (
        await db
          .select()
          .from(paperOrders)
          .where(and(eq(paperOrders.traderId, traderId), eq(paperOrders.clientOrderId, clientOrderId)))
      )[0] ?? null,
    deleteAccount: async (traderId) => {
      await db.delete(paperAccounts).where(eq(paperAccounts.traderId, traderId));
    },
  };
}

async function writeChange(db: Pick<Db, 'insert'>, change: PaperCommit, clock: Pick<Clock, 'now'>): Promise<void> {
  const updatedAt = clock.now();
  for (const accounts of slices(change.accounts)) {
    await db
      .insert(paperAccounts)
      .values(accounts.map((row) => ({ traderId: row.traderId, state: jsonValue(row.state), updatedAt })))
      .onConflictDoUpdate({ target: paperAccounts.traderId, set: { state: sql`excluded.state`, updatedAt } });
  }
  for (const orders of slices(newestOrders(change.orders))) {
    await db
      .insert(paperOrders)
      .values(orders.map((row) => ({ ...row, body: jsonValue(row.body) })))
      .onConflictDoUpdate({
        target: [paperOrders.traderId, paperOrders.clientOrderId],
        set: { at: sql`excluded.at`, body: sql`excluded.body` },
      });
  }
  for (const fills of slices(change.fills))
    await db
      .insert(paperFills)
      .values(fills.map((row) => ({ ...row, body: jsonValue(row.body) })))
      .onConflictDoNothing();
  for (const funding of slices(change.funding))
    await db
      .insert(paperFunding)
      .values(funding.map((row) => ({ ...row, body: jsonValue(row.body) })))
      .onConflictDoNothing();
  for (const { id, state } of change.market) {
    const row = { id, state: jsonValue(state) };
    await db.insert(paperMarket).values(row).onConflictDoUpdate({ target: paperMarket.id, set: row });
  }
}

/** One statement may not write a row twice: the last one of an order counts. */
function newestOrders(orders: PaperCommit['orders']): PaperCommit['orders'] {
  return [...new Map(orders.map((order) => [`${order.traderId} ${order.clientOrderId}`, order])).values()];
}

function* slices<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT_MAX) yield rows.slice(from, from + ROWS_PER_INSERT_MAX);
}
