import type { Json, TraderId } from '@hyperoru/domain';
import { index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, hyperoru, json, moment } from './columns.ts';

export const secrets = hyperoru.table(
  'secrets',
  {
    ownerId: text('owner_id').notNull(),
    field: text('field').notNull(),
    origin: text('origin').notNull(),
    keyId: text('key_id').notNull(),
    wrappedDataKey: bytes('wrapped_data_key').notNull(),
    iv: bytes('iv').notNull(),
    ciphertext: bytes('ciphertext').notNull(),
    version: integer('version').notNull(),
  },
  (table) => [primaryKey({ columns: [table.ownerId, table.field, table.origin] })],
);

/** The paper venue's own books. No foreign keys to ours: a real venue would not know our tables either. */
export const paperAccounts = hyperoru.table('paper_accounts', {
  traderId: uuid('trader_id').$type<TraderId>().primaryKey(),
  state: json('state').$type<Json>().notNull(),
  updatedAt: moment('updated_at').notNull(),
});

export const paperFills = hyperoru.table(
  'paper_fills',
  {
    traderId: uuid('trader_id').$type<TraderId>().notNull(),
    tradeId: text('trade_id').notNull(),
    at: moment('at').notNull(),
    body: json('body').$type<Json>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.traderId, table.tradeId] }), index('paper_fills_at').on(table.traderId, table.at)],
);

export const paperFunding = hyperoru.table(
  'paper_funding',
  {
    traderId: uuid('trader_id').$type<TraderId>().notNull(),
    fundingId: text('funding_id').notNull(),
    at: moment('at').notNull(),
    body: json('body').$type<Json>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.traderId, table.fundingId] }), index('paper_funding_at').on(table.traderId, table.at)],
);

export const paperOrders = hyperoru.table(
  'paper_orders',
  {
    traderId: uuid('trader_id').$type<TraderId>().notNull(),
    clientOrderId: text('client_order_id').notNull(),
    at: moment('at').notNull(),
    body: json('body').$type<Json>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.traderId, table.clientOrderId] })],
);

export const paperMarket = hyperoru.table('paper_market', {
  id: text('id').primaryKey(),
  state: json('state').$type<Json>().notNull(),
});
