import { createTrader, listTraderCards, type PublishedEvent, patchTrader, type StoreTx } from '@hyperoru/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, addTrader, type EngineWorld, openEngineWorld, valueOf } from './engine-world.ts';

let world: EngineWorld;
beforeAll(async () => {
  world = await openEngineWorld();
});
afterAll(() => world.close());

describe('a listener of the store', () => {
  const publish = async (tx: StoreTx, name: string): Promise<void> => {
    const ownerId = (await addedPerson).userId;
    await tx.journal.publish({ at: world.clock.now(), ownerId, traderId: null, topic: 'trader.changed', payload: { name } });
  };
  let addedPerson: ReturnType<typeof addPerson>;
  beforeAll(() => {
    addedPerson = addPerson(world, 'ann');
  });

  test('hears what was committed before the transaction resolves, and nothing that was rolled back', async () => {
    const heard: (readonly PublishedEvent[])[] = [];
    const stop = world.deps.store.onPublished((events) => heard.push(events));
    await world.deps.store.transaction(async (tx) => {
      await publish(tx, 'one');
      await publish(tx, 'two');
      expect(heard).toEqual([]);
    });
    expect(heard.map((events) => events.map((event) => event.payload))).toEqual([[{ name: 'one' }, { name: 'two' }]]);
    const failing = world.deps.store.transaction(async (tx) => {
      await publish(tx, 'lost');
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await world.deps.store.transaction((tx) => tx.users.list());
    expect(heard).toHaveLength(1);
    stop();
    await world.deps.store.transaction((tx) => publish(tx, 'unheard'));
    expect(heard).toHaveLength(1);
  });
});

describe('cards that are kept in memory', () => {
  test('show every change of this process to the next read', async () => {
    const bob = await addPerson(world, 'bob');
    const trader = await addTrader(world, bob, { name: 'First' });
    const names = async () =>
      (await listTraderCards(world.deps, bob, { includeDeleted: false, page: { limit: 50, cursor: null } })).items.map(
        (card) => card.trader.name,
      );
    expect(await names()).toEqual(['First']);
    valueOf(await patchTrader(world.deps, bob, { traderId: trader.id, name: 'Renamed' }));
    expect(await names()).toEqual(['Renamed']);
    world.clock.jumpWall(1);
    valueOf(await createTrader(world.deps, bob, { name: 'Second', description: '' }));
    expect(await names()).toEqual(['Second', 'Renamed']);
  });
});
