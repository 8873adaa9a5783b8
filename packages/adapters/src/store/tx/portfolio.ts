import { decimal, type Timestamp } from '@hyperoru/domain';
import type { PortfolioStore } from '@hyperoru/engine';
import { and, asc, desc, eq, gte, isNotNull, isNull, max, type SQL, sql } from 'drizzle-orm';
import { fills } from '../schema/orders.ts';
import { equityPoints, ledgerEntries, positions } from '../schema/portfolio.ts';
import type { TxContext } from '../transaction.ts';

const TOTAL = { total: sql<string>`coalesce(sum(${ledgerEntries.amount}), 0)::text` };

export function portfolioStore(context: TxContext): PortfolioStore {
  return { ...fillBook(context), ...positionBook(context), ...ledger(context) };
}

type FillBook = Pick<PortfolioStore, 'insertFill' | 'getFill' | 'listFillsByOrder' | 'listFillsBySymbol' | 'lastFillAt'>;

function fillBook({ db }: TxContext): FillBook {
  return {
    insertFill: async (fill) => (await db.insert(fills).values(fill).onConflictDoNothing().returning({ id: fills.id })).length > 0,
    getFill: async (id) => (await db.select().from(fills).where(eq(fills.id, id)))[0] ?? null,
    listFillsByOrder: (orderId) => db.select().from(fills).where(eq(fills.orderId, orderId)).orderBy(asc(fills.filledAt), asc(fills.id)),
    listFillsBySymbol: (traderId, symbol) =>
      db
        .select()
        .from(fills)
        .where(and(eq(fills.traderId, traderId), eq(fills.symbol, symbol)))
        .orderBy(asc(fills.filledAt), asc(fills.id)),
    lastFillAt: async (traderId) =>
      (
        await db
          .select({ at: max(fills.filledAt) })
          .from(fills)
          .where(eq(fills.traderId, traderId))
      )[0]?.at ?? null,
  };
}

type PositionBook = Pick<
  PortfolioStore,
  'openPosition' | 'listOpenPositions' | 'listAllOpenPositions' | 'listRecentClosed' | 'getPosition' | 'savePosition'
>;

function positionBook({ db }: TxContext): PositionBook {
  const isOpen = isNull(positions.closedAt);
  return {
    openPosition: async (traderId, symbol) =>
      (
        await db
          .select()
          .from(positions)
          .where(and(eq(positions.traderId, traderId), eq(positions.symbol, symbol), isOpen))
      )[0] ?? null,
    listOpenPositions: (traderId) =>
      db
        .select()
        .from(positions)
        .where(and(eq(positions.traderId, traderId), isOpen))
        .orderBy(asc(positions.openedAt), asc(positions.id)),
    listAllOpenPositions: () => db.select().from(positions).where(isOpen).orderBy(asc(positions.openedAt), asc(positions.id)),
    listRecentClosed: (traderId, count) =>
      db
        .select()
        .from(positions)
        .where(and(eq(positions.traderId, traderId), isNotNull(positions.closedAt)))
        .orderBy(desc(positions.closedAt), desc(positions.id))
        .limit(count),
    getPosition: async (id) => (await db.select().from(positions).where(eq(positions.id, id)))[0] ?? null,
    savePosition: async (position) => {
      await db.insert(positions).values(position).onConflictDoUpdate({ target: positions.id, set: position });
    },
  };
}

type Ledger = Pick<
  PortfolioStore,
  | 'insertLedgerEntry'
  | 'balance'
  | 'balances'
  | 'realizedSince'
  | 'allRealizedSince'
  | 'drawdown'
  | 'lastLossAt'
  | 'insertEquityPoints'
  | 'thinEquityPoints'
>;

function ledger({ db }: TxContext): Ledger {
  const earnedSince = async (whose: SQL | undefined, since: Timestamp) => {
    const earned = and(whose, gte(ledgerEntries.at, since), sql`${ledgerEntries.kind} in ('realized_pnl', 'fee', 'funding')`);
    return decimal((await db.select(TOTAL).from(ledgerEntries).where(earned))[0]?.total ?? '0');
  };
  return {
    insertLedgerEntry: async (entry) =>
      (await db.insert(ledgerEntries).values(entry).onConflictDoNothing().returning({ id: ledgerEntries.id })).length > 0,
    balance: async (traderId) =>
      decimal((await db.select(TOTAL).from(ledgerEntries).where(eq(ledgerEntries.traderId, traderId)))[0]?.total ?? '0'),
    balances: async () => {
      const totals = await db
        .select({ traderId: ledgerEntries.traderId, ...TOTAL })
        .from(ledgerEntries)
        .groupBy(ledgerEntries.traderId);
      return new Map(totals.map((row) => [row.traderId, decimal(row.total)]));
    },
    realizedSince: async (traderId, since) => earnedSince(eq(ledgerEntries.traderId, traderId), since),
    allRealizedSince: async (since) => earnedSince(undefined, since),
    drawdown: async (traderId) => {
      const result = await db.execute<{ peak: string; balance: string }>(sql`
        with moves as (
          select kind, amount, sum(case when kind = 'deposit' then 0 else amount end) over (order by at, id collate "C") as earned
          from ${ledgerEntries} where trader_id = ${traderId})
        select (coalesce(sum(amount) filter (where kind = 'deposit'), 0) + greatest(coalesce(max(earned), 0), 0))::text as peak,
          coalesce(sum(amount), 0)::text as balance from moves`);
      const row = result.rows[0];
      return { peak: decimal(row?.peak ?? '0'), balance: decimal(row?.balance ?? '0') };
    },
    lastLossAt: async (traderId) => {
      const isLoss = sql`${positions.realizedPnl} - ${positions.fees} + ${positions.funding} < 0`;
      const losses = and(eq(positions.traderId, traderId), isNotNull(positions.closedAt), isLoss);
      return (
        (
          await db
            .select({ at: max(positions.closedAt) })
            .from(positions)
            .where(losses)
        )[0]?.at ?? null
      );
    },
    insertEquityPoints: async (points) => {
      if (points.length === 0) return;
      const set = { equity: sql`excluded.equity`, balance: sql`excluded.balance`, unrealizedPnl: sql`excluded.unrealized_pnl` };
      await db
        .insert(equityPoints)
        .values([...points])
        .onConflictDoUpdate({ target: [equityPoints.traderId, equityPoints.at], set });
    },
    thinEquityPoints: async ({ from, before, bucketMs }) => {
      const bucket = sql`floor(extract(epoch from at) * 1000 / ${bucketMs})`;
      const result = await db.execute(sql`with numbered as (
          select trader_id, at, row_number() over (partition by trader_id, ${bucket} order by at) as place from ${equityPoints}
          where at >= to_timestamp(${from / 1000}) and at < to_timestamp(${before / 1000}))
        delete from ${equityPoints} as point using numbered
        where point.trader_id = numbered.trader_id and point.at = numbered.at and numbered.place > 1`);
      return result.rowCount ?? 0;
    },
  };
}
