import { addMs, asId, type Trader, type TraderId } from '@hyperoru/domain';
import type { PublishedEvent, Store, StoreTx } from '@hyperoru/engine';
import { beforeEach, describe, expect, it } from 'vitest';
import { orderOf, plantWorld, runOf, type StoreWorld } from '../contract-suites/store-world.ts';
import { FAKE_EPOCH, FakeClock } from '../system/fake-clock.ts';
import { memoryLog } from '../system/memory-log.ts';
import { seededIds } from '../system/seeded-ids.ts';
import { DeadlockDetected } from './core/deadlock.ts';
import { MemoryDatabase } from './database.ts';
import type { MemoryProcess } from './process.ts';
import { TRANSACTION_POINTS } from './process-options.ts';

let database: MemoryDatabase;
let clock: FakeClock;
let world: StoreWorld;
let points: string[];
/** What happens at each named point; set by the test. */
let onCall: (point: string) => Promise<void> | void;
let one: MemoryProcess;

const open = () =>
  database.open({
    clock,
    log: memoryLog(),
    onCall: (point) => {
      points.push(point);
      return onCall(point);
    },
  });

beforeEach(async () => {
  clock = new FakeClock();
  database = new MemoryDatabase({ ids: seededIds(7) });
  points = [];
  onCall = () => undefined;
  one = open();
  world = await plantWorld({ store: one.store });
  points = [];
});

/** Something to wait for, and to let go. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const never = () => new Promise<never>(() => undefined);
/** Whether the promise settles when everything that can happen has happened. */
async function settles(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  await clock.advance(0);
  return isSettled;
}
const rename = (store: Store, name: string) =>
  store.transaction(async (tx) => {
    const held = await tx.traders.lock(world.trader.id);
    if (held !== null) await tx.traders.update({ ...held, name });
  });
const nameNow = async () => (await open().store.transaction((tx) => tx.traders.get(world.trader.id)))?.name;
const at = (wanted: string, act: () => Promise<void> | void) => (point: string) => (point === wanted ? act() : undefined);

describe('named points', () => {
  it('are passed in order by every transaction and read', async () => {
    await one.store.transaction((tx) => tx.orders.insert(orderOf(world)));
    await one.readModel.findTrader(world.scope, world.trader.id);
    const [begin, commit, sync, committed] = TRANSACTION_POINTS;
    expect(points).toEqual([begin, 'orders.insert', commit, sync, committed, 'read.findTrader']);
  });

  it.each(['transaction.begin', 'traders.lock', 'traders.update', 'transaction.commit', 'transaction.sync'])(
    'throw at %s, and nothing of the transaction stays',
    async (point) => {
      onCall = at(point, () => {
        throw new Error('disk');
      });
      await expect(rename(one.store, 'new')).rejects.toThrow('disk');
      onCall = () => undefined;
      expect(await nameNow()).toBe(world.trader.name);
      // The row is free again.
      await rename(one.store, 'newer');
      expect(await nameNow()).toBe('newer');
    },
  );

  it('throw at the answer of a commit that is done: everything stays, nobody in the process is told', async () => {
    const told: (readonly PublishedEvent[])[] = [];
    one.store.onPublished((events) => void told.push(events));
    onCall = at('transaction.committed', () => Promise.reject(new Error('connection lost')));
    const attempt = one.store.transaction(async (tx) => {
      await tx.traders.update({ ...world.trader, name: 'new' });
      await tx.journal.publish({ at: FAKE_EPOCH, ownerId: world.owner.id, traderId: null, topic: 'trader.changed', payload: null });
    });
    await expect(attempt).rejects.toThrow('connection lost');
    onCall = () => undefined;
    expect([await nameNow(), told]).toEqual(['new', []]);
  });

  it('hold a transaction up as long as they like', async () => {
    onCall = at('traders.update', () => clock.sleep(50));
    const renaming = rename(one.store, 'new');
    expect(await settles(renaming)).toBe(false);
    await clock.advance(50);
    await renaming;
    expect(await nameNow()).toBe('new');
  });
});

describe('a crash', () => {
  it('between any two steps of a transaction leaves rows that are free, and one state', async () => {
    for (let steps = 0; steps < 60; steps++) {
      await rename(open().store, 'old');
      const dying = open();
      void rename(dying.store, 'new');
      for (let step = 0; step < steps; step++) await Promise.resolve();
      dying.crash();
      const left = await nameNow();
      expect(['old', 'new']).toContain(left);
      await clock.advance(0);
      expect(await nameNow()).toBe(left);
      await rename(open().store, 'newer');
      expect(await nameNow()).toBe('newer');
    }
  });

  it.each([
    ['transaction.begin', 'old'],
    ['traders.lock', 'old'],
    ['traders.update', 'old'],
    ['transaction.commit', 'old'],
    ['transaction.sync', 'new'],
    ['transaction.committed', 'new'],
  ])('at %s leaves the %s state, and no promise of the process settles', async (point, left) => {
    await rename(one.store, 'old');
    onCall = at(point, () => one.crash());
    const renaming = rename(one.store, 'new');
    expect(await settles(renaming)).toBe(false);
    onCall = () => undefined;
    expect(await nameNow()).toBe(left);
    for (const late of [rename(one.store, 'later'), one.readModel.findTrader(world.scope, world.trader.id), one.jobs.start(idle)])
      expect(await settles(late)).toBe(false);
    await rename(open().store, 'newer');
    expect(await nameNow()).toBe('newer');
  });

  it('frees the rows it held for whoever waits in another process', async () => {
    const other = open();
    const held = one.store.transaction(async (tx) => {
      await tx.traders.lock(world.trader.id);
      await never();
    });
    const renaming = rename(other.store, 'new');
    expect(await settles(renaming)).toBe(false);
    one.crash();
    await renaming;
    expect(await settles(held)).toBe(false);
    expect(await nameNow()).toBe('new');
  });

  it('never wakes a dead transaction that waited for a row', async () => {
    const other = open();
    const letGo = gate();
    const holding = other.store.transaction(async (tx) => {
      await tx.traders.lock(world.trader.id);
      await letGo.opened;
    });
    const renaming = rename(one.store, 'new');
    await clock.advance(0);
    one.crash();
    letGo.open();
    await holding;
    expect(await settles(renaming)).toBe(false);
    expect(await nameNow()).toBe(world.trader.name);
  });
});

describe('a power loss', () => {
  it.each([
    ['transaction.commit', 'old'],
    ['transaction.sync', 'old'],
    ['transaction.committed', 'new'],
  ])('at %s leaves the %s state', async (point, left) => {
    await rename(one.store, 'old');
    onCall = at(point, () => database.powerLoss());
    expect(await settles(rename(one.store, 'new'))).toBe(false);
    onCall = () => undefined;
    expect(await nameNow()).toBe(left);
  });

  it('takes back nothing that anybody could see: a commit is visible only once it is on disk', async () => {
    onCall = at('transaction.sync', never);
    void rename(one.store, 'new');
    await clock.advance(0);
    onCall = () => undefined;
    expect(await nameNow()).toBe(world.trader.name);
    database.powerLoss();
    expect(await nameNow()).toBe(world.trader.name);
  });

  it('ends every process', async () => {
    const other = open();
    database.powerLoss();
    for (const dead of [one, other]) expect(await settles(rename(dead.store, 'new'))).toBe(false);
  });
});

describe('transactions side by side', () => {
  const second = (): Trader => ({ ...world.trader, id: asId<TraderId>(seededIds('second').uuid()) });

  it('do not wait for each other over different rows', async () => {
    const other = second();
    await one.store.transaction((tx) => tx.traders.insert(other));
    const letGo = gate();
    const slow = one.store.transaction(async (tx) => {
      await tx.traders.update({ ...world.trader, name: 'slow' });
      await letGo.opened;
    });
    await one.store.transaction((tx) => tx.traders.update({ ...other, name: 'fast' }));
    expect(await nameNow()).toBe(world.trader.name);
    letGo.open();
    await slow;
    expect(await nameNow()).toBe('slow');
  });

  it('that wait for each other end with one giving up and the other done', async () => {
    const other = second();
    await one.store.transaction((tx) => tx.traders.insert(other));
    const both = (first: TraderId, then: TraderId) =>
      one.store.transaction(async (tx) => {
        await tx.traders.lock(first);
        await clock.sleep(1);
        await tx.traders.lock(then);
      });
    const pair = Promise.allSettled([both(world.trader.id, other.id), both(other.id, world.trader.id)]);
    await clock.advance(1);
    const ended = await pair;
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ended.find(({ status }) => status === 'rejected')).toMatchObject({ reason: expect.any(DeadlockDetected) });
  });

  it('that insert under one key wait for the first and then see what became of it', async () => {
    const run = runOf(world);
    const insert = (tx: StoreTx) => tx.runs.insert({ ...runOf(world), trigger: run.trigger });
    const letGo = gate();
    const failing = one.store.transaction(async (tx) => {
      await tx.runs.insert(run);
      await letGo.opened;
      throw new Error('changed my mind');
    });
    const inserting = one.store.transaction(insert);
    expect(await settles(inserting)).toBe(false);
    letGo.open();
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await inserting).toBe(true);
    expect(await one.store.transaction(insert)).toBe(false);
  });

  it('refuse a statement after their end and after one that failed', async () => {
    const late = await one.store.transaction(async (tx) => tx);
    await expect(late.users.count()).rejects.toThrow('was not awaited');
    const swallowed = one.store.transaction(async (tx) => {
      await tx.traders.insert(world.trader).catch(() => undefined);
      await expect(tx.users.count()).rejects.toThrow('aborted');
    });
    await expect(swallowed).rejects.toThrow('Expected the transaction to commit');
  });

  it('refuse a reference that leads nowhere, at the commit', async () => {
    const stranger = { ...world, trader: second() };
    await expect(one.store.transaction((tx) => tx.runs.insert(runOf(stranger)))).rejects.toThrow('foreign key');
  });
});

const idle = { onLane: async () => undefined, onSlot: async () => undefined };

describe('jobs on virtual time', () => {
  const wake = (store: Store) => store.transaction((tx) => tx.jobs.wake(world.trader.id));

  it('go to the next process at once when the dead one was alone', async () => {
    await one.jobs.start({ onLane: never, onSlot: never });
    await wake(one.store);
    await clock.advance(0);
    one.crash();
    const taken: number[][] = [];
    await open().jobs.start({ ...idle, onLane: async (lease) => void taken.push([lease.retryCount, lease.epoch]) });
    await clock.advance(0);
    expect(taken).toEqual([[1, 2]]);
  });

  it('go to a living process once the heartbeat of the dead one is missed', async () => {
    const other = open();
    const taken: number[] = [];
    await one.jobs.start({ onLane: never, onSlot: never });
    await wake(one.store);
    await clock.advance(0);
    await other.jobs.start({ ...idle, onLane: async (lease) => void taken.push(lease.retryCount) });
    one.crash();
    await clock.advance(9_999);
    expect(taken).toEqual([]);
    await clock.advance(1);
    expect(taken).toEqual([1]);
  });

  it('are all there after a power loss, but for what was not on disk', async () => {
    await wake(one.store);
    onCall = at('transaction.sync', () => database.powerLoss());
    const slot = { bindingId: world.binding.id, triggerIndex: 0, at: FAKE_EPOCH };
    expect(await settles(one.store.transaction((tx) => tx.jobs.scheduleSlot(slot)))).toBe(false);
    onCall = () => undefined;
    const seen: string[] = [];
    await open().jobs.start({ onLane: async () => void seen.push('lane'), onSlot: async () => void seen.push('slot') });
    await clock.advance(10_000);
    expect(seen).toEqual(['lane']);
  });

  it('bring a slot to the millisecond, and after a jump of the wall clock within seconds', async () => {
    const seen: number[] = [];
    await one.jobs.start({ ...idle, onSlot: async () => void seen.push(clock.monotonicMs()) });
    const schedule = (ms: number) =>
      one.store.transaction((tx) => tx.jobs.scheduleSlot({ bindingId: world.binding.id, triggerIndex: 0, at: addMs(clock.now(), ms) }));
    await schedule(60_000);
    await clock.advance(59_999);
    expect(seen).toEqual([]);
    await clock.advance(1);
    expect(seen).toEqual([60_000]);
    await schedule(3_600_000);
    clock.jumpWall(3_600_000);
    await clock.advance(5_000);
    expect(seen).toHaveLength(2);
  });

  it('let a taken lane be worked on again while its old worker does not know yet', async () => {
    const leases: AbortSignal[] = [];
    await one.jobs.start({
      ...idle,
      onLane: async ({ signal }) => {
        leases.push(signal);
        await never();
      },
    });
    expect(await one.jobs.loseLease(world.trader.id)).toBe(false);
    await wake(one.store);
    await clock.advance(0);
    expect(await one.jobs.loseLease(world.trader.id)).toBe(true);
    await clock.advance(0);
    expect(leases.map(({ aborted }) => aborted)).toEqual([false, false]);
    await clock.advance(4_000);
    expect(leases.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('wait longer after each failure', async () => {
    const seen: number[] = [];
    await one.jobs.start({
      ...idle,
      onLane: async () => {
        seen.push(clock.monotonicMs());
        throw new Error('not today');
      },
    });
    await wake(one.store);
    await clock.advance(16_000);
    expect(seen).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
  });
});
