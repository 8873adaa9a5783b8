import { describe, expect, it } from 'vitest';
import { fillOf } from './store-portfolio.ts';
import { newUser, orderOf, plantWorld, runOf, type StoreUnderTest } from './store-world.ts';

export function describeTransactions(subject: () => StoreUnderTest): void {
  describe('transaction', () => {
    it('keeps everything of a transaction that returns, and gives back what it returned', async () => {
      const user = newUser();
      const { store } = subject();
      expect(
        await store.transaction(async (tx) => {
          await tx.users.insert(user, 'hash');
          return 'done';
        }),
      ).toBe('done');
      expect(await store.transaction((tx) => tx.users.get(user.id))).toEqual(user);
    });

    it('keeps nothing of a transaction that throws, and passes the error on', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const run = runOf(world);
      const before = await subject().readModel.verifyAudit();
      const attempt = store.transaction(async (tx) => {
        await tx.runs.insert(run);
        await tx.journal.audit({
          at: run.createdAt,
          ownerId: world.owner.id,
          actor: 'system',
          action: 'test',
          subject: run.id,
          detail: {},
        });
        await tx.jobs.wake(world.trader.id);
        throw new Error('changed my mind');
      });
      await expect(attempt).rejects.toThrow('changed my mind');
      expect(await store.transaction((tx) => tx.runs.get(run.id))).toBeNull();
      expect(await subject().readModel.verifyAudit()).toEqual(before);
    });

    it('sees its own writes before the commit', async () => {
      const world = await plantWorld(subject());
      const run = runOf(world);
      const seen = await subject().store.transaction(async (tx) => {
        await tx.runs.insert(run);
        return tx.runs.get(run.id);
      });
      expect(seen).toEqual(run);
    });

    it('goes on after a Conflict that was caught', async () => {
      const { store } = subject();
      const [first, second] = [newUser({ username: 'Once' }), newUser({ username: 'once' })];
      await store.transaction((tx) => tx.users.insert(first, 'hash'));
      const other = newUser();
      await store.transaction(async (tx) => {
        await tx.users.insert(second, 'hash').catch(() => undefined);
        await tx.users.insert(other, 'hash');
      });
      expect(await store.transaction((tx) => tx.users.get(second.id))).toBeNull();
      expect(await store.transaction((tx) => tx.users.get(other.id))).toEqual(other);
    });

    it('lets one transaction at a time hold a locked trader', async () => {
      const { store } = subject();
      const { trader } = await plantWorld(subject());
      const raise = () =>
        store.transaction(async (tx) => {
          const held = await tx.traders.lock(trader.id);
          if (held !== null) await tx.traders.update({ ...held, generation: held.generation + 1 });
        });
      await Promise.all(Array.from({ length: 8 }, raise));
      expect((await store.transaction((tx) => tx.traders.get(trader.id)))?.generation).toBe(trader.generation + 8);
    });

    it('lets others refer to a trader and an order that are held: the check of a reference waits for nobody', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const held = orderOf(world);
      await store.transaction((tx) => tx.orders.insert(held));
      const booked = fillOf(world, 0, { orderId: held.id });
      const isNew = await store.transaction(async (tx) => {
        await tx.traders.lock(world.trader.id);
        await tx.orders.lock(held.id);
        return store.transaction((other) => other.portfolio.insertFill(booked));
      });
      expect(isNew).toBe(true);
    });
  });
}
