import type { Alert, AlertId, Json, TraderId, UserId } from '@hyperoru/domain';
import type { EventTopic } from '@hyperoru/engine';
import { sql } from 'drizzle-orm';
import { bigint, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { hyperoru, json, moment, words } from './columns.ts';

export const alerts = hyperoru.table(
  'alerts',
  {
    id: uuid('id').$type<AlertId>().primaryKey(),
    ownerId: uuid('owner_id').$type<UserId>().notNull(),
    traderId: uuid('trader_id').$type<TraderId>(),
    severity: text('severity').$type<Alert['severity']>().notNull(),
    code: text('code').notNull(),
    message: words('message').notNull(),
    createdAt: moment('created_at').notNull(),
    acknowledgedAt: moment('acknowledged_at'),
  },
  (table) => [
    index('alerts_owner').on(table.ownerId, table.createdAt, table.id),
    index('alerts_open').on(table.traderId, table.code).where(sql`${table.acknowledgedAt} is null`),
  ],
);

/** `seq` = (id of the writing transaction + offset) × 4096 + place in it; see `tx/event-order.ts`. */
export const events = hyperoru.table(
  'events',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    at: moment('at').notNull(),
    ownerId: uuid('owner_id').$type<UserId>().notNull(),
    traderId: uuid('trader_id').$type<TraderId>(),
    topic: text('topic').$type<EventTopic>().notNull(),
    payload: json('payload').$type<Json>().notNull(),
  },
  (table) => [index('events_at').on(table.at)],
);

/** One row: what is added to transaction ids, so that `seq` keeps growing after a restore into a young server. */
export const eventStream = hyperoru.table('event_stream', {
  id: integer('id').primaryKey(),
  xidOffset: bigint('xid_offset', { mode: 'number' }).notNull(),
});

/** The chain never changes, so the owner stays as written; {@link ownerAliases} says whose it is now. */
export const auditEntries = hyperoru.table(
  'audit_entries',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    at: moment('at').notNull(),
    ownerId: uuid('owner_id').$type<UserId>().notNull(),
    actor: words('actor').notNull(),
    action: words('action').notNull(),
    subject: words('subject').notNull(),
    detail: json('detail').$type<Json>().notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [index('audit_owner').on(table.ownerId, table.seq)],
);

/** Owners whose records were given to another: what `alias_id` wrote in the audit log, `owner_id` may read. */
export const ownerAliases = hyperoru.table(
  'owner_aliases',
  {
    aliasId: uuid('alias_id').$type<UserId>().notNull(),
    ownerId: uuid('owner_id').$type<UserId>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.aliasId, table.ownerId] })],
);

export const settings = hyperoru.table('settings', {
  key: text('key').primaryKey(),
  value: json('value').$type<Json>().notNull(),
});
