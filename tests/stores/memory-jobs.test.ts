import { systemClock, systemIds } from '@hyperoru/adapters';
import { HELD_FOR_MS_MAX, jobRunnerContract, MemoryDatabase } from '@hyperoru/testkit';
import { quietLog } from '../setup/quiet-log.ts';

jobRunnerContract('the runner in memory', async () => {
  const database = new MemoryDatabase({ ids: systemIds });
  return {
    clock: systemClock,
    heldForMsMax: HELD_FOR_MS_MAX,
    open: async () => {
      const opened = database.open({ clock: systemClock, log: quietLog });
      const { store, readModel, jobs } = opened;
      return { store, readModel, jobs, close: async () => opened.crash() };
    },
    takeOver: async (traderId) => {
      for (const one of database.processes) await one.jobs.loseLease(traderId);
    },
    close: async () => undefined,
  };
});
