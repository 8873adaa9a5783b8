import { decimal, toIso } from '@hyperoru/domain';
import type { PortfolioStore } from '@hyperoru/engine';
import { and, asc, desc, eq, gte, isNotNull, isNull, max, sql } from 'drizzle-orm';
import { fills } from '../schema/orders.ts';
import { equityPoints, ledgerEntries, positions } from '../schema/portfolio.ts';
import { encoded, placeholders, statement } from '../statement.ts';
import type { TxContext } from '../transaction.ts';

const TOTAL = { total: sql<string>`coalesce(sum(${ledgerEntries.amount}), 0)::text` };
const IS_OPEN = isNull(positions.closedAt);
const OF_TRADER = eq(positions.traderId, sql.placeholder('traderId'));
const IS_EARNED = sql`${ledgerEntries.kind} in ('realized_pnl', 'fee', 'funding')`;
const SINCE = gte(ledgerEntries.at, sql.placeholder('since'));

const INSERT_FILL = statement('fills_insert', (db) =>
  db.insert(fills).values(placeholders(fills)).onConflictDoNothing().returning({ id: fills.id }),
);
const FILLS_BY_ORDER = statement('fills_by_order', (db) =>
  db
    .select()
    .from(fills)
    .where(eq(fills.orderId, sql.placeholder('orderId')))
    .orderBy(asc(fills.filledAt), asc(fills.id)),
);
const LAST_FILL_AT = statement('fills_last_at', (db) =>
  db
    .select({ at: max(fills.filledAt) })
    .from(fills)
    .where(eq(fills.traderId, sql.placeholder('traderId'))),
);
const OPEN_POSITION = statement('positions_open', (db) =>
  db
    .select()
    .from(positions)
    .where(and(OF_TRADER, eq(positions.symbol, sql.placeholder('symbol')), IS_OPEN)),
);
const LIST_OPEN_POSITIONS = statement('positions_list_open', (db) =>
  db.select().from(positions).where(and(OF_TRADER, IS_OPEN)).orderBy(asc(positions.openedAt), asc(positions.id)),
);
const LIST_RECENT_CLOSED = statement('positions_list_recent_closed', (db) =>
  db
    .select()
    .from(positions)
    .where(and(OF_TRADER, isNotNull(positions.closedAt)))
    .orderBy(desc(positions.closedAt), desc(positions.id))
    .limit(sql.placeholder('count')),
);
const SAVE_POSITION = statement('positions_save', (db) =>
  db
    .insert(positions)
    .values(placeholders(positions))
    .onConflictDoUpdate({ target: positions.id, set: placeholders(positions) }),
);
const INSERT_LEDGER_ENTRY = statement('ledger_insert', (db) =>
  db.insert(ledgerEntries).values(placeholders(ledgerEntries)).onConflictDoNothing().returning({ id: ledgerEntries.id }),
);
const BALANCE = statement('ledger_balance', (db) =>
  db
    .select(TOTAL)
    .from(ledgerEntries)
    .where(eq(ledgerEntries.traderId, sql.placeholder('traderId'))),
);
const REALIZED_SINCE = statement('ledger_realized_since', (db) =>
  db
    .select(TOTAL)
    .from(ledgerEntries)
    .where(and(eq(ledgerEntries.traderId, sql.placeholder('traderId')), SINCE, IS_EARNED)),
);
const ALL_REALIZED_SINCE = statement('ledger_all_realized_since', (db) =>
  db.select(TOTAL).from(ledgerEntries).where(and(SINCE, IS_EARNED)),
);
const LAST_LOSS_AT = statement('positions_last_loss_at', (db) =>
  db
    .select({ at: max(positions.closedAt) })
    .from(positions)
    .where(and(OF_TRADER, isNotNull(positions.closedAt), sql`${positions.realizedPnl} - ${positions.fees} + ${positions.funding} < 0`)),
);

export function portfolioStore(context: TxContext): PortfolioStore {
  return { ...fillBook(context), ...positionBook(context), ...ledger(context) };
}

type FillBook = Pick<PortfolioStore, 'insertFill' | 'getFill' | 'listFillsByOrder' | 'listFillsBySymbol' | 'lastFillAt'>;

function fillBook(context: TxContext): FillBook {
  return {
    insertFill: async (fill) => (await context.run(INSERT_FILL, encoded(fills, fill))).length > 0,
    getFill: async (id) => (await context.db.select().from(fills).where(eq(fills.id, id)))[0] ?? null,
    listFillsByOrder: (orderId) => context.run(FILLS_BY_ORDER, { orderId }),
    listFillsBySymbol: (traderId, symbol) =>
      context.db
        .select()
        .from(fills)
        .where(and(eq(fills.traderId, traderId), eq(fills.symbol, symbol)))
        .orderBy(asc(fills.filledAt), asc(fills.id)),
    lastFillAt: async (traderId) => (await context.run(LAST_FILL_AT, { traderId }))[0]?.at ?? null,
  };
}

type PositionBook = Pick<
  PortfolioStore,
  'openPosition' | 'listOpenPositions' | 'listAllOpenPositions' | 'listRecentClosed' | 'getPosition' | 'savePosition'
>;

function positionBook(context: TxContext): PositionBook {
  return {
    openPosition: async (traderId, symbol) => (await context.run(OPEN_POSITION, { traderId, symbol }))[0] ?? null,
    listOpenPositions: (traderId) => context.run(LIST_OPEN_POSITIONS, { traderId }),
    listAllOpenPositions: () => context.db.select().from(positions).where(IS_OPEN).orderBy(asc(positions.openedAt), asc(positions.id)),
    listRecentClosed: (traderId, count) => context.run(LIST_RECENT_CLOSED, { traderId, count }),
    getPosition: async (id) => (await context.db.select().from(positions).where(eq(positions.id, id)))[0] ?? null,
    savePosition: async (position) => {
      await context.run(SAVE_POSITION, encoded(positions, position));
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

function ledger(context: TxContext): Ledger {
  return {
    insertLedgerEntry: async (entry) => (await context.run(INSERT_LEDGER_ENTRY, encoded(ledgerEntries, entry))).length > 0,
    balance: async (traderId) => totalOf(await context.run(BALANCE, { traderId })),
    balances: async () => {
      const totals = await context.db
        .select({ traderId: ledgerEntries.traderId, ...TOTAL })
        .from(ledgerEntries)
        .groupBy(ledgerEntries.traderId);
      return new Map(totals.map((row) => [row.traderId, decimal(row.total)]));
    },
    realizedSince: async (traderId, since) => totalOf(await context.run(REALIZED_SINCE, { traderId, since: toIso(since) })),
    allRealizedSince: async (since) => totalOf(await context.run(ALL_REALIZED_SINCE, { since: toIso(since) })),
    drawdown: async (traderId) => {
      const result = await context.db.execute<{ peak: string; balance: string }>(sql`
        with moves as (
          select kind, amount, sum(case when kind = 'deposit' then 0 else amount end) over (order by at, id collate "C") as earned
          from ${ledgerEntries} where trader_id = ${traderId})
        select (coalesce(sum(amount) filter (where kind = 'deposit'), 0) + greatest(coalesce(max(earned), 0), 0))::text as peak,
          coalesce(sum(amount), 0)::text as balance from moves`);
      const row = result.rows[0];
      return { peak: decimal(row?.peak ?? '0'), balance: decimal(row?.balance ?? '0') };
    },
    lastLossAt: async (traderId) => (await context.run(LAST_LOSS_AT, { traderId }))[0]?.at ?? null,
    insertEquityPoints: async (points) => {
      if (points.length === 0) return;
      const set = { equity: sql`excluded.equity`, balance: sql`excluded.balance`, unrealizedPnl: sql`excluded.unrealized_pnl` };
      await context.db
        .insert(equityPoints)
        .values([...points])
        .onConflictDoUpdate({ target: [equityPoints.traderId, equityPoints.at], set });
    },
    thinEquityPoints: async ({ from, before, bucketMs }) => {
      const bucket = sql`floor(extract(epoch from at) * 1000 / ${bucketMs})`;
      const result = await context.db.execute(sql`with numbered as (
          select trader_id, at, row_number() over (partition by trader_id, ${bucket} order by at) as place from ${equityPoints}
          where at >= to_timestamp(${from / 1000}) and at < to_timestamp(${before / 1000}))
        delete from ${equityPoints} as point using numbered
        where point.trader_id = numbered.trader_id and point.at = numbered.at and numbered.place > 1`);
      return result.rowCount ?? 0;
    },
  };
}

const totalOf = (rows: readonly { readonly total: string }[]) => decimal(rows[0]?.total ?? '0');
