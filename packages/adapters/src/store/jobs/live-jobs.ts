import type { Clock } from '@hyperoru/engine';
import type { JobWithMetadata } from 'pg-boss';
import { HEARTBEAT_SECONDS } from './queues.ts';

/** Taken off the lease's end: what a slow network and a slow clock may eat. */
const MARGIN_MS = 2_000;
const HEARTBEAT_MS = HEARTBEAT_SECONDS * 1_000;

/** One job this process works on. */
export interface LiveJob {
  readonly queue: string;
  readonly id: string;
  readonly retryCount: number;
  readonly controller: AbortController;
  /** Monotonic moments between which the lease surely holds. */
  heldUntil: number;
  readonly expiresAt: number;
  isSettled: boolean;
}

export function liveJob(
  queue: string,
  job: Pick<JobWithMetadata, 'id' | 'retryCount'>,
  expirySeconds: number,
  fetchStartedAt: number,
): LiveJob {
  return {
    queue,
    id: job.id,
    retryCount: job.retryCount,
    controller: new AbortController(),
    heldUntil: fetchStartedAt + HEARTBEAT_MS - MARGIN_MS,
    expiresAt: fetchStartedAt + expirySeconds * 1_000 - MARGIN_MS,
    isSettled: false,
  };
}

/** The database answered a heartbeat that was sent at `sentAt`. */
export function extend(job: LiveJob, sentAt: number): void {
  job.heldUntil = sentAt + HEARTBEAT_MS - MARGIN_MS;
}

/** True while the job is surely ours for `ms` more. */
export function holdsFor(job: LiveJob, ms: number, clock: Pick<Clock, 'monotonicMs'>): boolean {
  const end = clock.monotonicMs() + ms;
  return !job.controller.signal.aborted && end <= job.heldUntil && end <= job.expiresAt;
}
