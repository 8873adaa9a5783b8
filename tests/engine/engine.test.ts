import { addMs, decimal, type Run, type Timestamp, toIso } from '@hyperoru/domain';
import {
  createEngine,
  type Engine,
  type JobHandlers,
  type JobRunner,
  type LaneLease,
  nextSlot,
  VenueUnavailable,
  workSlot,
} from '@hyperoru/engine';
import { type Bound, buy, ETH, fails, gate, type Pipeline, wants } from '@hyperoru/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPipeline } from './harness/pipeline.ts';
import { until } from './harness/until.ts';

let opened: Awaited<ReturnType<typeof openPipeline>>;
let p: Pipeline;

beforeAll(async () => {
  opened = await openPipeline();
  p = opened.pipeline;
});
afterAll(() => opened.close());
beforeEach(async () => {
  await p.price('50000');
  await p.price('3000', ETH);
});

const finished = async ({ id }: Pick<Run, 'id'>): Promise<boolean> => (await p.records.run(id)).state === 'finished';
/** Virtual time moves on until the work is done: whoever waits for a moment of the clock gets it. */
async function whileTimePasses(work: Promise<void>): Promise<void> {
  let isDone = false;
  const end = (): void => {
    isDone = true;
  };
  work.then(end, end);
  await until('the work ends', async () => {
    await p.clock.advance(100);
    return isDone;
  });
  await work;
}

const askedBy = ({ trader }: Bound): number => p.model.asked.filter(({ model }) => model === trader.name).length;

describe('lanes on the job queue', () => {
  let engine: Engine;

  beforeEach(async () => {
    engine = createEngine(p.deps, { jobs: p.opened.jobs, connections: [p.connection] });
    await engine.recover();
    await engine.start();
  });
  afterEach(() => whileTimePasses(engine.stop(5_000)));

  test('a slow model of one trader delays no other trader, and the runs of one trader follow each other', async () => {
    const [slow, quick] = [await p.newTrader(), await p.newTrader()];
    const thinking = gate();
    p.model.will(slow.trader.name, async (request) => {
      await thinking.passed;
      return wants(buy)(request);
    });
    p.model.will(quick.trader.name, wants(buy));
    const first = await p.fire(slow);
    await p.clock.advance(1);
    const second = await p.fire(slow);
    await until('the slow model is asked', () => askedBy(slow) === 1);
    const other = await p.fire(quick);
    await until('the quick trader has traded', () => finished(other.run));
    expect(await p.records.run(other.run.id)).toMatchObject({ outcome: 'traded' });
    expect([askedBy(slow), await finished(first.run), await finished(second.run)]).toEqual([1, false, false]);
    thinking.open();
    await until('both runs have ended', () => finished(second.run));
    expect(await p.records.run(first.run.id)).toMatchObject({ outcome: 'traded' });
    expect(askedBy(slow)).toBe(2);
  });

  test('twenty arrivals of one event, while the lane works, are one run', async () => {
    const bound = await p.newTrader();
    p.model.will(bound.trader.name, wants(buy));
    const fired = await Promise.all(Array.from({ length: 20 }, () => p.fire(bound, 'event-1')));
    await until('the run has ended', async () => (await p.outcomes(bound)).includes('traded'));
    expect(new Set(fired.map(({ run }) => run.id)).size).toBe(1);
    expect(askedBy(bound)).toBe(1);
    expect((await p.outcomes(bound)).filter((outcome) => outcome === 'duplicate')).toHaveLength(19);
    await p.assertConsistent(bound);
  });

  test('what was queued when a process stopped is worked off by the next one', async () => {
    const bound = await p.newTrader();
    const { run: thinkingRun } = await fireAndThink(bound);
    const { run: queued } = await p.fire(bound);
    await whileTimePasses(engine.stop(0));
    engine = createEngine(p.deps, { jobs: p.opened.jobs, connections: [p.connection] });
    await engine.recover();
    await engine.start();
    await until('both runs have ended', async () => (await finished(queued)) && (await finished(thinkingRun)));
    expect(await p.records.run(thinkingRun.id)).toMatchObject({ outcome: 'skipped', code: 'interrupted' });
    expect(await p.records.run(queued.id)).toMatchObject({ outcome: 'held' });
  });

  /** A run whose model answers only by giving up. */
  async function fireAndThink(bound: Bound) {
    p.model.will(bound.trader.name, async (request) => {
      await new Promise<void>((resolve) => request.signal?.addEventListener('abort', () => resolve(), { once: true }));
      return fails('model_canceled')(request);
    });
    const fired = await p.fire(bound);
    await until('the model is asked', () => askedBy(bound) === 1);
    return fired;
  }
});

describe('recovery', () => {
  /** Hands the handlers to the test, which decides what is due. */
  function manualJobs(): JobRunner & { readonly handlers: JobHandlers } {
    let given: JobHandlers | null = null;
    return {
      start: async (handlers) => {
        given = handlers;
      },
      stop: async () => undefined,
      get handlers() {
        if (given === null) throw new Error('Expected the engine to be started.');
        return given;
      },
    };
  }

  const leaseOf = ({ trader }: Bound): LaneLease => ({
    traderId: trader.id,
    signal: new AbortController().signal,
    retryCount: 0,
    epoch: 0,
    completeIn: async () => undefined,
    assertHeldFor: async () => undefined,
  });

  test('a venue that does not answer for one trader stops neither the start nor the others; that trader enters only after its own recovery', async () => {
    const [mute, other] = [await p.newTrader(), await p.newTrader()];
    const jobs = manualJobs();
    const engine = createEngine(p.deps, { jobs, connections: [p.connection] });
    p.exchange.downFor.add(mute.trader.id);
    await engine.recover();
    await engine.start();
    p.model.will(other.trader.name, wants(buy));
    p.model.will(mute.trader.name, wants(buy));
    const [waiting, traded] = [await p.fire(mute), await p.fire(other)];
    await jobs.handlers.onLane(leaseOf(other));
    expect(await p.records.run(traded.run.id)).toMatchObject({ outcome: 'traded' });
    await expect(jobs.handlers.onLane(leaseOf(mute))).rejects.toThrow(VenueUnavailable);
    expect(await p.records.run(waiting.run.id)).toMatchObject({ state: 'queued' });
    p.exchange.downFor.clear();
    await jobs.handlers.onLane(leaseOf(mute));
    expect(await p.records.run(waiting.run.id)).toMatchObject({ outcome: 'traded' });
    await engine.stop(0);
    for (const bound of [mute, other]) await p.assertConsistent(bound);
  });

  test('what happened while nobody listened is found, although an event arrives before that was read', async () => {
    const bound = await p.newTrader();
    await p.run(bound, wants(buy));
    p.exchange.losesEvents = true;
    await p.price('48900');
    await p.clock.advance(600_000);
    await p.price('48900');
    p.exchange.losesEvents = false;
    const engine = createEngine(p.deps, { jobs: manualJobs(), connections: [p.connection] });
    let isFirst = true;
    p.exchange.beforeFills = async () => {
      if (!isFirst) return;
      isFirst = false;
      await buyByHand(bound);
      await until('the event is booked', async () => (await p.records.positions(bound.trader.id)).some(({ symbol }) => symbol === ETH));
    };
    await engine.recover();
    p.exchange.beforeFills = () => undefined;
    expect(await p.records.closed(bound.trader.id)).toMatchObject([{ symbol: 'BTC', closedBy: 'stop_loss' }]);
    await p.assertConsistent(bound);
    await engine.stop(0);
  });

  /** An order that is not ours, straight at the venue. */
  const buyByHand = ({ trader }: Bound) =>
    p.exchange.placeOrder(trader.id, {
      clientOrderId: `by-hand-${trader.id}`,
      symbol: ETH,
      side: 'buy',
      type: { kind: 'limit', price: decimal('3100'), timeInForce: 'ioc' },
      quantity: decimal('0.1'),
      reduceOnly: false,
      leverage: 1,
      nonce: 1,
      deadline: addMs(p.clock.now(), 5_000),
    });

  test('the round every minute finds what events did not tell, and what no record points at', async () => {
    const bound = await p.newTrader();
    const engine = createEngine(p.deps, { jobs: manualJobs(), connections: [p.connection] });
    await engine.recover();
    await engine.start();
    p.exchange.losesEvents = true;
    await p.run(bound, wants(buy));
    await p.price('48900');
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
    await p.clock.advance(60_000);
    await until('the stop-loss is booked', async () => (await p.records.positions(bound.trader.id)).length === 0);
    await buyByHand(bound);
    await until('what was done by hand is booked', async () => {
      // The round before may still be busy; the one after it will see the order.
      await p.clock.advance(60_000);
      return (await p.records.positions(bound.trader.id)).length === 1;
    });
    expect(await p.records.positions(bound.trader.id)).toMatchObject([{ symbol: 'ETH', openedByDecisionId: null }]);
    p.exchange.losesEvents = false;
    await engine.stop(0);
    await p.assertConsistent(bound);
  });
});

describe('schedule slots', () => {
  const due = ({ binding }: Bound): Timestamp => nextSlot({ type: 'schedule', intervalSeconds: 60 }, p.clock.now(), binding.id);
  const slotOf = ({ binding }: Bound, at: Timestamp) => ({ bindingId: binding.id, triggerIndex: 0, at });

  test('a slot that is delivered twice starts one run', async () => {
    const bound = await p.newTrader();
    const at = due(bound);
    for (let delivery = 0; delivery < 2; delivery++) await workSlot(p.deps, slotOf(bound, at));
    await p.work(bound);
    expect(await p.outcomes(bound)).toEqual(['duplicate', 'held']);
  });

  test('two slots are two runs, each named by its moment', async () => {
    const bound = await p.newTrader();
    const at = due(bound);
    await workSlot(p.deps, slotOf(bound, at));
    await workSlot(p.deps, slotOf(bound, addMs(at, 60_000)));
    const open = await p.records.read((tx) => tx.runs.listOpen(bound.trader.id));
    expect(open.map(({ trigger }) => trigger.eventId).sort()).toEqual([`0@${toIso(at)}`, `0@${toIso(addMs(at, 60_000))}`]);
  });

  test('a slot that comes after more than 30 s, because nobody was there, is late', async () => {
    const bound = await p.newTrader();
    const at = due(bound);
    await p.clock.advance(3_600_000);
    await workSlot(p.deps, slotOf(bound, at));
    await p.work(bound);
    expect(await p.outcomes(bound)).toEqual(['late']);
  });

  test('a slot of a schedule that was changed since starts nothing', async () => {
    const bound = await p.newTrader();
    await workSlot(p.deps, slotOf(bound, addMs(due(bound), 1_000)));
    expect(await p.outcomes(bound)).toEqual([]);
  });

  test.each([
    ['of a paused trader', async (bound: Bound) => p.records.setActive(bound.trader.id, false)],
    ['of a deleted trader', async (bound: Bound) => p.records.updateTrader(bound.trader.id, { deletedAt: p.clock.now() })],
    ['of a binding that is off', async (bound: Bound) => p.records.read((tx) => tx.bindings.update({ ...bound.binding, enabled: false }))],
    [
      'of a binding whose trigger is gone',
      async (bound: Bound) => p.records.read((tx) => tx.bindings.update({ ...bound.binding, triggers: [] })),
    ],
  ])('a slot %s starts nothing', async (_name, change) => {
    const bound = await p.newTrader();
    await change(bound);
    await workSlot(p.deps, slotOf(bound, due(bound)));
    expect(await p.outcomes(bound)).toEqual([]);
  });
});
