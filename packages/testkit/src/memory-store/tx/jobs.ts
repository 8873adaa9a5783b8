import type { JobStore } from '@hyperoru/engine';
import { newJob, slotId } from '../jobs/job-tables.ts';
import { partOf } from './calls.ts';

/** Durable wakes and slots, written with everything else of the transaction. */
export const jobStore = partOf<JobStore>({
  wake: ({ tx, tables, woken, nextId, announceJobs }, traderId) =>
    tx.call('jobs.wake', async () => {
      if (woken.has(traderId)) return;
      woken.add(traderId);
      await tables.lanes.insertNew(tx, newJob(String(nextId()), { traderId }, 0));
      tx.onApply.push(announceJobs);
    }),
  laneEpoch: ({ tx, tables }, traderId) =>
    tx.call('jobs.laneEpoch', async () => (await tables.sequences.lock(tx, traderId, 'share'))?.laneEpoch ?? 0),
  scheduleSlot: ({ tx, tables, announceJobs }, slot) =>
    tx.call('jobs.scheduleSlot', async () => {
      const { bindingId, triggerIndex, at } = slot;
      await tables.slots.insert(tx, newJob(slotId(slot), { bindingId, triggerIndex, at }, at));
      tx.onApply.push(announceJobs);
    }),
});
