import type { DecisionId, FillId, LedgerEntry, PositionId, PositionSide, Symbol, TraderId } from '@hyperoru/domain';
import { sql } from 'drizzle-orm';
import { doublePrecision, index, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { hyperoru, moment, money } from './columns.ts';
import { fills } from './orders.ts';
import { decisions } from './runs.ts';
import { traders } from './traders.ts';

export const positions = hyperoru.table(
  'positions',
  {
    id: uuid('id').$type<PositionId>().primaryKey(),
    traderId: uuid('trader_id')
      .$type<TraderId>()
      .notNull()
      .references(() => traders.id),
    symbol: text('symbol').$type<Symbol>().notNull(),
    side: text('side').$type<PositionSide>().notNull(),
    quantity: money('quantity').notNull(),
    enteredQuantity: money('entered_quantity').notNull(),
    averageEntryPrice: money('average_entry_price').notNull(),
    averageExitPrice: money('average_exit_price'),
    /** A factor, not money. */
    leverage: doublePrecision('leverage').notNull(),
    realizedPnl: money('realized_pnl').notNull(),
    fees: money('fees').notNull(),
    funding: money('funding').notNull(),
    openedByDecisionId: uuid('opened_by_decision_id')
      .$type<DecisionId>()
      .references(() => decisions.id),
    openedAt: moment('opened_at').notNull(),
    closedAt: moment('closed_at'),
    closedBy: text('closed_by'),
  },
  (table) => [
    uniqueIndex('positions_open').on(table.traderId, table.symbol).where(sql`${table.closedAt} is null`),
    index('positions_trader').on(table.traderId, table.openedAt, table.id),
    index('positions_closed').on(table.traderId, table.closedAt),
    index('positions_opened').on(table.openedAt, table.id),
  ],
);

export const ledgerEntries = hyperoru.table(
  'ledger_entries',
  {
    id: text('id').primaryKey(),
    traderId: uuid('trader_id')
      .$type<TraderId>()
      .notNull()
      .references(() => traders.id),
    kind: text('kind').$type<LedgerEntry['kind']>().notNull(),
    amount: money('amount').notNull(),
    symbol: text('symbol').$type<Symbol>(),
    fillId: uuid('fill_id')
      .$type<FillId>()
      .references(() => fills.id),
    positionId: uuid('position_id')
      .$type<PositionId>()
      .references(() => positions.id),
    at: moment('at').notNull(),
  },
  (table) => [index('ledger_trader').on(table.traderId, table.at, table.kind, table.amount)],
);

export const equityPoints = hyperoru.table(
  'equity_points',
  {
    traderId: uuid('trader_id')
      .$type<TraderId>()
      .notNull()
      .references(() => traders.id),
    at: moment('at').notNull(),
    equity: money('equity').notNull(),
    balance: money('balance').notNull(),
    unrealizedPnl: money('unrealized_pnl').notNull(),
  },
  (table) => [primaryKey({ columns: [table.traderId, table.at] })],
);
