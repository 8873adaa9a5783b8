import {
  decimal,
  INSTANCE_LIMITS_SETTING,
  type Kill,
  type KilledTrader,
  type RunOutcome,
  type TraderId,
  timestamp,
} from '@hyperoru/domain';
import {
  carryOnKills,
  createKeyedMutex,
  deleteTrader,
  disarmKillSwitch,
  drillKillSwitch,
  OrdersInFlight,
  ownerScope,
  type SubmitOutcome,
  setStatus,
  tripKillSwitch,
  type UseCaseResult,
  useKillSwitch,
} from '@hyperoru/engine';
import { type Bound, BTC, buy, gate, never, type Pipeline, wants } from '@hyperoru/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, valueOf } from './engine-world.ts';
import { openPipeline } from './harness/pipeline.ts';

let opened: Awaited<ReturnType<typeof openPipeline>>;
let p: Pipeline;
let bound: Bound;

beforeAll(async () => {
  opened = await openPipeline();
  p = opened.pipeline;
});
afterAll(() => opened.close());
beforeEach(async () => {
  await p.price('50000');
  await p.price('3000', buyEth.symbol);
  bound = await p.newTrader();
});
afterEach(async () => {
  p.exchange.probe = () => null;
  p.exchange.isDown = false;
  p.exchange.downFor.clear();
  p.exchange.losesEvents = false;
  await settled(disarmAll());
  await p.assertConsistent(bound);
});

const buyEth = { ...buy, symbol: 'ETH' as typeof BTC, stop_loss_price: 2900, take_profit_price: 3200 };
const rests = { ...buy, time_in_force: 'gtc', max_price: 49500 };

const me = () => ownerScope(p.records.ownerId, p.clock.now());
const kill = (traderId: TraderId | null = bound.trader.id) => settled(useKillSwitch(p.deps, me(), { traderId, reason: 'A test.' }));
const disarmAll = async (): Promise<void> => {
  for (const { id } of await p.records.read((tx) => tx.safety.listArmedKills()))
    valueOf(await disarmKillSwitch(p.deps, me(), { killId: id }));
};
const stored = (id: Kill['id']): Promise<Kill | null> => p.records.read((tx) => tx.safety.getKill(id));
const reportOf = (done: Kill, traderId: TraderId = bound.trader.id): KilledTrader | undefined =>
  done.traders.find((each) => each.traderId === traderId);
const atVenue = async (): Promise<readonly (string | null)[]> => [
  ...(await p.exchange.account(bound.trader.id)).positions.map(({ symbol }) => `position ${symbol}`),
  ...(await p.exchange.openOrders(bound.trader.id)).map(({ type }) => `order ${type.kind}`),
];
const closes = () => p.sentFor(bound).filter(({ reduceOnly, type }) => reduceOnly && type.kind === 'limit');

const settled = <T>(work: Promise<T>): Promise<T> => p.settled(work);

describe('the kill switch', () => {
  test('cancels entries, closes positions, verifies with the venue, removes the stops and reports it with times', async () => {
    await p.run(bound, wants(buy));
    await p.run(bound, wants({ ...buyEth, time_in_force: 'gtc', max_price: 2950 }));
    expect(await atVenue()).toHaveLength(4);
    const done = valueOf(await kill());
    expect(await atVenue()).toEqual([]);
    expect(reportOf(done)).toMatchObject({ canceledOrders: 1, closedPositions: 1, isFlat: true, problem: null });
    expect(reportOf(done)?.flatAfterMs).toBeGreaterThanOrEqual(0);
    expect(done.blockedAt).toBeGreaterThanOrEqual(done.startedAt);
    expect(done.finishedAt).not.toBeNull();
    expect(await stored(done.id)).toEqual(done);
    expect(closes()).toHaveLength(1);
  });

  test('blocks with its commit: what a model decides afterwards is not sent', async () => {
    const asked = gate();
    const answers = gate();
    p.model.will(bound.trader.name, async (request) => {
      asked.open();
      await answers.passed;
      return wants(buy)(request);
    });
    const { run } = await p.fire(bound);
    const working = p.work(bound);
    await asked.passed;
    valueOf(await kill());
    answers.open();
    await working;
    expect(await p.records.run(run.id)).toMatchObject({ outcome: 'denied' satisfies RunOutcome, code: 'killed' });
    expect(p.sentFor(bound)).toEqual([]);
  });

  test('waits for an entry that was on its way when it was used, and closes what it opened', async () => {
    const leaves = gate();
    const arrives = gate();
    p.exchange.probe = ({ reduceOnly }) =>
      reduceOnly
        ? null
        : {
            before: async () => {
              leaves.open();
              await arrives.passed;
            },
          };
    p.model.will(bound.trader.name, wants(buy));
    await p.fire(bound);
    const working = p.work(bound);
    await leaves.passed;
    const killing = useKillSwitch(p.deps, me(), { traderId: bound.trader.id, reason: 'A test.' });
    const early = await Promise.race([killing.then(() => 'answered'), p.clock.advance(200).then(() => 'waiting')]);
    expect(early).toBe('waiting');
    arrives.open();
    const done = valueOf(await settled(killing));
    await working;
    expect(reportOf(done)).toMatchObject({ isFlat: true, closedPositions: 1 });
    expect((await p.exchange.account(bound.trader.id)).positions).toEqual([]);
  });

  test('pauses the trader under a new generation, leaves others alone and does not resume anyone when it is disarmed', async () => {
    const other = await p.newTrader();
    const done = valueOf(await kill());
    const after = await p.records.trader(bound.trader.id);
    expect(after).toMatchObject({ isActive: false, generation: bound.trader.generation + 1 });
    expect((await p.run(other, wants(buy))).outcome).toBe('traded');
    const input = { traderId: bound.trader.id, status: 'active' } as const;
    expect(codeOf(await setStatus(p.deps, me(), input))).toBe('killed');
    const [disarmed] = valueOf(await disarmKillSwitch(p.deps, me(), { traderId: bound.trader.id }));
    expect(disarmed).toMatchObject({ id: done.id, disarmedAt: p.clock.now(), disarmedBy: `user:${bound.trader.ownerId}` });
    expect((await p.records.trader(bound.trader.id)).isActive).toBe(false);
    valueOf(await setStatus(p.deps, me(), input));
    expect((await p.run(bound, wants(buy))).outcome).toBe('traded');
  });

  test('is disarmed only by who proved the password again, and changes nothing the second time', async () => {
    const done = valueOf(await kill());
    const input = { killId: done.id };
    expect(codeOf(await disarmKillSwitch(p.deps, ownerScope(p.records.ownerId), input))).toBe('step_up_required');
    const once = valueOf(await disarmKillSwitch(p.deps, me(), input));
    await p.clock.advance(1_000);
    expect(valueOf(await disarmKillSwitch(p.deps, me(), input))).toEqual(once);
  });

  test('stops the instance for its owners only, and each trader for its own person only', async () => {
    const id = await p.records.insertMember('bob', p.clock.now());
    const bob = ownerScope(id, p.clock.now());
    expect(codeOf(await useKillSwitch(p.deps, bob, { traderId: null, reason: 'A test.' }))).toBe('forbidden');
    expect(codeOf(await useKillSwitch(p.deps, bob, { traderId: bound.trader.id, reason: 'A test.' }))).toBe('not_found');
    const done = valueOf(await kill(null));
    expect(codeOf(await disarmKillSwitch(p.deps, bob, { killId: done.id }))).toBe('forbidden');
    expect(codeOf(await disarmKillSwitch(p.deps, bob, { traderId: null }))).toBe('forbidden');
  });

  test('empties 20 positions of the instance; none of them enters while it is armed', async () => {
    const all = [bound];
    for (let i = 1; i < 20; i++) all.push(await p.newTrader());
    for (const each of all) expect((await p.run(each, wants(buy))).outcome).toBe('traded');
    const done = valueOf(await kill(null));
    for (const { trader } of all) {
      expect(reportOf(done, trader.id)).toMatchObject({ isFlat: true, closedPositions: 1 });
      expect((await p.exchange.account(trader.id)).positions).toEqual([]);
    }
    const later = await p.newTrader();
    expect(await p.run(later, wants(buy))).toMatchObject({ outcome: 'denied', code: 'killed' });
  });

  test('tries again what the venue refuses, and in parts what the book fills in parts', async () => {
    await p.run(bound, wants(buy));
    let refusals = 2;
    const refuse = async (): Promise<SubmitOutcome> => ({ kind: 'rejected', code: 'busy', message: 'Later.' });
    p.exchange.probe = ({ reduceOnly }) => (reduceOnly && refusals-- > 0 ? { instead: refuse } : null);
    expect(reportOf(valueOf(await kill()))).toMatchObject({ isFlat: true, closedPositions: 1 });
    expect(closes()).toHaveLength(3);
  });

  test('closes what the venue holds, also when its news never reached us', async () => {
    p.exchange.losesEvents = true;
    await p.run(bound, wants(rests));
    await p.price('49400');
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
    p.exchange.losesEvents = false;
    expect(reportOf(valueOf(await kill()))).toMatchObject({ isFlat: true, closedPositions: 1 });
    await p.reconcile(bound);
    expect(await p.records.closed(bound.trader.id)).toMatchObject([{ side: 'long' }]);
  });

  test('cancels an entry that somebody else placed on the account', async () => {
    await p.exchange.placeOrder(bound.trader.id, {
      clientOrderId: '0x00000000000000000000000000000abc',
      symbol: BTC,
      side: 'buy',
      type: { kind: 'limit', price: decimal('40000'), timeInForce: 'gtc' },
      quantity: decimal('0.01'),
      reduceOnly: false,
      leverage: 1,
      deadline: timestamp(p.clock.now() + 5_000),
      nonce: 1,
    });
    expect(reportOf(valueOf(await kill()))).toMatchObject({ isFlat: true, canceledOrders: 1 });
    expect(await atVenue()).toEqual([]);
  });

  test('names what it could not verify, alerts, keeps blocking and goes on until the venue answers', async () => {
    await p.run(bound, wants(buy));
    p.exchange.downFor.add(bound.trader.id);
    const begun = valueOf(await kill());
    expect(begun.finishedAt).toBeNull();
    expect(reportOf(begun)).toMatchObject({ isFlat: false, flatAfterMs: null, problem: expect.stringContaining('does not answer') });
    expect(p.alerts.filter(({ code, traderId }) => code === 'kill_not_flat' && traderId === bound.trader.id)).toHaveLength(1);
    await settled(carryOnKills(p.deps));
    expect((await stored(begun.id))?.finishedAt).toBeNull();
    expect(p.alerts.filter(({ code, traderId }) => code === 'kill_not_flat' && traderId === bound.trader.id)).toHaveLength(1);
    p.exchange.downFor.clear();
    await settled(carryOnKills(p.deps));
    const done = await stored(begun.id);
    expect(done?.finishedAt).not.toBeNull();
    expect(done && reportOf(done)?.flatAfterMs).toBeGreaterThan(0);
    expect(await atVenue()).toEqual([]);
  });

  test('ends for a trader that was deleted meanwhile and has left its venue', async () => {
    await p.run(bound, wants(buy));
    p.exchange.downFor.add(bound.trader.id);
    const begun = valueOf(await kill());
    p.exchange.downFor.clear();
    valueOf(await deleteTrader(p.deps, me(), { traderId: bound.trader.id }));
    p.exchange.downFor.add(bound.trader.id);
    await settled(carryOnKills(p.deps));
    p.exchange.downFor.clear();
    expect(await stored(begun.id)).toMatchObject({ traders: [{ isFlat: true }] });
  });

  test('stops closing when it is disarmed before everything is flat', async () => {
    await p.run(bound, wants(buy));
    p.exchange.downFor.add(bound.trader.id);
    const begun = valueOf(await kill());
    const [disarmed] = valueOf(await disarmKillSwitch(p.deps, me(), { killId: begun.id }));
    p.exchange.downFor.clear();
    await settled(carryOnKills(p.deps));
    expect(closes()).toEqual([]);
    expect(await stored(begun.id)).toEqual(disarmed);
    expect(disarmed?.finishedAt).toBe(disarmed?.disarmedAt);
  });
});

describe('a kill that two processes carry out at once', () => {
  const others = () => ({ ...p.deps, mutex: createKeyedMutex(), inFlight: new OrdersInFlight() });

  test('ends flat, with the report of both and no error in either', async () => {
    const other = await p.newTrader();
    for (const each of [bound, other]) await p.run(each, wants(buy));
    p.exchange.isDown = true;
    const begun = valueOf(await kill(null));
    p.exchange.isDown = false;
    await settled(Promise.all([carryOnKills(p.deps), carryOnKills(others())]));
    const done = await stored(begun.id);
    expect(done?.finishedAt).not.toBeNull();
    for (const { trader } of [bound, other]) {
      expect(done && reportOf(done, trader.id)).toMatchObject({ isFlat: true, problem: null });
      expect((await p.exchange.account(trader.id)).positions).toEqual([]);
    }
    expect(p.log.entries.filter(({ event }) => event === 'kill.failed')).toEqual([]);
  });

  test('stays disarmed when one disarms it while the other reports', async () => {
    await p.run(bound, wants(buy));
    p.exchange.downFor.add(bound.trader.id);
    const begun = valueOf(await kill());
    const reported = gate();
    const disarmed = gate();
    const slow = p.opened.store.transaction(async (tx) => {
      const held = await tx.safety.lockKill(begun.id);
      reported.open();
      await disarmed.passed;
      if (held !== null) await tx.safety.updateKill({ ...held, reason: 'Reported.' });
    });
    await reported.passed;
    const disarming = disarmKillSwitch(others(), me(), { killId: begun.id });
    disarmed.open();
    await slow;
    valueOf(await disarming);
    expect(await stored(begun.id)).toMatchObject({ reason: 'Reported.', disarmedAt: p.clock.now() });
  });
});

describe('a kill that a crash interrupts', () => {
  const interruptions = {
    'before the first byte of a close': { before: () => never },
    'after the venue closed and before it said so': { answer: () => never },
  };
  for (const [when, probe] of Object.entries(interruptions)) {
    test(`${when} still blocks and is carried on at the next start`, async () => {
      await p.run(bound, wants(buy));
      p.exchange.probe = ({ reduceOnly }) => (reduceOnly ? probe : null);
      void useKillSwitch(p.deps, me(), { traderId: bound.trader.id, reason: 'A test.' });
      while (closes().length === 0) await new Promise((resolve) => setImmediate(resolve));
      await p.clock.advance(0);
      p.crash();
      expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'skipped', code: 'trader_paused' });
      await settled(carryOnKills(p.deps));
      await finished();
    });
  }

  test('right after its commit still blocks and is carried on at the next start', async () => {
    await p.run(bound, wants(buy));
    const dead = { ...p.deps, venue: () => ({ ...p.connection, exchange: hanging(p.connection.exchange) }) };
    void useKillSwitch(dead, me(), { traderId: bound.trader.id, reason: 'A test.' });
    while ((await p.records.read((tx) => tx.safety.listUnfinishedKills())).length === 0) await Promise.resolve();
    p.crash();
    await settled(carryOnKills(p.deps));
    await finished();
  });

  test('between flat and its report says once more that it is flat', async () => {
    await p.run(bound, wants(buy));
    p.exchange.downFor.add(bound.trader.id);
    const begun = valueOf(await kill());
    p.exchange.downFor.clear();
    const { id } = begun;
    await settled(carryOnKills(p.deps));
    // As the record stood before the last pass reported.
    await p.records.read((tx) => tx.safety.updateKill(begun));
    p.crash();
    await settled(carryOnKills(p.deps));
    expect(await stored(id)).toMatchObject({ traders: [{ isFlat: true }] });
    await finished();
  });

  const finished = async (): Promise<void> => {
    await p.clock.advance(60_000);
    await p.reconcile(bound);
    expect(await p.records.read((tx) => tx.safety.listUnfinishedKills())).toEqual([]);
    expect(await atVenue()).toEqual([]);
    expect((await p.records.read((tx) => tx.safety.listArmedKills())).map(({ traderId }) => traderId)).toEqual([bound.trader.id]);
  };
});

describe('a drill', () => {
  test('does the same to a paper trader, disarms itself and leaves the trader paused', async () => {
    await p.run(bound, wants(buy));
    const done = valueOf(await settled(drillKillSwitch(p.deps, me(), { traderId: bound.trader.id })));
    expect(reportOf(done)).toMatchObject({ isFlat: true, closedPositions: 1 });
    expect(done).toMatchObject({ isDrill: true, disarmedAt: done.finishedAt, disarmedBy: 'system' });
    expect(await atVenue()).toEqual([]);
    expect((await p.records.trader(bound.trader.id)).isActive).toBe(false);
    valueOf(await setStatus(p.deps, me(), { traderId: bound.trader.id, status: 'active' }));
    expect((await p.run(bound, wants(buy))).outcome).toBe('traded');
  });

  test('is refused to whatever trades anywhere else', async () => {
    const real = async (environment: 'testnet' | 'mainnet'): Promise<UseCaseResult<Kill>> => {
      await p.records.updateTrader(bound.trader.id, { exchange: { venue: 'hyperliquid', environment } });
      return drillKillSwitch(p.deps, me(), { traderId: bound.trader.id });
    };
    expect(codeOf(await real('testnet'))).toBe('drill_on_paper_only');
    expect(codeOf(await real('mainnet'))).toBe('drill_on_paper_only');
    await p.records.updateTrader(bound.trader.id, { exchange: null });
    expect(codeOf(await drillKillSwitch(p.deps, me(), { traderId: bound.trader.id }))).toBe('drill_on_paper_only');
  });
});

describe('an instance that stops itself', () => {
  test('does so once while it is armed, with an alert', async () => {
    await p.run(bound, wants(buy));
    const tripped = await tripKillSwitch(p.deps, 'Too much.');
    expect((await tripKillSwitch(p.deps, 'Too much.')).id).toBe(tripped.id);
    await settled(carryOnKills(p.deps));
    expect(await stored(tripped.id)).toMatchObject({ traderId: null, actor: 'system', reason: 'Too much.' });
    expect(await atVenue()).toEqual([]);
    expect(p.alerts.filter(({ code }) => code === 'kill_tripped')).toHaveLength(1);
  });

  test('does so when more entries want to leave than its budget allows', async () => {
    await p.clock.advance(60_001);
    await p.price('50000');
    await p.price('3000', buyEth.symbol);
    const limits = { maxTotalNotional: null, maxLeverage: null, maxDailyLoss: null, maxOrdersPerMinute: 1 };
    await p.records.read((tx) => tx.journal.putSetting(INSTANCE_LIMITS_SETTING, limits));
    expect((await p.run(bound, wants(buy, buyEth))).outcome).toBe('traded');
    await settled(carryOnKills(p.deps));
    await p.records.read((tx) => tx.journal.putSetting(INSTANCE_LIMITS_SETTING, { ...limits, maxOrdersPerMinute: 300 }));
    expect((await p.records.trader(bound.trader.id)).isActive).toBe(false);
    expect((await p.records.read((tx) => tx.safety.listArmedKills())).map(({ actor }) => actor)).toEqual(['system']);
    expect(await atVenue()).toEqual([]);
  });
});

/** A venue that answers nothing any more. */
function hanging<T extends object>(exchange: T): T {
  return new Proxy(exchange, { get: () => () => never });
}
