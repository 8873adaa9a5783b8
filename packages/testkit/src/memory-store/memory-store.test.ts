import { storeContract } from '../contract-suites/store.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { memoryLog } from '../system/memory-log.ts';
import { seededIds } from '../system/seeded-ids.ts';
import { MemoryDatabase } from './database.ts';

storeContract('the store in memory', async () => {
  const { store, readModel } = new MemoryDatabase({ ids: seededIds(1) }).open({ clock: new FakeClock(), log: memoryLog() });
  return { store, readModel, close: async () => undefined };
});
