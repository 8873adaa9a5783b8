import type { JobHandlers } from '@hyperoru/engine';
import type { Host } from '../host.ts';
import { type LaneData, newJob } from './job-tables.ts';
import { type Attempt, completeJob, laneLease } from './lane-lease.ts';
import { RECHECK_MS } from './times.ts';

/**
 * One pass over a trader's open work. Wakes that were committed before it began are swept up by it, so what they announced is visible
 * to it; a later one waits for the next pass of the lane.
 */
export async function lanePass(process: Host, attempt: Attempt<LaneData>, onLane: JobHandlers['onLane']): Promise<void> {
  const { lanes, lanesWaiting, sequences, runs, runsOpen } = process.database.tables;
  const { traderId } = attempt.job.data;
  await process.statement('jobs.sweep', async (tx) => {
    for (const wake of lanes.under(tx, lanesWaiting, traderId))
      await lanes.update(
        tx,
        wake.id,
        () => null,
        (job) => job.state === 'created',
      );
  });
  const epoch = await process.statement('jobs.raiseEpoch', async (tx) => {
    await sequences.put(tx, { traderId, laneEpoch: 1, nonce: 0 }, (row) => ({ ...row, laneEpoch: row.laneEpoch + 1 }));
    return sequences.get(tx, traderId)?.laneEpoch ?? 0;
  });
  await onLane(laneLease(process, attempt, epoch));
  if (!attempt.isSettled) {
    const isDone = await process.statement('jobs.complete', (tx) => completeJob(process, attempt, tx));
    if (!isDone) process.options.log.warn('jobs.lane_lost', { traderId, attempt: attempt.job.retryCount });
    attempt.isSettled = true;
  }
  await process.statement('jobs.recheck', async (tx) => {
    if (runs.under(tx, runsOpen, traderId).length === 0) return;
    const again = newJob(String(process.database.nextId()), { traderId }, process.options.clock.now() + RECHECK_MS);
    await lanes.insertNew(tx, again);
  });
}

/** Wakes every trader with open runs and no job: after a crash between the two, or a dead job. */
export async function wakeStranded(process: Host): Promise<void> {
  const { lanes, lanesWaiting, lanesActive, runs, runsOpen } = process.database.tables;
  await process.statement('jobs.wakeStranded', async (tx) => {
    for (const traderId of new Set(runs.indexed(tx, runsOpen).map(({ run }) => run.traderId))) {
      const known = lanes.find(tx, lanesWaiting, traderId) ?? lanes.find(tx, lanesActive, traderId);
      if (known === null) await lanes.insertNew(tx, newJob(String(process.database.nextId()), { traderId }, 0));
    }
  });
}
