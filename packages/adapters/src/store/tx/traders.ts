import type { BindingStore, PromptStore, TraderStore } from '@hyperoru/engine';
import { and, asc, eq, isNull } from 'drizzle-orm';
import { alerts, events, ownerAliases } from '../schema/journal.ts';
import { bindings, prompts, promptVersions, traders } from '../schema/traders.ts';
import type { TxContext } from '../transaction.ts';

export function traderStore({ db }: TxContext): TraderStore {
  return {
    insert: async (trader) => {
      await db.insert(traders).values(trader);
    },
    get: async (id) => (await db.select().from(traders).where(eq(traders.id, id)))[0] ?? null,
    // Rows that refer to the trader may be inserted meanwhile.
    lock: async (id) => (await db.select().from(traders).where(eq(traders.id, id)).for('no key update'))[0] ?? null,
    update: async (trader) => {
      await db.update(traders).set(trader).where(eq(traders.id, trader.id));
    },
    listLive: () => db.select().from(traders).where(isNull(traders.deletedAt)).orderBy(asc(traders.createdAt), asc(traders.id)),
    listDemo: () => db.select().from(traders).where(eq(traders.isDemo, true)).orderBy(asc(traders.createdAt), asc(traders.id)),
    reassignOwner: async (from, to) => {
      const own = eq(traders.ownerId, from);
      await db.select({ id: traders.id }).from(traders).where(own).orderBy(asc(traders.id)).for('no key update');
      await db.update(traders).set({ ownerId: to }).where(own);
      await db.update(prompts).set({ ownerId: to }).where(eq(prompts.ownerId, from));
      await db.update(alerts).set({ ownerId: to }).where(eq(alerts.ownerId, from));
      await db.update(events).set({ ownerId: to }).where(eq(events.ownerId, from));
      // The audit chain cannot change: its reader follows this row instead.
      await db.update(ownerAliases).set({ ownerId: to }).where(eq(ownerAliases.ownerId, from));
      await db.insert(ownerAliases).values({ aliasId: from, ownerId: to }).onConflictDoNothing();
    },
  };
}

export function promptStore({ db }: TxContext): PromptStore {
  return {
    insert: async (prompt, version) => {
      await db.insert(prompts).values(prompt);
      await db.insert(promptVersions).values(version);
    },
    addVersion: async (prompt, version) => {
      await db.insert(promptVersions).values(version);
      await db.update(prompts).set(prompt).where(eq(prompts.id, prompt.id));
    },
    update: async (prompt) => {
      await db.update(prompts).set(prompt).where(eq(prompts.id, prompt.id));
    },
    get: async (id) => (await db.select().from(prompts).where(eq(prompts.id, id)))[0] ?? null,
    getVersion: async (id) => (await db.select().from(promptVersions).where(eq(promptVersions.id, id)))[0] ?? null,
    listVersions: (id) => db.select().from(promptVersions).where(eq(promptVersions.promptId, id)).orderBy(asc(promptVersions.number)),
  };
}

export function bindingStore({ db }: TxContext): BindingStore {
  const inOrder = [asc(bindings.createdAt), asc(bindings.id)];
  return {
    insert: async (binding) => {
      await db.insert(bindings).values(binding);
    },
    update: async (binding) => {
      await db.update(bindings).set(binding).where(eq(bindings.id, binding.id));
    },
    get: async (id) => (await db.select().from(bindings).where(eq(bindings.id, id)))[0] ?? null,
    listByTrader: (traderId) =>
      db
        .select()
        .from(bindings)
        .where(and(eq(bindings.traderId, traderId), isNull(bindings.deletedAt)))
        .orderBy(...inOrder),
    listByPrompt: (promptId) =>
      db
        .select()
        .from(bindings)
        .where(and(eq(bindings.promptId, promptId), isNull(bindings.deletedAt)))
        .orderBy(...inOrder),
    listEnabled: async () => {
      const enabled = await db
        .select({ binding: bindings })
        .from(bindings)
        .innerJoin(traders, eq(traders.id, bindings.traderId))
        .where(and(eq(bindings.enabled, true), isNull(bindings.deletedAt), eq(traders.isActive, true), isNull(traders.deletedAt)))
        .orderBy(...inOrder);
      return enabled.map((row) => row.binding);
    },
  };
}
