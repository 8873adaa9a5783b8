import type { Clock, Log } from '@hyperoru/engine';
import { messageOf } from '../database.ts';
import { extend, type LiveJob, liveJob } from './live-jobs.ts';
import type { JobQueues } from './queues.ts';
import { affectedBy } from './settle.ts';

/** Jobs taken by one fetch. */
const FETCH_MAX = 50;
const ABORTED_WAIT_MS = 1_000;

export interface DispatcherOptions<T> {
  readonly queue: string;
  /** Jobs worked on at the same time. */
  readonly slots: number;
  readonly expirySeconds: number;
  /** Works the job off and settles it, or throws to have it tried again later. */
  work(job: LiveJob, data: T): Promise<void>;
}

/** Fills the free slots of this process with jobs of one queue. Queue, order and lease stay in pg-boss. */
export interface Dispatcher {
  /** Looks for jobs now; one fetch at a time, calls meanwhile lead to one more. */
  pump(): void;
  /** Renews the leases; ends what was lost. */
  heartbeat(): Promise<void>;
  /** Ends everything as lost, but goes on fetching. */
  abandonAll(): void;
  /** Fetches no more, waits at most `graceMs` for running work, ends the rest and gives it back. */
  stop(graceMs: number): Promise<void>;
}

export function dispatcher<T>(
  queues: JobQueues,
  clock: Pick<Clock, 'sleep' | 'monotonicMs'>,
  log: Log,
  options: DispatcherOptions<T>,
): Dispatcher {
  const { boss } = queues;
  const live = new Map<LiveJob, Promise<void>>();
  let isStopped = false;

  const run = async (job: LiveJob, data: T) => {
    try {
      await options.work(job, data);
    } catch (cause) {
      log.warn('jobs.failed', { queue: job.queue, id: job.id, attempt: job.retryCount, message: messageOf(cause) });
      if (!job.isSettled) await giveBack(queues, log, job, messageOf(cause));
    } finally {
      live.delete(job);
      pump();
    }
  };
  const fetchOnce = async (): Promise<boolean> => {
    const batchSize = Math.min(options.slots - live.size, FETCH_MAX);
    if (batchSize <= 0 || isStopped) return false;
    const startedAt = clock.monotonicMs();
    const jobs = await boss.fetch<T>(options.queue, { batchSize, includeMetadata: true });
    for (const job of jobs) {
      const own = liveJob(options.queue, job, options.expirySeconds, startedAt);
      live.set(
        own,
        Promise.resolve().then(() => run(own, job.data)),
      );
    }
    return jobs.length === batchSize;
  };
  const pump = pumpOf(fetchOnce, (cause) => {
    // Two workers may reach for one lane at once; the next look finds it taken.
    log.debug('jobs.fetch_failed', { queue: options.queue, message: messageOf(cause) });
  });
  const abandonAll = () => {
    for (const job of live.keys()) job.controller.abort(new Error('The lease was lost.'));
  };
  return {
    pump,
    heartbeat: () => renew([...live.keys()], queues, clock, log),
    abandonAll,
    stop: async (graceMs) => {
      isStopped = true;
      const ending = new AbortController();
      const all = () => Promise.allSettled([...live.values()]);
      const wait = (ms: number) => clock.sleep(ms, ending.signal).catch(() => undefined);
      await Promise.race([all(), wait(graceMs)]);
      abandonAll();
      await Promise.race([all(), wait(ABORTED_WAIT_MS)]);
      ending.abort(new Error('The worker stopped.'));
      await Promise.all([...live.keys()].map((job) => giveBack(queues, log, job, 'The worker stopped.')));
    },
  };
}

/** Makes calls of `fetchOnce` follow each other while it says that there may be more; a call meanwhile leads to one more. */
function pumpOf(fetchOnce: () => Promise<boolean>, onFailure: (cause: unknown) => void): () => void {
  let isFetching = false;
  let isWanted = false;
  const fetchWhileWanted = async (): Promise<void> => {
    isFetching = true;
    try {
      while (isWanted) {
        isWanted = false;
        if (await fetchOnce()) isWanted = true;
      }
    } catch (cause) {
      onFailure(cause);
    } finally {
      isFetching = false;
    }
  };
  return () => {
    isWanted = true;
    if (!isFetching) void fetchWhileWanted();
  };
}

async function giveBack({ boss }: JobQueues, log: Log, job: LiveJob, message: string): Promise<void> {
  try {
    await boss.fail(job.queue, { id: job.id, retryCount: job.retryCount }, { message });
  } catch (cause) {
    // The heartbeat that no longer comes gives it back.
    log.warn('jobs.not_given_back', { queue: job.queue, id: job.id, message: messageOf(cause) });
  }
}

/** One statement per queue; when it misses some, each is asked for, because the count alone does not say which were lost. */
async function renew(jobs: readonly LiveJob[], queues: JobQueues, clock: Pick<Clock, 'monotonicMs'>, log: Log): Promise<void> {
  const [first] = jobs;
  if (first === undefined) return;
  const sentAt = clock.monotonicMs();
  try {
    const attempts = jobs.map(({ id, retryCount }) => ({ id, retryCount }));
    const touched = affectedBy(await queues.boss.touch(first.queue, attempts));
    for (const job of jobs) {
      if (touched === jobs.length || affectedBy(await queues.boss.touch(first.queue, { id: job.id, retryCount: job.retryCount })) === 1)
        extend(job, sentAt);
      else if (!job.isSettled) job.controller.abort(new Error('The lease was lost.'));
    }
  } catch (cause) {
    log.warn('jobs.heartbeat_failed', { queue: first.queue, jobs: jobs.length, message: messageOf(cause) });
  }
  const now = clock.monotonicMs();
  for (const job of jobs) {
    if (now > job.heldUntil || now > job.expiresAt) job.controller.abort(new Error('The lease ended.'));
  }
}
