import type {
  BindingId,
  Decision,
  DecisionId,
  Json,
  Plan,
  PromptVersionId,
  Run,
  RunId,
  RunOutcome,
  TraderId,
  Trigger,
  TriggerId,
  Verdict,
} from '@hyperoru/domain';
import { sql } from 'drizzle-orm';
import { boolean, index, integer, primaryKey, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { hyperoru, json, moment, money, words } from './columns.ts';
import { bindings, promptVersions, traders } from './traders.ts';

export const runs = hyperoru.table(
  'runs',
  {
    id: uuid('id').$type<RunId>().primaryKey(),
    traderId: uuid('trader_id')
      .$type<TraderId>()
      .notNull()
      .references(() => traders.id),
    bindingId: uuid('binding_id')
      .$type<BindingId>()
      .references(() => bindings.id),
    triggerId: uuid('trigger_id').$type<TriggerId>().notNull(),
    cause: text('cause').$type<Trigger['cause']>().notNull(),
    eventId: words('event_id').notNull(),
    triggerAt: moment('trigger_at').notNull(),
    /** What a person ordered by hand; null when a strategy decides. */
    wantedDecision: json('wanted_decision').$type<Decision>(),
    /** The trader's generation when it was ordered. */
    wantedGeneration: integer('wanted_generation'),
    state: text('state').$type<Run['state']>().notNull(),
    outcome: text('outcome').$type<RunOutcome>(),
    code: text('code'),
    reason: words('reason'),
    createdAt: moment('created_at').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
    /** The trigger this arrival repeated; null for the one that counts. */
    duplicateOf: uuid('duplicate_of').$type<TriggerId>(),
  },
  (table) => [
    uniqueIndex('runs_trigger').on(table.triggerId).where(sql`${table.duplicateOf} is null`),
    index('runs_trader').on(table.traderId, table.createdAt, table.id),
    index('runs_open').on(table.traderId, table.createdAt).where(sql`${table.state} <> 'finished'`),
    index('runs_finished').on(table.traderId, table.finishedAt).where(sql`${table.state} = 'finished'`),
    index('runs_binding').on(table.bindingId, table.createdAt),
    index('runs_created').on(table.createdAt, table.id),
  ],
);

export const modelCalls = hyperoru.table(
  'model_calls',
  {
    runId: uuid('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    step: integer('step').notNull(),
    traderId: uuid('trader_id')
      .$type<TraderId>()
      .notNull()
      .references(() => traders.id),
    model: words('model').notNull(),
    baseUrl: words('base_url').notNull(),
    isScripted: boolean('is_scripted').notNull(),
    context: json('context').$type<Json>().notNull(),
    contextHash: text('context_hash').notNull(),
    promptText: words('prompt_text').notNull(),
    rawRequest: words('raw_request').notNull(),
    rawAnswer: words('raw_answer'),
    reasoning: words('reasoning'),
    promptTokens: integer('prompt_tokens'),
    completionTokens: integer('completion_tokens'),
    costUsd: money('cost_usd'),
    latencyMs: integer('latency_ms').notNull(),
    errorCode: text('error_code'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.step] }), index('model_calls_cost').on(table.traderId, table.createdAt)],
);

export const decisions = hyperoru.table(
  'decisions',
  {
    id: uuid('id').$type<DecisionId>().primaryKey(),
    runId: uuid('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id),
    traderId: uuid('trader_id')
      .$type<TraderId>()
      .notNull()
      .references(() => traders.id),
    bindingId: uuid('binding_id')
      .$type<BindingId>()
      .references(() => bindings.id),
    promptVersionId: uuid('prompt_version_id')
      .$type<PromptVersionId>()
      .references(() => promptVersions.id),
    index: integer('index').notNull(),
    decision: json('decision').$type<Decision>(),
    plan: json('plan').$type<Plan>(),
    verdictStatus: text('verdict_status').$type<Verdict['status']>().notNull(),
    verdictCode: text('verdict_code'),
    verdictMessage: words('verdict_message'),
    contextHash: text('context_hash').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    unique('decisions_run_index').on(table.runId, table.index),
    index('decisions_trader').on(table.traderId, table.createdAt, table.id),
    index('decisions_created').on(table.createdAt, table.id),
  ],
);
