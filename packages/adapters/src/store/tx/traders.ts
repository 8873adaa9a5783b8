import type { BindingStore, PromptStore, TraderStore } from '@hyperoru/engine';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { alerts, events, ownerAliases } from '../schema/journal.ts';
import { bindings, prompts, promptVersions, traders } from '../schema/traders.ts';
import { statement } from '../statement.ts';
import type { TxContext } from '../transaction.ts';

const GET = statement('traders_get', (db) =>
  db
    .select()
    .from(traders)
    .where(eq(traders.id, sql.placeholder('id'))),
);
/** Rows that refer to the trader may be inserted meanwhile. */
const LOCK = statement('traders_lock', (db) =>
  db
    .select()
    .from(traders)
    .where(eq(traders.id, sql.placeholder('id')))
    .for('no key update'),
);
const GET_PROMPT = statement('prompts_get', (db) =>
  db
    .select()
    .from(prompts)
    .where(eq(prompts.id, sql.placeholder('id'))),
);
const GET_VERSION = statement('prompt_versions_get', (db) =>
  db
    .select()
    .from(promptVersions)
    .where(eq(promptVersions.id, sql.placeholder('id'))),
);
const GET_BINDING = statement('bindings_get', (db) =>
  db
    .select()
    .from(bindings)
    .where(eq(bindings.id, sql.placeholder('id'))),
);

export function traderStore(context: TxContext): TraderStore {
  return {
    insert: async (trader) => {
      await context.db.insert(traders).values(trader);
    },
    get: async (id) => (await context.run(GET, { id }))[0] ?? null,
    lock: async (id) => (await context.run(LOCK, { id }))[0] ?? null,
    update: async (trader) => {
      await context.db.update(traders).set(trader).where(eq(traders.id, trader.id));
    },
    listLive: () => context.db.select().from(traders).where(isNull(traders.deletedAt)).orderBy(asc(traders.createdAt), asc(traders.id)),
    listDemo: () => context.db.select().from(traders).where(eq(traders.isDemo, true)).orderBy(asc(traders.createdAt), asc(traders.id)),
    reassignOwner: async (from, to) => {
      const own = eq(traders.ownerId, from);
      await context.db.select({ id: traders.id }).from(traders).where(own).orderBy(asc(traders.id)).for('no key update');
      await context.db.update(traders).set({ ownerId: to }).where(own);
      await context.db.update(prompts).set({ ownerId: to }).where(eq(prompts.ownerId, from));
      await context.db.update(alerts).set({ ownerId: to }).where(eq(alerts.ownerId, from));
      await context.db.update(events).set({ ownerId: to }).where(eq(events.ownerId, from));
      // The audit chain cannot change: its reader follows this row instead.
      await context.db.update(ownerAliases).set({ ownerId: to }).where(eq(ownerAliases.ownerId, from));
      await context.db.insert(ownerAliases).values({ aliasId: from, ownerId: to }).onConflictDoNothing();
    },
  };
}

export function promptStore(context: TxContext): PromptStore {
  return {
    insert: async (prompt, version) => {
      await context.db.insert(prompts).values(prompt);
      await context.db.insert(promptVersions).values(version);
    },
    addVersion: async (prompt, version) => {
      await context.db.insert(promptVersions).values(version);
      await context.db.update(prompts).set(prompt).where(eq(prompts.id, prompt.id));
    },
    update: async (prompt) => {
      await context.db.update(prompts).set(prompt).where(eq(prompts.id, prompt.id));
    },
    get: async (id) => (await context.run(GET_PROMPT, { id }))[0] ?? null,
    getVersion: async (id) => (await context.run(GET_VERSION, { id }))[0] ?? null,
    listVersions: (id) =>
      context.db.select().from(promptVersions).where(eq(promptVersions.promptId, id)).orderBy(asc(promptVersions.number)),
  };
}

export function bindingStore(context: TxContext): BindingStore {
  const inOrder = [asc(bindings.createdAt), asc(bindings.id)];
  return {
    insert: async (binding) => {
      await context.db.insert(bindings).values(binding);
    },
    update: async (binding) => {
      await context.db.update(bindings).set(binding).where(eq(bindings.id, binding.id));
    },
    get: async (id) => (await context.run(GET_BINDING, { id }))[0] ?? null,
    listByTrader: (traderId) =>
      context.db
        .select()
        .from(bindings)
        .where(and(eq(bindings.traderId, traderId), isNull(bindings.deletedAt)))
        .orderBy(...inOrder),
    listByPrompt: (promptId) =>
      context.db
        .select()
        .from(bindings)
        .where(and(eq(bindings.promptId, promptId), isNull(bindings.deletedAt)))
        .orderBy(...inOrder),
    listEnabled: async () => {
      const enabled = await context.db
        .select({ binding: bindings })
        .from(bindings)
        .innerJoin(traders, eq(traders.id, bindings.traderId))
        .where(and(eq(bindings.enabled, true), isNull(bindings.deletedAt), eq(traders.isActive, true), isNull(traders.deletedAt)))
        .orderBy(...inOrder);
      return enabled.map((row) => row.binding);
    },
  };
}
