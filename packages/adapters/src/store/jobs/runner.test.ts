import { addMs, type Run, type TraderId } from '@hyperoru/domain';
import { type JobHandlers, type LaneLease, LeaseLost } from '@hyperoru/engine';
import { plantWorld, runOf, type StoreWorld } from '@hyperoru/testkit';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../../tests/setup/quiet-log.ts';
import { startScript } from '../../../../../tests/setup/start-script.ts';
import { systemClock } from '../../system/clock.ts';
import { systemIds } from '../../system/ids.ts';
import { type OpenedStore, openStore } from '../open-store.ts';
import { HELD_FOR_MS_MAX } from './lane-pass.ts';

const noSlots: JobHandlers['onSlot'] = async () => undefined;

let database: FreshDatabase;
let opened: OpenedStore;
let others: OpenedStore[];

beforeEach(async () => {
  database = await freshDatabase();
  opened = await open();
  others = [];
});

afterEach(async () => {
  for (const one of [opened, ...others]) {
    await one.jobs.stop(0);
    await one.close();
  }
  await database.drop();
});

const open = () => openStore({ connection: database.connection, clock: systemClock, ids: systemIds, log: quietLog });

async function openOther(): Promise<OpenedStore> {
  const other = await open();
  others.push(other);
  return other;
}

const plant = () => plantWorld({ ...opened, close: async () => undefined });

/** Stores a run and wakes its lane in one transaction. */
async function trigger(world: StoreWorld, at = 0): Promise<Run> {
  const run = runOf(world, at);
  await opened.store.transaction(async (tx) => {
    await tx.runs.insert(run);
    await tx.jobs.wake(world.trader.id);
  });
  return run;
}

/** Finishes every open run of the lane and completes the job with the last. */
async function workOff(lease: LaneLease): Promise<readonly Run[]> {
  return opened.store.transaction(async (tx) => {
    const runs = await tx.runs.listOpen(lease.traderId);
    for (const run of runs) await tx.runs.update({ ...run, state: 'finished', outcome: 'held', finishedAt: addMs(run.createdAt, 1) });
    await lease.completeIn(tx);
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

async function query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ ...database.connection });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Another worker takes the active lane over: the attempt's count moves on. */
const takeOver = () => query("update pgboss.job set retry_count = retry_count + 1 where name = 'lane' and state = 'active'");

describe('a woken lane', () => {
  it('runs once for many wakes before it', async () => {
    const world = await plant();
    for (const at of [1, 2, 3]) await trigger(world, at);
    const seen: number[] = [];
    const done = gate();
    await opened.jobs.start({
      onLane: async (lease) => {
        seen.push((await workOff(lease)).length);
        done.open();
      },
      onSlot: noSlots,
    });
    await done.opened;
    expect(seen).toEqual([3]);
  });

  it('never loses a wake that comes while it runs', async () => {
    const world = await plant();
    const passes: (readonly Run[])[] = [];
    const [entered, goOn, twice] = [gate(), gate(), gate()];
    await opened.jobs.start({
      onLane: async (lease) => {
        const runs = await workOff(lease);
        passes.push(runs);
        if (passes.length === 1) {
          entered.open();
          await goOn.opened;
        } else twice.open();
      },
      onSlot: noSlots,
    });
    const first = await trigger(world, 1);
    await entered.opened;
    const second = await trigger(world, 2);
    goOn.open();
    await twice.opened;
    expect(passes.map((runs) => runs.map((run) => run.id))).toEqual([[first.id], [second.id]]);
  });

  it('never loses a wake whose transaction was open when the pass began', async () => {
    const world = await plant();
    const late = runOf(world, 2);
    const [written, commit, entered, twice] = [gate(), gate(), gate(), gate()];
    const slow = opened.store.transaction(async (tx) => {
      await tx.runs.insert(late);
      await tx.jobs.wake(world.trader.id);
      written.open();
      await commit.opened;
    });
    await written.opened;
    const first = await trigger(world, 1);
    const passes: string[][] = [];
    await opened.jobs.start({
      onLane: async (lease) => {
        passes.push((await workOff(lease)).map((run) => run.id));
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

  it('loses no run of many traders that are woken at random moments over two workers, and never overlaps', async () => {
    const other = await openOther();
    const worlds = await Promise.all(Array.from({ length: 6 }, plant));
    const RUNS = 15;
    const working = new Set<TraderId>();
    let overlaps = 0;
    const finished = new Set<string>();
    const all = gate();
    const handlers: JobHandlers = {
      onLane: async (lease) => {
        if (working.has(lease.traderId)) overlaps += 1;
        working.add(lease.traderId);
        const runs = await workOff(lease).finally(() => working.delete(lease.traderId));
        for (const run of runs) finished.add(run.id);
        if (finished.size === worlds.length * RUNS) all.open();
      },
      onSlot: noSlots,
    };
    await opened.jobs.start(handlers);
    await other.jobs.start(handlers);
    await Promise.all(
      worlds.map(async (world) => {
        for (let at = 0; at < RUNS; at++) await trigger(world, at);
      }),
    );
    await all.opened;
    expect(overlaps).toBe(0);
  });

  it('does not wait for another trader', async () => {
    const [slow, fast] = [await plant(), await plant()];
    const [goOn, reached] = [gate(), gate()];
    await opened.jobs.start({
      onLane: async (lease) => {
        if (lease.traderId === slow.trader.id) await goOn.opened;
        else reached.open();
        await workOff(lease);
      },
      onSlot: noSlots,
    });
    await trigger(slow);
    await trigger(fast);
    await reached.opened;
    goOn.open();
  });

  it('runs again when it failed, with a higher count', async () => {
    const world = await plant();
    await trigger(world);
    const counts: number[] = [];
    const done = gate();
    await opened.jobs.start({
      onLane: async (lease) => {
        counts.push(lease.retryCount);
        if (counts.length === 1) throw new Error('not today');
        await workOff(lease);
        done.open();
      },
      onSlot: noSlots,
    });
    await done.opened;
    expect(counts).toEqual([0, 1]);
  });

  it('runs for an open run without any wake, as a restored backup has them', async () => {
    const world = await plant();
    const run = runOf(world);
    await opened.store.transaction((tx) => tx.runs.insert(run));
    const done = gate();
    await opened.jobs.start({ onLane: (lease) => workOff(lease).then(done.open), onSlot: noSlots });
    await done.opened;
    expect((await opened.store.transaction((tx) => tx.runs.get(run.id)))?.state).toBe('finished');
  });
});

describe('a lease', () => {
  /** Starts a pass and gives its lease to the test; the pass ends when the test does. */
  async function leaseOf(): Promise<{ readonly lease: LaneLease; readonly run: Run; end(): void }> {
    const world = await plant();
    const run = await trigger(world);
    const end = gate();
    const lease = await new Promise<LaneLease>((resolve) => {
      void opened.jobs.start({
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
    const { lease, run, end } = await leaseOf();
    await takeOver();
    const attempt = opened.store.transaction(async (tx) => {
      await tx.runs.update({ ...run, state: 'finished', outcome: 'held' });
      await lease.completeIn(tx);
    });
    await expect(attempt).rejects.toThrow(LeaseLost);
    expect((await opened.store.transaction((tx) => tx.runs.get(run.id)))?.state).toBe('queued');
    expect(lease.signal.aborted).toBe(true);
    end();
  });

  it('stays when the transaction that completes it fails otherwise', async () => {
    const { lease, end } = await leaseOf();
    const attempt = opened.store.transaction(async (tx) => {
      await lease.completeIn(tx);
      throw new Error('changed my mind');
    });
    await expect(attempt).rejects.toThrow('changed my mind');
    await expect(lease.assertHeldFor(HELD_FOR_MS_MAX)).resolves.toBeUndefined();
    await opened.store.transaction((tx) => lease.completeIn(tx));
    end();
  });

  it('is not held any more once it was taken over, and only for a time that can be promised', async () => {
    const { lease, end } = await leaseOf();
    await expect(lease.assertHeldFor(0)).resolves.toBeUndefined();
    await expect(lease.assertHeldFor(HELD_FOR_MS_MAX)).resolves.toBeUndefined();
    await expect(lease.assertHeldFor(HELD_FOR_MS_MAX + 1)).rejects.toThrow(RangeError);
    await expect(lease.assertHeldFor(-1)).rejects.toThrow(RangeError);
    await takeOver();
    await expect(lease.assertHeldFor(0)).rejects.toThrow(LeaseLost);
    end();
  });

  it('is aborted and given back when the process stops before the work is done', async () => {
    const { lease } = await leaseOf();
    await opened.jobs.stop(0);
    expect(lease.signal.aborted).toBe(true);
    expect(await query("select state from pgboss.job where name = 'lane'")).toEqual([{ state: 'retry' }]);
  });
});

describe('taking over', () => {
  it('gives the lane of a killed process to the next one before its heartbeat is missed', async () => {
    const world = await plant();
    await trigger(world);
    const worker = startScript('tests/setup/hanging-worker.ts', [JSON.stringify(database.connection)]);
    await worker.says('taken');
    await worker.kill();
    const taken = new Promise<number>((resolve) => {
      void opened.jobs.start({ onLane: (lease) => workOff(lease).then(() => resolve(lease.retryCount)), onSlot: noSlots });
    });
    expect(await taken).toBe(1);
    const [job] = await query<{ early: boolean }>(
      "select completed_on < created_on + interval '10 seconds' as early from pgboss.job where name = 'lane'",
    );
    expect(job?.early).toBe(true);
  });

  it('leaves the lanes of a living process alone', async () => {
    const world = await plant();
    const goOn = gate();
    const entered = gate();
    const counts: number[] = [];
    await opened.jobs.start({
      onLane: async (lease) => {
        counts.push(lease.retryCount);
        entered.open();
        await goOn.opened;
        await workOff(lease);
      },
      onSlot: noSlots,
    });
    await trigger(world);
    await entered.opened;
    const other = await openOther();
    await other.jobs.start({ onLane: async (lease) => void counts.push(lease.retryCount), onSlot: noSlots });
    goOn.open();
    await opened.jobs.stop(5_000);
    expect(counts).toEqual([0]);
    expect(await opened.store.transaction((tx) => tx.runs.listOpen(world.trader.id))).toEqual([]);
  });
});

describe('a slot', () => {
  it('comes once, at its time, however often it was asked for', async () => {
    const world = await plant();
    const at = addMs(systemClock.now(), 300);
    const [due, later] = [
      { bindingId: world.binding.id, triggerIndex: 0, at },
      { bindingId: world.binding.id, triggerIndex: 1, at: addMs(at, 200) },
    ];
    const seen: { readonly slot: unknown; readonly late: boolean }[] = [];
    const all = gate();
    await opened.jobs.start({
      onLane: async () => undefined,
      onSlot: async (slot) => {
        seen.push({ slot, late: systemClock.now() >= slot.at });
        await opened.store.transaction((tx) => tx.jobs.scheduleSlot(slot));
        if (seen.length === 2) all.open();
      },
    });
    for (const slot of [later, due, due]) await opened.store.transaction((tx) => tx.jobs.scheduleSlot(slot));
    await all.opened;
    await opened.jobs.stop(1_000);
    expect(seen).toEqual([
      { slot: due, late: true },
      { slot: later, late: true },
    ]);
    expect(await query("select count(*)::int as jobs from pgboss.job where name = 'slot' and state <> 'completed'")).toEqual([{ jobs: 0 }]);
  });
});
