import type { TraderId } from '@hyperoru/domain';
import type { Clock, JobHandlers, JobRunner } from '@hyperoru/engine';
import { Transaction } from '../core/transaction.ts';
import type { Host } from '../host.ts';
import { Alarm } from './alarm.ts';
import { JobQueue } from './job-queue.ts';
import { type Job, type LaneData, type SlotData, slotId } from './job-tables.ts';
import type { Attempt } from './lane-lease.ts';
import { lanePass, wakeStranded } from './lane-pass.ts';
import { HEARTBEAT_MS, LANE_EXPIRY_MS, LOOK_MS_MAX, RENEWAL_MS, SLOT_EXPIRY_MS, STRANDED_MS } from './times.ts';

const LANES_MAX = 200;
const SLOTS_MAX = 20;
const ABORTED_WAIT_MS = 1_000;

/** The worker side of the jobs. Looks when jobs were committed, when one ended and when the next is due; polls nothing. */
export class MemoryJobRunner implements JobRunner {
  readonly #process: Host;
  readonly #clock: Clock;
  readonly #lanes: JobQueue<LaneData>;
  readonly #slots: JobQueue<SlotData>;
  readonly #live = new Map<Attempt<LaneData | SlotData>, Promise<void>>();
  readonly #alarm: Alarm;
  #handlers: JobHandlers | null = null;
  #isLooking = false;
  #isWanted = false;
  #cancelStranded: () => void = () => undefined;

  constructor(process: Host) {
    const { lanes, lanesWaiting, lanesActive, slots, slotsWaiting, slotsActive } = process.database.tables;
    this.#process = process;
    this.#clock = process.options.clock;
    this.#alarm = new Alarm(this.#clock, () => this.look());
    this.#lanes = new JobQueue({
      jobs: lanes,
      waiting: lanesWaiting,
      active: lanesActive,
      expiryMs: LANE_EXPIRY_MS,
      laneOf: (data) => data.traderId,
    });
    this.#slots = new JobQueue({ jobs: slots, waiting: slotsWaiting, active: slotsActive, expiryMs: SLOT_EXPIRY_MS, laneOf: slotId });
  }

  get isStarted(): boolean {
    return this.#handlers !== null;
  }

  async start(handlers: JobHandlers): Promise<void> {
    if (this.#handlers !== null) throw new Error('Expected a job runner that was not started yet.');
    const isAlone = [...this.#process.database.processes].every((one) => one === this.#process || !one.jobs.isStarted);
    // Without another worker whatever is active was left by a dead one.
    if (isAlone) await this.#free('jobs.takeOver', () => true);
    await wakeStranded(this.#process);
    this.#handlers = handlers;
    this.#cancelStranded = this.#clock.every(STRANDED_MS, () => {
      wakeStranded(this.#process).then(
        () => this.look(),
        (cause: unknown) => this.#warn('jobs.upkeep_failed', cause),
      );
    });
    this.look();
  }

  async stop(graceMs: number): Promise<void> {
    if (this.#handlers === null) return;
    this.#handlers = null;
    this.#cancelAll();
    const ending = new AbortController();
    const all = () => Promise.allSettled([...this.#live.values()]);
    const wait = (ms: number) => this.#clock.sleep(ms, ending.signal).catch(() => undefined);
    await Promise.race([all(), wait(graceMs)]);
    for (const attempt of this.#live.keys()) attempt.controller.abort(new Error('The lease was lost.'));
    await Promise.race([all(), wait(ABORTED_WAIT_MS)]);
    ending.abort(new Error('The worker stopped.'));
    await this.#free('jobs.giveBack', (job) => job.workerId === this.#process.id);
  }

  /** The process is dead: others may take its work over when its heartbeat is missed. */
  die(): void {
    this.#handlers = null;
    this.#cancelAll();
    const deadline = this.#clock.now() + HEARTBEAT_MS;
    const expire = <Data>({ jobs, active }: JobQueue<Data>) => {
      for (const { id, workerId } of jobs.indexed(null, active))
        if (workerId === this.#process.id) jobs.patch(id, (job) => ({ ...job, expiresAt: Math.min(job.expiresAt, deadline) }));
    };
    expire(this.#lanes);
    expire(this.#slots);
    this.#process.database.announceJobs();
  }

  /**
   * A fault: the lane is taken from the attempt under way, as after missed heartbeats. The lane may be taken again at once; the old
   * attempt learns it when it asks, or at its next renewal. False when the lane does not work, or is being completed.
   */
  async loseLease(traderId: TraderId): Promise<boolean> {
    const tx = new Transaction(this.#process);
    const lost = await this.#lanes.free(tx, this.#clock.now(), (job) => job.data.traderId === traderId);
    tx.apply();
    if (lost === 0) return false;
    for (const { job, controller } of this.#live.keys()) {
      if (!('traderId' in job.data) || job.data.traderId !== traderId) continue;
      this.#clock.sleep(RENEWAL_MS, controller.signal).then(
        () => controller.abort(new Error('The lease was lost.')),
        // It was noticed before.
        () => undefined,
      );
    }
    this.#process.database.announceJobs();
    return true;
  }

  /** Takes what is due; one look at a time, calls meanwhile lead to one more. */
  look(): void {
    this.#isWanted = true;
    if (!this.#isLooking && this.#handlers !== null) void this.#lookWhileWanted();
  }

  async #lookWhileWanted(): Promise<void> {
    this.#isLooking = true;
    try {
      while (this.#isWanted) {
        this.#isWanted = false;
        await this.#takeDue();
      }
    } catch (cause) {
      this.#warn('jobs.fetch_failed', cause);
    } finally {
      this.#isLooking = false;
      this.#arm();
    }
  }

  async #takeDue(): Promise<void> {
    const { id } = this.#process;
    const { lanes, slots } = await this.#process.statement('jobs.fetch', async (tx) => {
      await this.#process.database.tables.fetchLock.take(tx);
      const now = this.#clock.now();
      await this.#lanes.free(tx, now, (job) => job.expiresAt <= now);
      await this.#slots.free(tx, now, (job) => job.expiresAt <= now);
      return {
        lanes: await this.#lanes.take(tx, id, now, this.#freeLanes()),
        slots: await this.#slots.take(tx, id, now, SLOTS_MAX),
      };
    });
    for (const job of lanes) this.#begin(job, this.#lanes, (attempt, { onLane }) => lanePass(this.#process, attempt, onLane));
    for (const job of slots) this.#begin(job, this.#slots, (attempt, { onSlot }) => this.#slotPass(attempt, onSlot));
  }

  #begin<Data extends LaneData | SlotData>(
    job: Job<Data>,
    queue: JobQueue<Data>,
    work: (attempt: Attempt<Data>, handlers: JobHandlers) => Promise<void>,
  ): void {
    const attempt: Attempt<Data> = { job, controller: new AbortController(), isSettled: false };
    const handlers = this.#handlers;
    const run = async () => {
      try {
        if (handlers !== null) await work(attempt, handlers);
      } catch (cause) {
        this.#warn('jobs.failed', cause);
        if (!attempt.isSettled) await this.#giveBack(attempt, queue);
      } finally {
        this.#live.delete(attempt);
        this.look();
      }
    };
    this.#live.set(attempt, Promise.resolve().then(run));
  }

  async #slotPass(attempt: Attempt<SlotData>, onSlot: JobHandlers['onSlot']): Promise<void> {
    const { job } = attempt;
    await onSlot(job.data);
    await this.#process.statement('jobs.completeSlot', (tx) =>
      this.#slots.jobs.update(
        tx,
        job.id,
        (row) => ({ ...row, state: 'completed', workerId: null }),
        (row) => row.state === 'active' && row.retryCount === job.retryCount,
      ),
    );
    attempt.isSettled = true;
  }

  async #giveBack<Data>({ job }: Attempt<Data>, queue: JobQueue<Data>): Promise<void> {
    try {
      await this.#process.statement('jobs.fail', (tx) => queue.giveBack(tx, job, this.#clock.now()));
    } catch (cause) {
      // The heartbeat that no longer comes gives it back.
      const deadline = this.#clock.now() + HEARTBEAT_MS;
      const isOurs = (row: Job<Data>): boolean => row.state === 'active' && row.retryCount === job.retryCount;
      queue.jobs.patch(job.id, (row) => (isOurs(row) ? { ...row, expiresAt: Math.min(row.expiresAt, deadline) } : row));
      this.#warn('jobs.not_given_back', cause);
    }
  }

  async #free(point: string, isLost: (job: Job<unknown>) => boolean): Promise<void> {
    await this.#process.statement(point, async (tx) => {
      await this.#lanes.free(tx, this.#clock.now(), isLost);
      await this.#slots.free(tx, this.#clock.now(), isLost);
    });
  }

  #freeLanes(): number {
    const { lanesMax = LANES_MAX } = this.#process.options;
    return lanesMax - this.#live.size;
  }

  /** Sets the alarm for the next due moment. */
  #arm(): void {
    if (this.#handlers === null) return;
    const moments = [this.#lanes.nextAt(this.#freeLanes() > 0), this.#slots.nextAt(true)].filter((at) => at !== null);
    if (moments.length > 0) this.#alarm.set(Math.min(...moments, this.#clock.now() + LOOK_MS_MAX));
  }

  #cancelAll(): void {
    this.#cancelStranded();
    this.#alarm.cancel();
  }

  #warn(event: string, cause: unknown): void {
    this.#process.options.log.warn(event, { message: cause instanceof Error ? cause.message : String(cause) });
  }
}
