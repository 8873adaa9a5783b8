import type {
  Binding,
  BindingId,
  ExchangeSettings,
  LlmSettings,
  PromptId,
  PromptVersionId,
  RiskLimits,
  TraderId,
  UserId,
} from '@hyperoru/domain';
import { sql } from 'drizzle-orm';
import { type AnyPgColumn, boolean, index, integer, text, unique, uuid } from 'drizzle-orm/pg-core';
import { hyperoru, json, moment, words } from './columns.ts';

/** Owners are not foreign keys: the demo belongs to a placeholder until the first user is set up. */
export const traders = hyperoru.table(
  'traders',
  {
    id: uuid('id').$type<TraderId>().primaryKey(),
    ownerId: uuid('owner_id').$type<UserId>().notNull(),
    name: words('name').notNull(),
    description: words('description').notNull(),
    isActive: boolean('is_active').notNull(),
    activatedAt: moment('activated_at'),
    generation: integer('generation').notNull(),
    isReduceOnly: boolean('is_reduce_only').notNull().default(false),
    isDemo: boolean('is_demo').notNull(),
    llm: json('llm').$type<LlmSettings>(),
    exchange: json('exchange').$type<ExchangeSettings>(),
    risk: json('risk').$type<RiskLimits>().notNull(),
    createdAt: moment('created_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [index('traders_owner').on(table.ownerId, table.createdAt)],
);

export const prompts = hyperoru.table(
  'prompts',
  {
    id: uuid('id').$type<PromptId>().primaryKey(),
    ownerId: uuid('owner_id').$type<UserId>().notNull(),
    name: words('name').notNull(),
    currentVersionId: uuid('current_version_id')
      .$type<PromptVersionId>()
      .notNull()
      .references((): AnyPgColumn => promptVersions.id),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [index('prompts_owner').on(table.ownerId, table.createdAt)],
);

export const promptVersions = hyperoru.table(
  'prompt_versions',
  {
    id: uuid('id').$type<PromptVersionId>().primaryKey(),
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references((): AnyPgColumn => prompts.id),
    number: integer('number').notNull(),
    content: words('content').notNull(),
    contentHash: text('content_hash').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [unique('prompt_versions_number').on(table.promptId, table.number)],
);

export const bindings = hyperoru.table(
  'bindings',
  {
    id: uuid('id').$type<BindingId>().primaryKey(),
    traderId: uuid('trader_id')
      .$type<TraderId>()
      .notNull()
      .references(() => traders.id),
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id),
    symbols: json('symbols').$type<Binding['symbols']>().notNull(),
    triggers: json('triggers').$type<Binding['triggers']>().notNull(),
    params: json('params').$type<Binding['params']>().notNull(),
    enabled: boolean('enabled').notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    index('bindings_trader').on(table.traderId).where(sql`${table.deletedAt} is null`),
    index('bindings_prompt').on(table.promptId).where(sql`${table.deletedAt} is null`),
  ],
);
