import { finishedRunOf, modelCallOf, plantWorld, type StoreUnderTest, storeContract } from '@hyperoru/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../tests/setup/quiet-log.ts';
import { systemClock } from '../system/clock.ts';
import { systemIds } from '../system/ids.ts';
import { openStore } from './open-store.ts';

async function openFresh(): Promise<StoreUnderTest> {
  const database = await freshDatabase();
  const opened = await openStore({ connection: database.connection, clock: systemClock, ids: systemIds, log: quietLog });
  return {
    store: opened.store,
    readModel: opened.readModel,
    close: async () => {
      await opened.close();
      await database.drop();
    },
  };
}

storeContract('the PostgreSQL store', openFresh);

describe('the PostgreSQL store', () => {
  let made: StoreUnderTest;
  beforeAll(async () => {
    made = await openFresh();
  });
  afterAll(() => made.close());
  const subject = () => made;

  it('keeps whatever text a model sends, with characters that no database takes replaced', async () => {
    const { store } = subject();
    const world = await plantWorld(subject());
    const run = finishedRunOf(world, 0, { reason: 'a\0b' });
    const call = modelCallOf(run, 1, { rawAnswer: 'x\0y \u{1F600}', context: { text: 'n\0 \ud800 \\u0000' } });
    await store.transaction(async (tx) => {
      await tx.runs.insert(run);
      await tx.runs.insertModelCall(call);
    });
    const [read] = await store.transaction((tx) => tx.runs.listModelCalls(run.id));
    expect(read?.rawAnswer).toBe('x\uFFFDy \u{1F600}');
    expect(read?.context).toEqual({ text: 'n\uFFFD \uFFFD \\u0000' });
    expect((await store.transaction((tx) => tx.runs.get(run.id)))?.reason).toBe('a\uFFFDb');
  });
});
