import type { BindingStore, PromptStore, TraderStore } from '@hyperoru/engine';
import { byCreation, compareText } from '../core/in-order.ts';
import { partOf } from './calls.ts';

export const traderStore = partOf<TraderStore>({
  insert: ({ tx, tables }, trader) => tx.call('traders.insert', () => tables.traders.insertNew(tx, trader)),
  get: ({ tx, tables }, id) => tx.call('traders.get', () => tables.traders.get(tx, id)),
  lock: ({ tx, tables }, id) => tx.call('traders.lock', () => tables.traders.lock(tx, id, 'noKey')),
  update: ({ tx, tables }, trader) =>
    tx.call('traders.update', async () => {
      await tables.traders.update(tx, trader.id, () => trader);
    }),
  listLive: ({ tx, tables }) =>
    tx.call('traders.listLive', () => byCreation(tables.traders.all(tx).filter((trader) => trader.deletedAt === null))),
  listDemo: ({ tx, tables }) => tx.call('traders.listDemo', () => byCreation(tables.traders.all(tx).filter((trader) => trader.isDemo))),
  reassignOwner: ({ tx, tables }, from, to) =>
    tx.call('traders.reassignOwner', async () => {
      for (const { id, ownerId } of tables.traders.all(tx).sort((a, b) => compareText(a.id, b.id)))
        if (ownerId === from) await tables.traders.update(tx, id, (row) => ({ ...row, ownerId: to }));
      for (const { id, ownerId } of tables.prompts.all(tx))
        if (ownerId === from) await tables.prompts.update(tx, id, (row) => ({ ...row, ownerId: to }));
      for (const { id, ownerId } of tables.alerts.all(tx))
        if (ownerId === from) await tables.alerts.update(tx, id, (row) => ({ ...row, ownerId: to }));
      tx.onApply.push(() => tables.journal.reassign(from, to));
    }),
});

export const promptStore = partOf<PromptStore>({
  insert: ({ tx, tables }, prompt, version) =>
    tx.call('prompts.insert', async () => {
      await tables.prompts.insertNew(tx, prompt);
      await tables.promptVersions.insertNew(tx, version);
    }),
  addVersion: ({ tx, tables }, prompt, version) =>
    tx.call('prompts.addVersion', async () => {
      await tables.promptVersions.insertNew(tx, version);
      await tables.prompts.update(tx, prompt.id, () => prompt);
    }),
  update: ({ tx, tables }, prompt) =>
    tx.call('prompts.update', async () => {
      await tables.prompts.update(tx, prompt.id, () => prompt);
    }),
  get: ({ tx, tables }, id) => tx.call('prompts.get', () => tables.prompts.get(tx, id)),
  getVersion: ({ tx, tables }, id) => tx.call('prompts.getVersion', () => tables.promptVersions.get(tx, id)),
  listVersions: ({ tx, tables }, id) =>
    tx.call('prompts.listVersions', () => tables.promptVersions.under(tx, tables.versionsByPrompt, id).sort((a, b) => a.number - b.number)),
});

export const bindingStore = partOf<BindingStore>({
  insert: ({ tx, tables }, binding) => tx.call('bindings.insert', () => tables.bindings.insertNew(tx, binding)),
  update: ({ tx, tables }, binding) =>
    tx.call('bindings.update', async () => {
      await tables.bindings.update(tx, binding.id, () => binding);
    }),
  get: ({ tx, tables }, id) => tx.call('bindings.get', () => tables.bindings.get(tx, id)),
  listByTrader: ({ tx, tables }, traderId) =>
    tx.call('bindings.listByTrader', () => byCreation(tables.bindings.under(tx, tables.bindingsByTrader, traderId))),
  listByPrompt: ({ tx, tables }, promptId) =>
    tx.call('bindings.listByPrompt', () => byCreation(tables.bindings.under(tx, tables.bindingsByPrompt, promptId))),
  listEnabled: ({ tx, tables }) =>
    tx.call('bindings.listEnabled', () => {
      const isLive = (traderId: string) => {
        const trader = tables.traders.get(tx, traderId);
        return trader?.isActive === true && trader.deletedAt === null;
      };
      return byCreation(
        tables.bindings.indexed(tx, tables.bindingsByTrader).filter((binding) => binding.enabled && isLive(binding.traderId)),
      );
    }),
});
