import { addMs, asId, type PromptVersionId, type UserId } from '@hyperoru/domain';
import { ownerScope } from '@hyperoru/engine';
import { describe, expect, it } from 'vitest';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { newUser, plantWorld, type StoreUnderTest, worldIds } from './store-world.ts';

export function describeTraders(subject: () => StoreUnderTest): void {
  describe('traders, prompts and bindings', () => {
    it('reads a trader as it was written, deleted or not', async () => {
      const { store } = subject();
      const { trader } = await plantWorld(subject(), { trader: { llm: null, exchange: null } });
      expect(await store.transaction((tx) => tx.traders.get(trader.id))).toEqual(trader);
      const deleted = { ...trader, isActive: false, deletedAt: addMs(FAKE_EPOCH, 5) };
      await store.transaction((tx) => tx.traders.update(deleted));
      expect(await store.transaction((tx) => tx.traders.get(trader.id))).toEqual(deleted);
      expect(await store.transaction((tx) => tx.traders.lock(trader.id))).toEqual(deleted);
      expect(await store.transaction((tx) => tx.traders.listLive())).not.toContainEqual(deleted);
    });

    it('lists live traders and demo traders of all owners', async () => {
      const { store } = subject();
      const live = await plantWorld(subject());
      const demo = await plantWorld(subject(), { trader: { isDemo: true, deletedAt: FAKE_EPOCH } });
      expect(await store.transaction((tx) => tx.traders.listLive())).toContainEqual(live.trader);
      expect(await store.transaction((tx) => tx.traders.listDemo())).toContainEqual(demo.trader);
      expect(await store.transaction((tx) => tx.traders.listDemo())).not.toContainEqual(live.trader);
    });

    it('keeps every version of a prompt in order', async () => {
      const { store } = subject();
      const { prompt, version } = await plantWorld(subject());
      const second = { ...version, id: asId<PromptVersionId>(worldIds.uuid()), number: 2, content: 'Other' };
      const renamed = { ...prompt, name: 'Other', currentVersionId: second.id, updatedAt: addMs(FAKE_EPOCH, 1) };
      await store.transaction((tx) => tx.prompts.addVersion(renamed, second));
      expect(await store.transaction((tx) => tx.prompts.get(prompt.id))).toEqual(renamed);
      expect(await store.transaction((tx) => tx.prompts.getVersion(version.id))).toEqual(version);
      expect(await store.transaction((tx) => tx.prompts.listVersions(prompt.id))).toEqual([version, second]);
      await store.transaction((tx) => tx.prompts.update({ ...renamed, deletedAt: FAKE_EPOCH }));
      expect((await store.transaction((tx) => tx.prompts.get(prompt.id)))?.deletedAt).toBe(FAKE_EPOCH);
    });

    it('lists bindings that are not deleted, and enabled ones of active traders only', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const enabled = async () => (await store.transaction((tx) => tx.bindings.listEnabled())).some(({ id }) => id === world.binding.id);
      expect(await store.transaction((tx) => tx.bindings.get(world.binding.id))).toEqual(world.binding);
      expect(await store.transaction((tx) => tx.bindings.listByTrader(world.trader.id))).toEqual([world.binding]);
      expect(await store.transaction((tx) => tx.bindings.listByPrompt(world.prompt.id))).toEqual([world.binding]);
      expect(await enabled()).toBe(true);
      await store.transaction((tx) => tx.traders.update({ ...world.trader, isActive: false }));
      expect(await enabled()).toBe(false);
      await store.transaction((tx) => tx.traders.update(world.trader));
      await store.transaction((tx) => tx.bindings.update({ ...world.binding, enabled: false }));
      expect(await enabled()).toBe(false);
      await store.transaction((tx) => tx.bindings.update({ ...world.binding, deletedAt: FAKE_EPOCH }));
      expect(await enabled()).toBe(false);
      expect(await store.transaction((tx) => tx.bindings.listByTrader(world.trader.id))).toEqual([]);
      expect(await store.transaction((tx) => tx.bindings.listByPrompt(world.prompt.id))).toEqual([]);
    });

    it('gives everything of one owner to another, the audit log included', async () => {
      const { store, readModel } = subject();
      const placeholder = newUser({ id: asId<UserId>(worldIds.uuid()) });
      const world = await plantWorld(subject(), { owner: placeholder, trader: { isDemo: true } });
      const entry = {
        at: FAKE_EPOCH,
        ownerId: placeholder.id,
        actor: 'system',
        action: 'demo.created',
        subject: world.trader.id,
        detail: { a: 1 },
      };
      await store.transaction((tx) => tx.journal.audit(entry));
      const owner = newUser();
      await store.transaction(async (tx) => {
        await tx.users.insert(owner, 'hash');
        await tx.traders.reassignOwner(placeholder.id, owner.id);
      });
      const scope = ownerScope(owner.id);
      expect((await readModel.findTrader(scope, world.trader.id))?.ownerId).toBe(owner.id);
      expect((await readModel.findPrompt(scope, world.prompt.id))?.ownerId).toBe(owner.id);
      expect(await readModel.auditEntries(scope, 0, 10)).toMatchObject([entry]);
      expect(await readModel.findTrader(ownerScope(placeholder.id), world.trader.id)).toBeNull();
      expect((await readModel.verifyAudit()).firstBrokenSeq).toBeNull();
    });
  });
}
