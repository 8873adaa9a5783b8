import type {
  DecisionId,
  Environment,
  FillId,
  Order,
  OrderId,
  OrderSide,
  OrderState,
  OrderType,
  Symbol,
  TraderId,
  Venue,
} from '@hyperoru/domain';
import { sql } from 'drizzle-orm';
import { bigint, boolean, doublePrecision, index, integer, text, unique, uuid } from 'drizzle-orm/pg-core';
import { hyperoru, json, moment, money, words } from './columns.ts';
import { decisions } from './runs.ts';
import { traders } from './traders.ts';

export const orders = hyperoru.table(
  'orders',
  {
    id: uuid('id').$type<OrderId>().primaryKey(),
    traderId: uuid('trader_id')
      .$type<TraderId>()
      .notNull()
      .references(() => traders.id),
    decisionId: uuid('decision_id')
      .$type<DecisionId>()
      .references(() => decisions.id),
    venue: text('venue').$type<Venue>().notNull(),
    environment: text('environment').$type<Environment>().notNull(),
    clientOrderId: text('client_order_id').notNull().unique('orders_client_order_id'),
    venueOrderId: text('venue_order_id'),
    symbol: text('symbol').$type<Symbol>().notNull(),
    side: text('side').$type<OrderSide>().notNull(),
    purpose: text('purpose').$type<Order['purpose']>().notNull(),
    type: json('type').$type<OrderType>().notNull(),
    quantity: money('quantity').notNull(),
    reduceOnly: boolean('reduce_only').notNull(),
    /** A factor, not money. */
    leverage: doublePrecision('leverage').notNull(),
    state: text('state').$type<OrderState>().notNull(),
    filledQuantity: money('filled_quantity').notNull(),
    averagePrice: money('average_price'),
    deadline: moment('deadline'),
    nonce: bigint('nonce', { mode: 'number' }),
    epoch: integer('epoch'),
    reason: words('reason'),
    createdAt: moment('created_at').notNull(),
    sentAt: moment('sent_at'),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    index('orders_trader').on(table.traderId, table.createdAt, table.id),
    index('orders_created').on(table.createdAt, table.id),
    index('orders_decision').on(table.decisionId),
    index('orders_open')
      .on(table.traderId, table.symbol)
      .where(sql`${table.state} in ('intent', 'sent', 'accepted', 'partially_filled', 'unknown')`),
    index('orders_entries').on(table.traderId, table.createdAt).where(sql`${table.purpose} = 'entry'`),
    index('orders_entries_sent').on(table.sentAt).where(sql`${table.purpose} = 'entry'`),
  ],
);

/** Every state an order was in, in the order of the rows. */
export const orderHistory = hyperoru.table(
  'order_history',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    orderId: uuid('order_id')
      .$type<OrderId>()
      .notNull()
      .references(() => orders.id),
    at: moment('at').notNull(),
    state: text('state').$type<OrderState>().notNull(),
    reason: words('reason'),
  },
  (table) => [index('order_history_order').on(table.orderId, table.id)],
);

export const fills = hyperoru.table(
  'fills',
  {
    id: uuid('id').$type<FillId>().primaryKey(),
    traderId: uuid('trader_id')
      .$type<TraderId>()
      .notNull()
      .references(() => traders.id),
    orderId: uuid('order_id')
      .$type<OrderId>()
      .references(() => orders.id),
    clientOrderId: text('client_order_id'),
    tradeId: text('trade_id').notNull(),
    symbol: text('symbol').$type<Symbol>().notNull(),
    side: text('side').$type<OrderSide>().notNull(),
    price: money('price').notNull(),
    quantity: money('quantity').notNull(),
    fee: money('fee').notNull(),
    liquidity: text('liquidity').$type<'maker' | 'taker'>().notNull(),
    isLiquidation: boolean('is_liquidation').notNull(),
    filledAt: moment('filled_at').notNull(),
    marketTime: moment('market_time').notNull(),
  },
  (table) => [
    unique('fills_trade').on(table.traderId, table.tradeId),
    index('fills_trader').on(table.traderId, table.filledAt, table.id),
    index('fills_order').on(table.orderId),
    index('fills_filled').on(table.filledAt, table.id),
  ],
);
