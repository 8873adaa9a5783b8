import { type LaneLease, LeaseLost } from '@hyperoru/engine';
import type { Transaction } from '../core/transaction.ts';
import type { Host } from '../host.ts';
import { MemoryStoreTx } from '../store-tx.ts';
import type { Job, LaneData } from './job-tables.ts';
import { HEARTBEAT_MS } from './times.ts';

/** The longest that a lease can be promised for, as in the real store. */
export const HELD_FOR_MS_MAX = HEARTBEAT_MS - 3_000;

/** One attempt at a job in the hands of a process. */
export interface Attempt<Data> {
  readonly job: Job<Data>;
  readonly controller: AbortController;
  isSettled: boolean;
}

/** The attempt is still the one that the database knows as under way. */
const isCurrent = (stored: Job<unknown> | null, { job }: Attempt<unknown>): boolean =>
  stored !== null && stored.state === 'active' && stored.retryCount === job.retryCount && stored.workerId === job.workerId;

export function laneLease(process: Host, attempt: Attempt<LaneData>, epoch: number): LaneLease {
  const { lanes } = process.database.tables;
  const { id, retryCount, expiresAt, data } = attempt.job;
  const { signal } = attempt.controller;
  const lost = () => {
    attempt.controller.abort(new LeaseLost(data.traderId));
    return new LeaseLost(data.traderId);
  };
  return {
    traderId: data.traderId,
    signal,
    retryCount,
    epoch,
    completeIn: async (tx) => {
      if (signal.aborted) throw lost();
      if (!(tx instanceof MemoryStoreTx)) throw new Error('Expected a transaction of this store, was one of another.');
      const { tx: own } = tx.context;
      const done = await own.call('jobs.completeIn', () => completeJob(process, attempt, own));
      if (!done) throw lost();
      own.afterCommit.push(() => {
        attempt.isSettled = true;
      });
    },
    assertHeldFor: async (ms) => {
      if (!(ms >= 0 && ms <= HELD_FOR_MS_MAX)) throw new RangeError(`Expected 0 to ${HELD_FOR_MS_MAX} ms, was ${ms}.`);
      if (signal.aborted) throw lost();
      const isHeld = await process.statement('jobs.touch', (tx) => isCurrent(lanes.get(tx, id), attempt));
      if (!isHeld || process.options.clock.now() + ms > expiresAt) throw lost();
    },
  };
}

/** Ends the job inside the transaction; false when another attempt holds it. */
export function completeJob(process: Host, attempt: Attempt<LaneData>, tx: Transaction): Promise<boolean> {
  return process.database.tables.lanes.update(
    tx,
    attempt.job.id,
    () => null,
    (stored) => isCurrent(stored, attempt),
  );
}
