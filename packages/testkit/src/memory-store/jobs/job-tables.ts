import type { BindingId, Timestamp, TraderId } from '@hyperoru/domain';
import { AdvisoryLock } from '../core/advisory-lock.ts';
import { Table } from '../core/table.ts';

export interface LaneData {
  readonly traderId: TraderId;
}
export interface SlotData {
  readonly bindingId: BindingId;
  readonly triggerIndex: number;
  readonly at: Timestamp;
}

/** A durable job. `created`: never tried; `retry`: tried before. Moments are those of the wall clock, ms. */
export interface Job<Data> {
  readonly id: string;
  readonly data: Data;
  readonly state: 'created' | 'retry' | 'active' | 'completed' | 'failed';
  readonly retryCount: number;
  readonly startAfter: number;
  /** When the attempt under way is taken for hanging or dead. */
  readonly expiresAt: number;
  /** The process that works on it. */
  readonly workerId: number | null;
}

const isWaiting = (job: Job<unknown>) => job.state === 'created' || job.state === 'retry';
const isActive = (job: Job<unknown>) => job.state === 'active';

export function jobTables() {
  const lanes = new Table<Job<LaneData>>({ name: 'lane_jobs', idOf: (job) => job.id });
  const slots = new Table<Job<SlotData>>({ name: 'slot_jobs', idOf: (job) => job.id });
  return {
    lanes,
    slots,
    /** Held by the worker that takes jobs: no lane is taken twice. */
    fetchLock: new AdvisoryLock(),
    lanesWaiting: lanes.index((job) => (isWaiting(job) ? job.data.traderId : null)),
    lanesActive: lanes.index((job) => (isActive(job) ? job.data.traderId : null)),
    slotsWaiting: slots.index((job) => (isWaiting(job) ? 'waiting' : null)),
    slotsActive: slots.index((job) => (isActive(job) ? 'active' : null)),
  };
}

export const slotId = ({ bindingId, triggerIndex, at }: SlotData): string => `${bindingId} ${triggerIndex} ${at}`;

/** A job that nobody tried yet. */
export const newJob = <Data>(id: string, data: Data, startAfter: number): Job<Data> => ({
  id,
  data,
  state: 'created',
  retryCount: 0,
  startAfter,
  expiresAt: 0,
  workerId: null,
});
