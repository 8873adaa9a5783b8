import type { Clock, JobHandlers, JobRunner, Log } from '@hyperoru/engine';
import type pg from 'pg';
import type { DatabaseConnection } from '../connection.ts';
import { messageOf } from '../database.ts';
import type { TxRegistry } from '../postgres-store.ts';
import type { SignalHub } from '../signal-hub.ts';
import { type Dispatcher, dispatcher } from './dispatcher.ts';
import { lanePass, wakeStranded } from './lane-pass.ts';
import {
  type JobQueues,
  LANE_EXPIRY_SECONDS,
  LANE_QUEUE,
  type LaneData,
  SLOT_EXPIRY_SECONDS,
  SLOT_QUEUE,
  type SlotData,
} from './queues.ts';
import { slotTimer } from './slot-timer.ts';
import { joinWorkers, type WorkerPresence } from './takeover.ts';

/** Runs mostly wait for models, so many may be open at once. */
export const LANE_SLOTS = 200;
const SLOT_SLOTS = 20;
const POLL_MS = 1_000;
const HEARTBEAT_MS = 4_000;
const SUPERVISE_MS = 2_000;
const STRANDED_MS = 30_000;

export interface JobRunnerDeps {
  readonly connection: DatabaseConnection;
  readonly pool: pg.Pool;
  readonly queues: JobQueues;
  readonly registry: TxRegistry;
  readonly hub: SignalHub;
  readonly clock: Clock;
  readonly log: Log;
  /** Lanes that may work at the same moment in this process. */
  readonly lanesMax: number;
}

/** The worker side of the jobs; any number of processes may run one. */
export function jobRunner(deps: JobRunnerDeps): JobRunner {
  let running: Running | null = null;
  return {
    start: async (handlers) => {
      if (running !== null) throw new Error('Expected a job runner that was not started yet.');
      running = await begin(deps, handlers);
    },
    stop: async (graceMs) => {
      const ending = running;
      running = null;
      await ending?.end(graceMs);
    },
  };
}

interface Running {
  end(graceMs: number): Promise<void>;
}

async function begin(deps: JobRunnerDeps, handlers: JobHandlers): Promise<Running> {
  const { pool, queues, hub, clock, log } = deps;
  const lanes = dispatcher<LaneData>(queues, clock, log, {
    queue: LANE_QUEUE,
    slots: deps.lanesMax,
    expirySeconds: LANE_EXPIRY_SECONDS,
    work: (job, data) => lanePass(deps, job, data, handlers.onLane),
  });
  const slots = dispatcher<SlotData>(queues, clock, log, {
    queue: SLOT_QUEUE,
    slots: SLOT_SLOTS,
    expirySeconds: SLOT_EXPIRY_SECONDS,
    work: async (job, data) => {
      await handlers.onSlot(data);
      await queues.boss.complete(SLOT_QUEUE, { id: job.id, retryCount: job.retryCount });
      job.isSettled = true;
    },
  });
  const both: readonly Dispatcher[] = [lanes, slots];
  const all = (act: (one: Dispatcher) => void) => {
    for (const one of both) act(one);
  };
  const presence = await joinWorkers(deps.connection, queues, pool, clock, log, () => all((one) => one.abandonAll()));
  const timer = slotTimer(clock, slots.pump);
  queues.onAnnounced = (due) => (due === null ? lanes.pump() : timer.expect(due));
  const repeat = (ms: number, name: string, work: () => Promise<unknown>) => clock.every(ms, oneAtATime(name, work, log));
  const cancels = [
    hub.on('hyperoru_lanes', lanes.pump),
    clock.every(POLL_MS, () => all((one) => one.pump())),
    repeat(HEARTBEAT_MS, 'heartbeat', () => Promise.all(both.map((one) => one.heartbeat()))),
    repeat(SUPERVISE_MS, 'supervise', () => queues.boss.supervise()),
    repeat(STRANDED_MS, 'stranded', () => wakeStranded(pool, queues)),
    timer.cancel,
  ];
  await wakeStranded(pool, queues);
  all((one) => one.pump());
  return { end: (graceMs) => end(queues, cancels, both, presence, graceMs) };
}

async function end(
  queues: JobQueues,
  cancels: readonly (() => void)[],
  dispatchers: readonly Dispatcher[],
  presence: WorkerPresence,
  graceMs: number,
): Promise<void> {
  queues.onAnnounced = null;
  // The heartbeat goes on until the work is done or given back.
  const [stopListening, stopPolling, stopHeartbeat, ...others] = cancels;
  for (const cancel of [stopListening, stopPolling, ...others]) cancel?.();
  await Promise.all(dispatchers.map((one) => one.stop(graceMs)));
  stopHeartbeat?.();
  await presence.leave();
}

/** A callback of the clock must not throw and must not pile up. */
function oneAtATime(name: string, work: () => Promise<unknown>, log: Log): () => void {
  let isRunning = false;
  return () => {
    if (isRunning) return;
    isRunning = true;
    work()
      .catch((cause: unknown) => log.warn('jobs.upkeep_failed', { name, message: messageOf(cause) }))
      .finally(() => {
        isRunning = false;
      });
  };
}
