import type { IndexMap } from '../core/index-map.ts';
import type { Table } from '../core/table.ts';
import type { Transaction } from '../core/transaction.ts';
import type { Job } from './job-tables.ts';
import { RETRY_LIMIT, retryDelayMs } from './times.ts';

/** One queue of durable jobs, as statements of a transaction. */
export class JobQueue<Data> {
  readonly jobs: Table<Job<Data>>;
  readonly waiting: IndexMap<Job<Data>>;
  readonly active: IndexMap<Job<Data>>;
  readonly expiryMs: number;
  /** Jobs of one lane follow each other. */
  readonly laneOf: (data: Data) => string;

  constructor(options: Pick<JobQueue<Data>, 'jobs' | 'waiting' | 'active' | 'expiryMs' | 'laneOf'>) {
    this.jobs = options.jobs;
    this.waiting = options.waiting;
    this.active = options.active;
    this.expiryMs = options.expiryMs;
    this.laneOf = options.laneOf;
  }

  /** Takes due jobs in the order of their due time, one of each lane, and none of a lane in which one is active. */
  async take(tx: Transaction, workerId: number, now: number, free: number): Promise<Job<Data>[]> {
    const busy = new Set<string>(this.jobs.indexed(tx, this.active).map((job) => this.laneOf(job.data)));
    const due = this.jobs.indexed(tx, this.waiting).filter((job) => job.startAfter <= now && this.jobs.isFree(tx, job.id));
    const taken: Job<Data>[] = [];
    for (const job of due.sort((a, b) => a.startAfter - b.startAfter)) {
      const lane = this.laneOf(job.data);
      if (taken.length >= free || busy.has(lane)) continue;
      const retryCount = job.state === 'retry' ? job.retryCount + 1 : job.retryCount;
      const own: Job<Data> = { ...job, state: 'active', retryCount, workerId, expiresAt: now + this.expiryMs };
      if (!(await this.jobs.update(tx, job.id, () => own))) continue;
      busy.add(lane);
      taken.push(own);
    }
    return taken;
  }

  /** Gives an attempt back, to be tried again after `delayMs`. Nothing happens when it is no longer the one under way. */
  async giveBack(tx: Transaction, { id, retryCount }: Job<Data>, now: number, delayMs = retryDelayMs(retryCount)): Promise<void> {
    await this.jobs.update(
      tx,
      id,
      (job) => ({ ...job, state: job.retryCount >= RETRY_LIMIT ? 'failed' : 'retry', startAfter: now + delayMs, workerId: null }),
      (job) => job.state === 'active' && job.retryCount === retryCount,
    );
  }

  /** Gives back every attempt that `isLost` names; it is due at once. */
  async free(tx: Transaction, now: number, isLost: (job: Job<Data>) => boolean): Promise<number> {
    const lost = this.jobs.indexed(tx, this.active).filter((job) => isLost(job) && this.jobs.isFree(tx, job.id));
    for (const job of lost) await this.giveBack(tx, job, now, 0);
    return lost.length;
  }

  /** The next moment at which something can be taken or expires; null = never. What waits for a free place is not counted. */
  nextAt(hasRoom: boolean): number | null {
    const active = this.jobs.indexed(null, this.active);
    const busy = new Set<string>(active.map((job) => this.laneOf(job.data)));
    const ripe = hasRoom ? this.jobs.indexed(null, this.waiting).filter((job) => !busy.has(this.laneOf(job.data))) : [];
    const moments = [...active.map((job) => job.expiresAt), ...ripe.map((job) => job.startAfter)];
    return moments.length === 0 ? null : Math.min(...moments);
  }
}
