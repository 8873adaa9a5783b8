import type { JobStore } from '@hyperoru/engine';
import type { TxContext } from '../context.ts';
import { newJob, slotId } from '../jobs/job-tables.ts';

/** Durable wakes and slots, written with everything else of the transaction. */
export function jobStore({ tx, tables, woken, nextId, announceJobs }: TxContext): JobStore {
  const { lanes, slots, sequences } = tables;
  return {
    wake: (traderId) =>
      tx.call('jobs.wake', async () => {
        if (woken.has(traderId)) return;
        woken.add(traderId);
        await lanes.insertNew(tx, newJob(String(nextId()), { traderId }, 0));
        tx.onApply.push(announceJobs);
      }),
    laneEpoch: (traderId) => tx.call('jobs.laneEpoch', async () => (await sequences.lock(tx, traderId, 'share'))?.laneEpoch ?? 0),
    scheduleSlot: (slot) =>
      tx.call('jobs.scheduleSlot', async () => {
        const { bindingId, triggerIndex, at } = slot;
        await slots.insert(tx, newJob(slotId(slot), { bindingId, triggerIndex, at }, at));
        tx.onApply.push(announceJobs);
      }),
  };
}
