import { addMs, type Run, type TraderId } from '@hyperoru/domain';
import { type Clock, type JobHandlers, type JobRunner, type LaneLease, LeaseLost } from '@hyperoru/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plantWorld, runOf, type StoreUnderTest, type StoreWorld } from './store-world.ts';

/** One worker process. */
export interface WorkerUnderTest extends StoreUnderTest {
  readonly jobs: JobRunner;
}

/** The durable jobs and whoever works on them; one for each test. */
export interface JobsUnderTest {
  /** In which slots are due. It has to go by itself. */
  readonly clock: Pick<Clock, 'now'>;
  /** The longest time that a lease can be promised for. */
  readonly heldForMsMax: number;
  open(): Promise<WorkerUnderTest>;
  /** The active lane is taken from the attempt under way. */
  takeOver(traderId: TraderId): Promise<void>;
  /** Removes the data; every worker was closed before. */
  close(): Promise<void>;
}

const noSlots: JobHandlers['onSlot'] = async () => undefined;
/** Reads of a transaction that stays open while others may move. */
const READS = 50;

/** What every JobRunner must do. */
export function jobRunnerContract(name: string, makeSubject: () => Promise<JobsUnderTest>): void {
  describe(`${name} as JobRunner`, () => {
    let subject: JobsUnderTest;
    let workers: WorkerUnderTest[];
    const worker = async () => {
      const opened = await subject.open();
      workers.push(opened);
      return opened;
    };
    beforeEach(async () => {
      subject = await makeSubject();
      workers = [];
    });
    afterEach(async () => {
      for (const one of workers) {
        await one.jobs.stop(0);
        await one.close();
      }
      await subject.close();
    });
    const bench: Bench = { subject: () => subject, worker };
    describeLanes(bench);
    describeEpochs(bench);
    describeLeases(bench);
    describeWorkers(bench);
    describeSlots(bench);
  });
}

interface Bench {
  readonly subject: () => JobsUnderTest;
  readonly worker: () => Promise<WorkerUnderTest>;
}

/** Stores a run and wakes its lane in one transaction. */
async function trigger({ store }: WorkerUnderTest, world: StoreWorld, at = 0): Promise<Run> {
  const run = runOf(world, at);
  await store.transaction(async (tx) => {
    await tx.runs.insert(run);
    await tx.jobs.wake(world.trader.id);
  });
  return run;
}

/** Finishes every open run of the lane and completes the job with the last. */
async function workOff({ store }: WorkerUnderTest, lease: LaneLease, beforeCommit: () => void = () => undefined): Promise<readonly Run[]> {
  return store.transaction(async (tx) => {
    const runs = await tx.runs.listOpen(lease.traderId);
    for (const run of runs) await tx.runs.update({ ...run, state: 'finished', outcome: 'held', finishedAt: addMs(run.createdAt, 1) });
    await lease.completeIn(tx);
    beforeCommit();
    return runs;
  });
}

/** Something to wait for, and to let go. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened: promise, open };
}

function describeLanes({ worker }: Bench): void {
  describe('a woken lane', () => {
    it('runs once for many wakes before it', async () => {
      const one = await worker();
      const world = await plantWorld(one);
      for (const at of [1, 2, 3]) await trigger(one, world, at);
      const seen: number[] = [];
      const done = gate();
      await one.jobs.start({
        onLane: async (lease) => {
          seen.push((await workOff(one, lease)).length);
          done.open();
        },
        onSlot: noSlots,
      });
      await done.opened;
      expect(seen).toEqual([3]);
    });

    it('does not run for a wake that was taken back', async () => {
      const one = await worker();
      const [woken, quiet] = [await plantWorld(one), await plantWorld(one)];
      const seen: TraderId[] = [];
      const done = gate();
      await one.jobs.start({
        onLane: async (lease) => {
          seen.push(lease.traderId);
          await workOff(one, lease);
          done.open();
        },
        onSlot: noSlots,
      });
      const attempt = one.store.transaction(async (tx) => {
        await tx.jobs.wake(quiet.trader.id);
        throw new Error('changed my mind');
      });
      await expect(attempt).rejects.toThrow('changed my mind');
      await trigger(one, woken);
      await done.opened;
      expect(seen).toEqual([woken.trader.id]);
    });

    it('never loses a wake that comes while it runs', async () => {
      const one = await worker();
      const world = await plantWorld(one);
      const passes: (readonly Run[])[] = [];
      const [entered, goOn, twice] = [gate(), gate(), gate()];
      await one.jobs.start({
        onLane: async (lease) => {
          passes.push(await workOff(one, lease));
          if (passes.length === 1) {
            entered.open();
            await goOn.opened;
          } else twice.open();
        },
        onSlot: noSlots,
      });
      const first = await trigger(one, world, 1);
      await entered.opened;
      const second = await trigger(one, world, 2);
      goOn.open();
      await twice.opened;
      expect(passes.map((runs) => runs.map((run) => run.id))).toEqual([[first.id], [second.id]]);
    });

    it('never loses a wake whose transaction was open when the pass began', async () => {
      const one = await worker();
      const world = await plantWorld(one);
      const late = runOf(world, 2);
      const [written, commit, entered, twice] = [gate(), gate(), gate(), gate()];
      const slow = one.store.transaction(async (tx) => {
        await tx.runs.insert(late);
        await tx.jobs.wake(world.trader.id);
        written.open();
        await commit.opened;
      });
      await written.opened;
      const first = await trigger(one, world, 1);
      const passes: string[][] = [];
      await one.jobs.start({
        onLane: async (lease) => {
          passes.push((await workOff(one, lease)).map((run) => run.id));
          if (passes.length === 1) entered.open();
          else twice.open();
        },
        onSlot: noSlots,
      });
      await entered.opened;
      commit.open();
      await slow;
      await twice.opened;
      expect(passes).toEqual([[first.id], [late.id]]);
    });

    it('does not wait for another trader', async () => {
      const one = await worker();
      const [slow, fast] = [await plantWorld(one), await plantWorld(one)];
      const [goOn, reached] = [gate(), gate()];
      await one.jobs.start({
        onLane: async (lease) => {
          if (lease.traderId === slow.trader.id) await goOn.opened;
          else reached.open();
          await workOff(one, lease);
        },
        onSlot: noSlots,
      });
      await trigger(one, slow);
      await trigger(one, fast);
      await reached.opened;
      goOn.open();
    });

    it('runs again when it failed, with a higher count', async () => {
      const one = await worker();
      await trigger(one, await plantWorld(one));
      const counts: number[] = [];
      const done = gate();
      await one.jobs.start({
        onLane: async (lease) => {
          counts.push(lease.retryCount);
          if (counts.length === 1) throw new Error('not today');
          await workOff(one, lease);
          done.open();
        },
        onSlot: noSlots,
      });
      await done.opened;
      expect(counts).toEqual([0, 1]);
    });

    it('runs again for runs that a pass left open', async () => {
      const one = await worker();
      const run = await trigger(one, await plantWorld(one));
      let passes = 0;
      const done = gate();
      await one.jobs.start({
        onLane: async (lease) => {
          passes += 1;
          if (passes === 2) await workOff(one, lease).then(done.open);
        },
        onSlot: noSlots,
      });
      await done.opened;
      expect((await one.store.transaction((tx) => tx.runs.get(run.id)))?.state).toBe('finished');
    });

    it('runs for an open run without any wake, as a restored backup has them', async () => {
      const one = await worker();
      const run = runOf(await plantWorld(one));
      await one.store.transaction((tx) => tx.runs.insert(run));
      const done = gate();
      await one.jobs.start({ onLane: (lease) => workOff(one, lease).then(done.open), onSlot: noSlots });
      await done.opened;
      expect((await one.store.transaction((tx) => tx.runs.get(run.id)))?.state).toBe('finished');
    });
  });
}

function describeEpochs({ worker }: Bench): void {
  describe('the epoch of a lane', () => {
    const epochOf = ({ store }: WorkerUnderTest, world: StoreWorld) => store.transaction((tx) => tx.jobs.laneEpoch(world.trader.id));

    it('is 0 before the first pass and rises with each, where every transaction sees it', async () => {
      const one = await worker();
      const world = await plantWorld(one);
      expect(await epochOf(one, world)).toBe(0);
      const seen: (readonly [number, number])[] = [];
      const passes = [gate(), gate()];
      await one.jobs.start({
        onLane: async (lease) => {
          seen.push([lease.epoch, await epochOf(one, world)]);
          await workOff(one, lease);
          passes[seen.length - 1]?.open();
        },
        onSlot: noSlots,
      });
      for (const pass of passes) {
        await trigger(one, world);
        await pass.opened;
      }
      expect(seen).toEqual([
        [1, 1],
        [2, 2],
      ]);
    });

    it('does not rise while a transaction that read it is open', async () => {
      const one = await worker();
      const world = await plantWorld(one);
      const happened: string[] = [];
      const passes = [gate(), gate()];
      await one.jobs.start({
        onLane: async (lease) => {
          happened.push(`pass ${lease.epoch}`);
          await workOff(one, lease);
          passes[lease.epoch - 1]?.open();
        },
        onSlot: noSlots,
      });
      await trigger(one, world);
      await passes[0]?.opened;
      await one.store.transaction(async (tx) => {
        expect(await tx.jobs.laneEpoch(world.trader.id)).toBe(1);
        await trigger(one, world);
        for (let read = 0; read < READS; read++) await tx.traders.get(world.trader.id);
        happened.push('sent under 1');
      });
      await passes[1]?.opened;
      expect(happened).toEqual(['pass 1', 'sent under 1', 'pass 2']);
    });

    it('leaves the numbers of requests alone, and they leave it', async () => {
      const one = await worker();
      const world = await plantWorld(one);
      const take = () => one.store.transaction((tx) => tx.orders.takeNonce(world.trader.id, world.trader.createdAt));
      const first = await take();
      const done = gate();
      await one.jobs.start({ onLane: (lease) => workOff(one, lease).then(done.open), onSlot: noSlots });
      await trigger(one, world);
      await done.opened;
      expect([await take(), await epochOf(one, world)]).toEqual([first + 1, 1]);
    });
  });
}

function describeLeases({ subject, worker }: Bench): void {
  describe('a lease', () => {
    /** Starts a pass and gives its lease to the test; the pass ends when the test does. */
    async function leaseOf(one: WorkerUnderTest): Promise<{ readonly lease: LaneLease; readonly run: Run; end(): void }> {
      const world = await plantWorld(one);
      const run = await trigger(one, world);
      const end = gate();
      const lease = await new Promise<LaneLease>((resolve) => {
        void one.jobs.start({
          onLane: async (held) => {
            resolve(held);
            await end.opened;
          },
          onSlot: noSlots,
        });
      });
      return { lease, run, end: end.open };
    }

    it('keeps nothing of a transaction that completes a lane which was taken over', async () => {
      const one = await worker();
      const { lease, run, end } = await leaseOf(one);
      await subject().takeOver(lease.traderId);
      const attempt = one.store.transaction(async (tx) => {
        await tx.runs.update({ ...run, state: 'finished', outcome: 'held' });
        await lease.completeIn(tx);
      });
      await expect(attempt).rejects.toThrow(LeaseLost);
      expect((await one.store.transaction((tx) => tx.runs.get(run.id)))?.state).toBe('queued');
      expect(lease.signal.aborted).toBe(true);
      end();
    });

    it('stays when the transaction that completes it fails otherwise', async () => {
      const one = await worker();
      const { lease, end } = await leaseOf(one);
      const attempt = one.store.transaction(async (tx) => {
        await lease.completeIn(tx);
        throw new Error('changed my mind');
      });
      await expect(attempt).rejects.toThrow('changed my mind');
      await expect(lease.assertHeldFor(subject().heldForMsMax)).resolves.toBeUndefined();
      await one.store.transaction((tx) => lease.completeIn(tx));
      end();
    });

    it('is not held any more once it was taken over, and only for a time that can be promised', async () => {
      const { lease, end } = await leaseOf(await worker());
      const { heldForMsMax } = subject();
      await expect(lease.assertHeldFor(0)).resolves.toBeUndefined();
      await expect(lease.assertHeldFor(heldForMsMax)).resolves.toBeUndefined();
      await expect(lease.assertHeldFor(heldForMsMax + 1)).rejects.toThrow(RangeError);
      await expect(lease.assertHeldFor(-1)).rejects.toThrow(RangeError);
      await subject().takeOver(lease.traderId);
      await expect(lease.assertHeldFor(0)).rejects.toThrow(LeaseLost);
      end();
    });

    it('is aborted and given back when the process stops before the work is done', async () => {
      const one = await worker();
      const { lease } = await leaseOf(one);
      await one.jobs.stop(0);
      expect(lease.signal.aborted).toBe(true);
      const other = await worker();
      const taken = new Promise<LaneLease>((resolve) => {
        void other.jobs.start({ onLane: (next) => workOff(other, next).then(() => resolve(next)), onSlot: noSlots });
      });
      expect(await taken).toMatchObject({ traderId: lease.traderId, retryCount: 1, epoch: lease.epoch + 1 });
    });
  });
}

function describeWorkers({ worker }: Bench): void {
  describe('two workers', () => {
    it('leave the lanes of each other alone', async () => {
      const one = await worker();
      const [goOn, entered] = [gate(), gate()];
      const counts: number[] = [];
      await one.jobs.start({
        onLane: async (lease) => {
          counts.push(lease.retryCount);
          entered.open();
          await goOn.opened;
          await workOff(one, lease);
        },
        onSlot: noSlots,
      });
      const world = await plantWorld(one);
      await trigger(one, world);
      await entered.opened;
      const other = await worker();
      await other.jobs.start({ onLane: async (lease) => void counts.push(lease.retryCount), onSlot: noSlots });
      goOn.open();
      await one.jobs.stop(5_000);
      expect(counts).toEqual([0]);
      expect(await one.store.transaction((tx) => tx.runs.listOpen(world.trader.id))).toEqual([]);
    });

    it('lose no run of many traders that are woken at random moments, and never overlap', async () => {
      const [one, other] = [await worker(), await worker()];
      const worlds = await Promise.all(Array.from({ length: 6 }, () => plantWorld(one)));
      const RUNS = 15;
      const working = new Set<TraderId>();
      let overlaps = 0;
      const finished = new Set<string>();
      const all = gate();
      const handlers = (own: WorkerUnderTest): JobHandlers => ({
        onLane: async (lease) => {
          if (working.has(lease.traderId)) overlaps += 1;
          working.add(lease.traderId);
          const runs = await workOff(own, lease, () => void working.delete(lease.traderId));
          for (const run of runs) finished.add(run.id);
          if (finished.size === worlds.length * RUNS) all.open();
        },
        onSlot: noSlots,
      });
      for (const own of [one, other]) await own.jobs.start(handlers(own));
      await Promise.all(
        worlds.map(async (world) => {
          for (let at = 0; at < RUNS; at++) await trigger(one, world, at);
        }),
      );
      await all.opened;
      expect(overlaps).toBe(0);
    });
  });
}

function describeSlots({ subject, worker }: Bench): void {
  describe('a slot', () => {
    it('comes once, at its time, however often it was asked for', async () => {
      const one = await worker();
      const { clock } = subject();
      const world = await plantWorld(one);
      const at = addMs(clock.now(), 300);
      const [due, later] = [
        { bindingId: world.binding.id, triggerIndex: 0, at },
        { bindingId: world.binding.id, triggerIndex: 1, at: addMs(at, 200) },
      ];
      const seen: { readonly slot: unknown; readonly isDue: boolean }[] = [];
      const all = gate();
      await one.jobs.start({
        onLane: async () => undefined,
        onSlot: async (slot) => {
          seen.push({ slot, isDue: clock.now() >= slot.at });
          await one.store.transaction((tx) => tx.jobs.scheduleSlot(slot));
          if (seen.length === 2) all.open();
        },
      });
      for (const slot of [later, due, due]) await one.store.transaction((tx) => tx.jobs.scheduleSlot(slot));
      await all.opened;
      await one.jobs.stop(1_000);
      expect(seen).toEqual([
        { slot: due, isDue: true },
        { slot: later, isDue: true },
      ]);
    });

    it('comes again when it failed', async () => {
      const one = await worker();
      const slot = { bindingId: (await plantWorld(one)).binding.id, triggerIndex: 0, at: subject().clock.now() };
      let calls = 0;
      const done = gate();
      await one.jobs.start({
        onLane: async () => undefined,
        onSlot: async () => {
          calls += 1;
          if (calls === 1) throw new Error('not today');
          done.open();
        },
      });
      await one.store.transaction((tx) => tx.jobs.scheduleSlot(slot));
      await done.opened;
      expect(calls).toBe(2);
    });
  });
}
