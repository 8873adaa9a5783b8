import type { BindingStore, PromptStore, TraderStore } from '@hyperoru/engine';
import type { TxContext } from '../context.ts';
import { byCreation, compareText } from '../core/in-order.ts';

export function traderStore({ tx, tables }: TxContext): TraderStore {
  const { traders, prompts, alerts } = tables;
  return {
    insert: (trader) => tx.call('traders.insert', () => traders.insertNew(tx, trader)),
    get: (id) => tx.call('traders.get', () => traders.get(tx, id)),
    lock: (id) => tx.call('traders.lock', () => traders.lock(tx, id, 'noKey')),
    update: (trader) =>
      tx.call('traders.update', async () => {
        await traders.update(tx, trader.id, () => trader);
      }),
    listLive: () => tx.call('traders.listLive', () => byCreation(traders.all(tx).filter((trader) => trader.deletedAt === null))),
    listDemo: () => tx.call('traders.listDemo', () => byCreation(traders.all(tx).filter((trader) => trader.isDemo))),
    reassignOwner: (from, to) =>
      tx.call('traders.reassignOwner', async () => {
        for (const { id, ownerId } of traders.all(tx).sort((a, b) => compareText(a.id, b.id)))
          if (ownerId === from) await traders.update(tx, id, (row) => ({ ...row, ownerId: to }));
        for (const { id, ownerId } of prompts.all(tx))
          if (ownerId === from) await prompts.update(tx, id, (row) => ({ ...row, ownerId: to }));
        for (const { id, ownerId } of alerts.all(tx)) if (ownerId === from) await alerts.update(tx, id, (row) => ({ ...row, ownerId: to }));
        tx.onApply.push(() => tables.journal.reassign(from, to));
      }),
  };
}

export function promptStore({ tx, tables }: TxContext): PromptStore {
  const { prompts, promptVersions, versionsByPrompt } = tables;
  return {
    insert: (prompt, version) =>
      tx.call('prompts.insert', async () => {
        await prompts.insertNew(tx, prompt);
        await promptVersions.insertNew(tx, version);
      }),
    addVersion: (prompt, version) =>
      tx.call('prompts.addVersion', async () => {
        await promptVersions.insertNew(tx, version);
        await prompts.update(tx, prompt.id, () => prompt);
      }),
    update: (prompt) =>
      tx.call('prompts.update', async () => {
        await prompts.update(tx, prompt.id, () => prompt);
      }),
    get: (id) => tx.call('prompts.get', () => prompts.get(tx, id)),
    getVersion: (id) => tx.call('prompts.getVersion', () => promptVersions.get(tx, id)),
    listVersions: (id) =>
      tx.call('prompts.listVersions', () => promptVersions.under(tx, versionsByPrompt, id).sort((a, b) => a.number - b.number)),
  };
}

export function bindingStore({ tx, tables }: TxContext): BindingStore {
  const { bindings, bindingsByTrader, bindingsByPrompt, traders } = tables;
  return {
    insert: (binding) => tx.call('bindings.insert', () => bindings.insertNew(tx, binding)),
    update: (binding) =>
      tx.call('bindings.update', async () => {
        await bindings.update(tx, binding.id, () => binding);
      }),
    get: (id) => tx.call('bindings.get', () => bindings.get(tx, id)),
    listByTrader: (traderId) => tx.call('bindings.listByTrader', () => byCreation(bindings.under(tx, bindingsByTrader, traderId))),
    listByPrompt: (promptId) => tx.call('bindings.listByPrompt', () => byCreation(bindings.under(tx, bindingsByPrompt, promptId))),
    listEnabled: () =>
      tx.call('bindings.listEnabled', () => {
        const isLive = (traderId: string) => {
          const trader = traders.get(tx, traderId);
          return trader?.isActive === true && trader.deletedAt === null;
        };
        return byCreation(bindings.indexed(tx, bindingsByTrader).filter((binding) => binding.enabled && isLive(binding.traderId)));
      }),
  };
}
