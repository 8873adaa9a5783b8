import type {
  Adjustment,
  ExternalOrder,
  Kill,
  KillId,
  OrderId,
  OrderSide,
  PositionId,
  Reconciliation,
  Symbol,
  TraderId,
} from '@hyperoru/domain';
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { hyperoru, json, moment, money, words } from './columns.ts';
import { orders } from './orders.ts';
import { positions } from './portfolio.ts';
import { traders } from './traders.ts';

const traderId = () =>
  uuid('trader_id')
    .$type<TraderId>()
    .notNull()
    .references(() => traders.id);

export const protections = hyperoru.table(
  'protections',
  {
    positionId: uuid('position_id')
      .$type<PositionId>()
      .primaryKey()
      .references(() => positions.id),
    traderId: traderId(),
    symbol: text('symbol').$type<Symbol>().notNull(),
    isRequired: boolean('is_required').notNull(),
    coveredQuantity: money('covered_quantity').notNull(),
    bareSince: moment('bare_since'),
    bareMs: bigint('bare_ms', { mode: 'number' }).notNull(),
    longestBareMs: bigint('longest_bare_ms', { mode: 'number' }).notNull(),
    checkedAt: moment('checked_at').notNull(),
  },
  (table) => [
    index('protections_bare').on(table.positionId).where(sql`${table.bareSince} is not null`),
    index('protections_trader').on(table.traderId),
  ],
);

/** Without a foreign key to the trader: null is the whole instance. */
export const kills = hyperoru.table(
  'kills',
  {
    id: uuid('id').$type<KillId>().primaryKey(),
    traderId: uuid('trader_id')
      .$type<TraderId>()
      .references(() => traders.id),
    isDrill: boolean('is_drill').notNull(),
    actor: text('actor').notNull(),
    reason: words('reason').notNull(),
    startedAt: moment('started_at').notNull(),
    blockedAt: moment('blocked_at').notNull(),
    finishedAt: moment('finished_at'),
    traders: json('traders').$type<Kill['traders']>().notNull(),
    disarmedAt: moment('disarmed_at'),
    disarmedBy: text('disarmed_by'),
  },
  (table) => [
    index('kills_armed').on(table.startedAt).where(sql`${table.disarmedAt} is null`),
    index('kills_started').on(table.startedAt, table.id),
  ],
);

export const adjustments = hyperoru.table(
  'adjustments',
  {
    id: text('id').primaryKey(),
    traderId: traderId(),
    kind: text('kind').$type<Adjustment['kind']>().notNull(),
    symbol: text('symbol').$type<Symbol>(),
    positionId: uuid('position_id')
      .$type<PositionId>()
      .references(() => positions.id),
    orderId: uuid('order_id')
      .$type<OrderId>()
      .references(() => orders.id),
    recorded: words('recorded').notNull(),
    reported: words('reported').notNull(),
    reason: words('reason').notNull(),
    at: moment('at').notNull(),
  },
  (table) => [index('adjustments_trader').on(table.traderId, table.at, table.id), index('adjustments_at').on(table.at, table.id)],
);

export const reconciliations = hyperoru.table('reconciliations', {
  traderId: traderId().primaryKey(),
  startedAt: moment('started_at').notNull(),
  finishedAt: moment('finished_at'),
  status: text('status').$type<Reconciliation['status']>().notNull(),
  message: words('message'),
  lastGoodAt: moment('last_good_at'),
});

export const externalOrders = hyperoru.table(
  'external_orders',
  {
    traderId: traderId(),
    venueOrderId: text('venue_order_id').notNull(),
    clientOrderId: text('client_order_id'),
    symbol: text('symbol').$type<Symbol>().notNull(),
    side: text('side').$type<OrderSide>().notNull(),
    quantity: money('quantity').notNull(),
    reduceOnly: boolean('reduce_only').notNull(),
    policy: text('policy').$type<ExternalOrder['policy']>().notNull(),
    firstSeenAt: moment('first_seen_at').notNull(),
    endedAt: moment('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.traderId, table.venueOrderId] })],
);

/** Numbers of a trader that only rise: the epoch of its lane and the nonce of its requests. */
export const traderSequences = hyperoru.table('trader_sequences', {
  traderId: traderId().primaryKey(),
  laneEpoch: integer('lane_epoch').notNull(),
  nonce: bigint('nonce', { mode: 'number' }).notNull(),
});
