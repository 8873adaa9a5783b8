import { abs, type Decimal, decimal, gte, type Order, sum } from '@hyperoru/domain';
import { closePosition, ownerScope } from '@hyperoru/engine';
import { type Bound, BTC, buy, type Pipeline, type Probe, wants } from '@hyperoru/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Failpoint, Failpoints } from './harness/failpoints.ts';
import { openPipeline } from './harness/pipeline.ts';

/**
 * Every awaited call on the way of an order, crash before and after it: a scenario runs once to learn its moments, then once
 * for each of them with a process that dies there and a new one that recovers on the same database and venue.
 */
const POINTS_MIN = 60;
/** Concurrent events make some moments come in another order; a moment that did not come is tried again. */
const TRIES_MAX = 5;
const LIVES_TO_LEARN = 3;
/** Longer than any doubt lasts: deadline, margin and three looks five seconds apart. */
const CALM_SECONDS = 30;
/** Far more than it takes on a machine of its own. */
const WALK_MS_MAX = 240_000;

interface Scenario {
  readonly name: string;
  /** Happens before anything can die. */
  readonly given?: () => Promise<unknown>;
  readonly act: () => Promise<unknown>;
}

let opened: Awaited<ReturnType<typeof openPipeline>>;
let p: Pipeline;
let bound: Bound;
const walked = new Set<string>();
/** What the resting entry was between its two fills. */
let partial: string | null = null;

beforeAll(async () => {
  opened = await openPipeline();
  p = opened.pipeline;
});
afterAll(() => opened.close());
beforeEach(() => p.clock.advance(60_000));

const refusal: Probe = { instead: async () => ({ kind: 'rejected', code: 'venue_says_no', message: 'No.' }) };
const refuseStops = (): void => {
  p.exchange.probe = ({ type }) => (type.kind === 'trigger' && type.trigger === 'stop_loss' ? refusal : null);
};
/** 2 BTC, of which the modelled book gives about one at the first level. */
const large = { ...buy, target_portion_of_balance: 0.5, leverage: 20, stop_loss_price: 49500, take_profit_price: 52000 };
const closing = { operation: 'close', symbol: 'BTC' } as const;

/** A process that dies once the entry has left: at the venue, or on its way. */
async function dieWhileSending(where: 'before' | 'answer'): Promise<void> {
  const points = new Failpoints(`place › placeOrder 1 · ${where === 'before' ? 'before' : 'after'}`);
  await dieIn(points, () => p.run(bound, wants(buy)));
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'an entry that is filled at once', act: () => p.run(bound, wants(buy)) },
  {
    name: 'an entry that rests and is filled in parts',
    act: async () => {
      // The price comes nearer while the order is on its way: the first level is in reach, the rest waits for the second fall.
      p.exchange.probe = ({ reduceOnly }) => (reduceOnly ? null : { before: () => p.market.setMark(BTC, '49988') });
      await p.run(bound, wants({ ...large, time_in_force: 'gtc', max_price: 49994 }));
      partial ??= (await p.records.openOrders(bound.trader.id)).find(({ purpose }) => purpose === 'entry')?.state ?? null;
      await p.price('49950');
    },
  },
  { name: 'a close', given: () => p.run(bound, wants(buy)), act: () => p.run(bound, wants(closing)) },
  {
    name: 'a close that a person asks for',
    given: () => p.run(bound, wants(buy)),
    act: async () => {
      const [position] = await p.records.positions(bound.trader.id);
      if (position !== undefined) await closePosition(p.deps, ownerScope(bound.trader.ownerId), { positionId: position.id });
    },
  },
  { name: 'a stop-loss that is hit', given: () => p.run(bound, wants(buy)), act: () => p.price('48900') },
  {
    name: 'a stop-loss that is refused, so that the position is closed',
    act: () => {
      refuseStops();
      return p.run(bound, wants(buy));
    },
  },
  {
    name: 'the recovery of an entry that was filled unheard',
    given: () => dieWhileSending('answer'),
    act: () => p.reconcile(bound, { isStart: true }),
  },
  {
    name: 'the recovery of an entry that never arrived',
    given: () => dieWhileSending('before'),
    act: async () => {
      await p.reconcile(bound, { isStart: true });
      await p.pass(bound, 20);
    },
  },
];

/** Lets a process work until it is done or dead; then another one stands in its place. */
async function dieIn(points: Failpoints, act: () => Promise<unknown>): Promise<void> {
  p.interpose = (deps) => points.around(deps);
  p.crash();
  p.assertHeldFor = () => points.pass('lane › assertHeldFor');
  // Whoever was killed says nothing any more, not even that it failed.
  await Promise.race([act(), points.died]);
  p.interpose = (deps) => deps;
  p.assertHeldFor = () => undefined;
  p.crash();
}

/** One life of the scenario: a trader of its own, a process that may die, its successor, and what must be true then. */
async function live(scenario: Scenario, crashAt: Failpoint | null): Promise<Failpoints> {
  await p.price('50000');
  bound = await p.newTrader({ risk: { maxLeverage: 20, maxOrderNotional: decimal('150000'), maxTotalNotional: decimal('150000') } });
  await scenario.given?.();
  await p.price('50000');
  const points = new Failpoints(crashAt);
  const { probe } = p.exchange;
  await dieIn(points, scenario.act);
  p.exchange.probe = probe;
  await p.reconcile(bound, { isStart: true });
  await p.work(bound);
  await untilCertain();
  await assertSound();
  await assertAlive();
  return points;
}

/** Looks at the venue as often as the proof of absence needs it. */
async function untilCertain(): Promise<void> {
  for (let passed = 0; passed < CALM_SECONDS; passed += 5) {
    const open = await p.records.openOrders(bound.trader.id);
    if (passed > 0 && !open.some(isDoubtful)) return;
    await p.pass(bound, 5);
  }
}

const isDoubtful = ({ state }: Order): boolean => state === 'unknown' || state === 'sent';

async function assertSound(): Promise<void> {
  await p.assertConsistent(bound);
  await assertCovered();
  const ids = p.sentFor(bound).map(({ clientOrderId }) => clientOrderId);
  expect(new Set(ids).size, 'no order left twice').toBe(ids.length);
  expect(p.sentFor(bound).filter(({ reduceOnly }) => !reduceOnly).length, 'entries that left').toBeLessThanOrEqual(1);
  const open = await p.records.openOrders(bound.trader.id);
  expect(open.filter(isDoubtful)).toEqual([]);
  expect(await p.records.read((tx) => tx.runs.listOpen(bound.trader.id))).toEqual([]);
}

/** The stops that rest at the venue cover what is held. */
async function assertCovered(): Promise<void> {
  const { positions } = await p.exchange.account(bound.trader.id);
  const resting = await p.exchange.openOrders(bound.trader.id);
  for (const held of positions) {
    const stops = resting.filter(({ type, symbol }) => type.kind === 'trigger' && type.trigger === 'stop_loss' && symbol === held.symbol);
    const covered: Decimal = sum(stops.map(({ quantity }) => quantity));
    expect(gte(covered, abs(held.quantity)), `stops ${covered} cover ${held.quantity} ${held.symbol}`).toBe(true);
  }
}

/** Nothing is stuck: what is held can be closed, and the trader ends flat and without orders. */
async function assertAlive(): Promise<void> {
  p.exchange.probe = () => null;
  await p.price('49950');
  if ((await p.records.positions(bound.trader.id)).length > 0) await p.run(bound, wants(closing));
  await p.exchange.closeAccount(bound.trader.id);
  await p.idle();
  expect(await p.records.positions(bound.trader.id)).toEqual([]);
  expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
}

/** Moments that every life of the scenario has; concurrent events add others now and then, which are no place to wait for. */
async function learn(scenario: Scenario): Promise<readonly Failpoint[]> {
  let seen = (await live(scenario, null)).seen;
  for (let count = 1; count < LIVES_TO_LEARN; count++) {
    const again = new Set((await live(scenario, null)).seen);
    seen = seen.filter((point) => again.has(point));
  }
  return seen;
}

/** A moment that did not come in this life may come in the next one. */
async function walk(scenario: Scenario, point: Failpoint): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) if ((await live(scenario, point)).isDead) return;
  throw new Error(`Expected to reach "${point}" in ${TRIES_MAX} tries.`);
}

describe('nothing is lost, doubled, bare or stuck after a crash at any moment of', () => {
  test.each(SCENARIOS)(
    '$name',
    async (scenario) => {
      const seen = await learn(scenario);
      for (const [index, point] of seen.entries()) {
        walked.add(`${scenario.name}: ${point}`);
        // Before a call is the same moment as after the one in front of it: nothing durable lies between them.
        if (point.endsWith('before') && seen[index - 1]?.endsWith('after') === true) continue;
        await walk(scenario, point).catch((error: unknown) => {
          throw new Error(`Died at "${point}": ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        });
      }
    },
    WALK_MS_MAX,
  );

  test(`at least ${POINTS_MIN} moments`, () => {
    expect(partial, 'the entry that rests').toBe('partially_filled');
    expect(walked.size).toBeGreaterThanOrEqual(POINTS_MIN);
  });
});
