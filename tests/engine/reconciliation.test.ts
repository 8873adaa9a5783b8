import { add, decimal, type Order, type RiskLimits, sub } from '@hyperoru/domain';
import { glanceAtAll, type VenueAccount, VenueUnavailable } from '@hyperoru/engine';
import { type Bound, BTC, buy, type Pipeline, wants } from '@hyperoru/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
  bound = await p.newTrader();
});
afterEach(async () => {
  await p.assertConsistent(bound);
  p.exchange.calm();
});

const alertsOf = (code: string) => p.alerts.filter((alert) => alert.traderId === bound.trader.id && alert.code === code);
const withRisk = async (risk: Partial<RiskLimits>): Promise<void> => {
  bound = await p.newTrader({ risk });
};
const own = (change: (account: VenueAccount) => VenueAccount): void => {
  p.exchange.accountAs = change;
};
const poorer = (account: VenueAccount): VenueAccount => ({ ...account, balance: sub(account.balance, decimal('37.5')) });
const smaller = (account: VenueAccount): VenueAccount => ({
  ...account,
  positions: account.positions.map((each) => ({ ...each, quantity: sub(each.quantity, decimal('0.01')) })),
});
const rests = { ...buy, time_in_force: 'gtc', max_price: 49500 } as const;
const entryOf = async (run: { readonly id: string }): Promise<Order> => {
  const [entry] = await p.records.ordersOf(run as never, 'entry');
  if (entry === undefined) throw new Error('Expected an entry.');
  return entry;
};
const lookAfter = async (ms: number): Promise<void> => {
  await p.clock.advance(ms);
  await p.reconcile(bound);
};

describe('a difference that no fill explains', () => {
  test('of the balance is booked after it stayed the same for ten seconds, with an alert, and not before', async () => {
    const before = await p.records.balance(bound.trader.id);
    own(poorer);
    await p.reconcile(bound);
    await lookAfter(9_999);
    expect(await p.records.balance(bound.trader.id)).toBe(before);
    await lookAfter(1);
    expect(await p.records.balance(bound.trader.id)).toBe(sub(decimal(before), decimal('37.5')));
    expect(alertsOf('balance_adjusted')).toHaveLength(1);
    expect(await p.records.reconciliation(bound.trader.id)).toMatchObject({ status: 'adjusted', lastGoodAt: p.clock.now() });
    await lookAfter(5_000);
    expect(await p.records.reconciliation(bound.trader.id)).toMatchObject({ status: 'ok' });
    expect(alertsOf('balance_adjusted')).toHaveLength(1);
  });

  test('of a position follows the venue, with a critical alert, and its stops follow too', async () => {
    await p.run(bound, wants(buy));
    own(smaller);
    await p.pass(bound, 15);
    expect(alertsOf('position_adjusted')).toMatchObject([{ severity: 'critical' }]);
    const [position] = await p.records.positions(bound.trader.id);
    await p.reconcile(bound);
    const stops = (await p.records.openOrders(bound.trader.id)).filter(({ purpose }) => purpose === 'stop_loss');
    expect(stops).toMatchObject([{ quantity: position?.quantity }]);
  });

  test('that is gone at the second look is none', async () => {
    own(poorer);
    await p.reconcile(bound);
    p.exchange.calm();
    await lookAfter(5_000);
    own(poorer);
    await lookAfter(6_000);
    p.exchange.calm();
    await lookAfter(10_000);
    expect(alertsOf('balance_adjusted')).toEqual([]);
  });

  test('waits for an order of unknown fate', async () => {
    p.exchange.probe = (request) => (request.reduceOnly ? null : { instead: async () => ({ kind: 'unknown', cause: 'No answer.' }) });
    await p.run(bound, wants(buy));
    own(poorer);
    for (let round = 0; round < 2; round++) await lookAfter(2_000);
    await lookAfter(2_500);
    expect(alertsOf('balance_adjusted')).toEqual([]);
    await p.pass(bound, 40);
    expect(alertsOf('balance_adjusted')).toHaveLength(1);
  });

  test('is found by a glance at the account when the event of a fill was lost', async () => {
    p.exchange.losesEvents = true;
    const run = await p.run(bound, wants(rests));
    await p.price('49400');
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
    await glanceAtAll(p.deps, p.memory);
    await p.idle();
    expect(await entryOf(run)).toMatchObject({ state: 'filled' });
    expect(await p.records.protection(bound.trader.id)).toMatchObject({ bareSince: null });
  });
});

describe('an order that the venue accepted and then forgot', () => {
  test('ends after three looks, as an adjustment with an alert, and is taken back when it shows up again', async () => {
    const run = await p.run(bound, wants(rests));
    const entry = await entryOf(run);
    p.exchange.hidden.add(entry.clientOrderId);
    await lookAfter(8_000);
    await lookAfter(5_000);
    expect(await entryOf(run)).toMatchObject({ state: 'accepted' });
    await lookAfter(5_000);
    expect(await entryOf(run)).toMatchObject({ state: 'absent' });
    expect(alertsOf('order_forgotten')).toHaveLength(1);
    p.exchange.hidden.clear();
    await p.reconcile(bound);
    expect(await entryOf(run)).toMatchObject({ state: 'accepted' });
  });

  test('is not forgotten while the venue cannot be read', async () => {
    const run = await p.run(bound, wants(rests));
    p.exchange.isDown = true;
    for (let round = 0; round < 6; round++) {
      await p.clock.advance(5_000);
      await expect(p.reconcile(bound)).rejects.toThrow(VenueUnavailable);
    }
    p.exchange.isDown = false;
    expect(await entryOf(run)).toMatchObject({ state: 'accepted' });
  });
});

test('an entry that nobody took rests for a day, and is canceled then', async () => {
  const run = await p.run(bound, wants(rests));
  await lookAfter(86_400_000);
  expect(await entryOf(run)).toMatchObject({ state: 'accepted' });
  await lookAfter(1);
  expect(await entryOf(run)).toMatchObject({ state: 'canceled' });
});

describe('what others do on the account', () => {
  const limitByHand = () =>
    p.placeByHand(bound, { quantity: '0.01', type: { kind: 'limit', price: decimal('40000'), timeInForce: 'gtc' } });

  test.each([
    ['adopt', 0],
    ['ignore', 0],
    ['alarm', 1],
  ] as const)('is recorded under the policy %s, with %d alerts, and followed to its end', async (onExternalActivity, alerts) => {
    await withRisk({ onExternalActivity });
    const id = await limitByHand();
    await p.reconcile(bound);
    await p.reconcile(bound);
    expect(await p.records.externalOrders(bound.trader.id)).toMatchObject([
      { clientOrderId: id, policy: onExternalActivity, endedAt: null },
    ]);
    expect(alertsOf('external_activity')).toHaveLength(alerts);
    await p.exchange.cancelOrder(bound.trader.id, id);
    await p.reconcile(bound);
    expect(await p.records.externalOrders(bound.trader.id)).toEqual([]);
  });

  test('makes a position that is looked after like ours when it is adopted: without a stop it is closed after 5 s', async () => {
    await withRisk({ onExternalActivity: 'adopt' });
    await p.placeByHand(bound, { quantity: '0.01' });
    await p.reconcile(bound);
    expect(await p.records.protection(bound.trader.id)).toMatchObject({ isRequired: true, coveredQuantity: '0' });
    await lookAfter(5_001);
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
    expect(alertsOf('position_bare')).toHaveLength(1);
  });

  test('a stop that somebody else placed protects as well as ours', async () => {
    await withRisk({ onExternalActivity: 'adopt' });
    await p.placeByHand(bound, { quantity: '0.01' });
    const type = { kind: 'trigger', triggerPrice: decimal('49000'), trigger: 'stop_loss' } as const;
    const stop = await p.placeByHand(bound, { side: 'sell', quantity: '0.01', reduceOnly: true, type });
    await p.pass(bound, 30);
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
    expect(await p.records.protection(bound.trader.id)).toMatchObject({ coveredQuantity: '0.01', bareSince: null });
    await p.exchange.cancelOrder(bound.trader.id, stop);
  });

  test.each(['ignore', 'alarm'] as const)(
    'makes a position that is held in the books and left alone under the policy %s',
    async (policy) => {
      await withRisk({ onExternalActivity: policy });
      await p.placeByHand(bound, { quantity: '0.01' });
      await p.pass(bound, 30);
      expect(await p.records.positions(bound.trader.id)).toMatchObject([{ quantity: '0.01', openedByDecisionId: null }]);
      expect(await p.records.protection(bound.trader.id)).toMatchObject({ isRequired: false });
      expect(alertsOf('external_activity')).toHaveLength(policy === 'alarm' ? 1 : 0);
    },
  );

  test('an order with our mark that is in no record pauses the trader, once: a second instance, or an old backup', async () => {
    const generation = (await p.records.trader(bound.trader.id)).generation;
    const clientOrderId = `0x487970${'ab'.repeat(13)}`;
    await p.placeByHand(bound, { clientOrderId, quantity: '0.01', type: { kind: 'limit', price: decimal('40000'), timeInForce: 'gtc' } });
    await p.reconcile(bound);
    expect(await p.records.trader(bound.trader.id)).toMatchObject({ isActive: false, generation: generation + 1 });
    expect(alertsOf('second_instance')).toMatchObject([{ severity: 'critical', message: expect.stringContaining('old backup') }]);
    await p.records.setActive(bound.trader.id, true);
    await p.reconcile(bound);
    expect(await p.records.trader(bound.trader.id)).toMatchObject({ isActive: true });
    await p.exchange.cancelOrder(bound.trader.id, clientOrderId);
    await p.reconcile(bound);
  });

  test('an execution with our mark that is in no record pauses the trader too', async () => {
    await p.placeByHand(bound, { clientOrderId: `0x487970${'cd'.repeat(13)}`, quantity: '0.01' });
    expect(await p.records.trader(bound.trader.id)).toMatchObject({ isActive: false });
    expect(await p.records.positions(bound.trader.id)).toMatchObject([{ quantity: '0.01' }]);
  });
});

describe('a venue that cannot be read', () => {
  const blindFor = async (ms: number): Promise<void> => {
    await p.reconcile(bound);
    p.exchange.hidesOpenOrders = true;
    await p.clock.advance(ms);
    await expect(p.reconcile(bound)).rejects.toThrow(VenueUnavailable);
    await p.price('50000');
  };

  test('takes entries for 30 s and none after, until it was read again', async () => {
    await blindFor(30_000);
    expect(await p.records.reconciliation(bound.trader.id)).toMatchObject({ status: 'failed', finishedAt: null });
    await p.clock.advance(1);
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'denied', code: 'venue_blind' });
    p.exchange.hidesOpenOrders = false;
    await p.reconcile(bound);
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'traded' });
  });

  test('still takes an entry at 30 s', async () => {
    await blindFor(30_000);
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'traded' });
    p.exchange.hidesOpenOrders = false;
    await p.reconcile(bound);
  });
});

test('a position is the sum of its fills and of what was settled: books, ledger and venue agree again', async () => {
  await p.run(bound, wants(buy));
  own((account) => smaller(poorer(account)));
  await p.pass(bound, 20);
  const [position] = await p.records.positions(bound.trader.id);
  const filled = (await p.records.read((tx) => tx.portfolio.listFillsBySymbol(bound.trader.id, BTC))).map(({ quantity }) => quantity);
  expect(add(position?.quantity ?? decimal('0'), decimal('0.01'))).toBe(filled.reduce(add, decimal('0')));
});
