import { type Order, type RiskLimits, sub, ZERO } from '@hyperoru/domain';
import { ownerScope, setStatus } from '@hyperoru/engine';
import { type Bound, buy, type Pipeline, type Probe, wants } from '@hyperoru/testkit';
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
  p.exchange.probe = () => null;
  p.exchange.isDown = false;
  p.exchange.losesEvents = false;
  await p.assertConsistent(bound);
});

const on = (trigger: 'stop_loss' | 'take_profit', probe: Probe): void => {
  p.exchange.probe = (request) => (request.type.kind === 'trigger' && request.type.trigger === trigger ? probe : null);
};
const refusal: Probe = { instead: async () => ({ kind: 'rejected', code: 'venue_says_no', message: 'No.' }) };
const sentTriggers = (trigger: string) => p.sentFor(bound).filter(({ type }) => type.kind === 'trigger' && type.trigger === trigger);
const alertsOf = (code: string) => p.alerts.filter((alert) => alert.traderId === bound.trader.id && alert.code === code);
const openStops = async (): Promise<readonly Order[]> =>
  (await p.records.openOrders(bound.trader.id)).filter(({ purpose }) => purpose === 'stop_loss');
const withRisk = (risk: Partial<RiskLimits>) => p.newTrader({ risk });

describe('stop-loss and take-profit', () => {
  test('cover exactly what was filled, on the other side, reduce-only', async () => {
    const run = await p.run(bound, wants(buy));
    const [entry] = await p.records.ordersOf(run, 'entry');
    for (const purpose of ['stop_loss', 'take_profit'] as const) {
      const [leg] = await p.records.ordersOf(run, purpose);
      expect(leg).toMatchObject({ side: 'sell', reduceOnly: true, quantity: entry?.filledQuantity, state: 'accepted' });
    }
  });

  test('follow an order that is filled in parts: each part is covered at once, by the venue’s own word', async () => {
    // 0.04 BTC rest at 49,500; the ladder of the venue gives what the test lets it.
    const run = await p.run(bound, wants({ ...buy, time_in_force: 'gtc', max_price: 49500 }));
    expect(await p.records.ordersOf(run, 'entry')).toMatchObject([{ state: 'accepted' }]);
    expect(sentTriggers('stop_loss')).toEqual([]);
    await p.price('49400');
    const [entry] = await p.records.ordersOf(run, 'entry');
    expect(entry?.state).toBe('filled');
    const stops = await openStops();
    expect(stops.reduce((all, { quantity }) => sub(all, quantity), entry?.filledQuantity ?? ZERO)).toBe('0');
    expect(stops.length).toBeGreaterThan(0);
  });

  test('are dropped with an entry that rests when the trader is paused; nothing opens any more', async () => {
    const run = await p.run(bound, wants({ ...buy, time_in_force: 'gtc', max_price: 49500 }));
    const paused = await setStatus(p.deps, ownerScope(bound.trader.ownerId), { traderId: bound.trader.id, status: 'paused' });
    expect(paused.ok).toBe(true);
    await p.price('49000');
    expect(await p.records.ordersOf(run, 'entry')).toMatchObject([{ state: 'canceled', filledQuantity: '0' }]);
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
  });

  test('of a position that was closed never come back to the position after it', async () => {
    const first = await p.run(bound, wants(buy));
    await p.run(bound, wants({ operation: 'close', symbol: 'BTC' }));
    await p.clock.advance(1_000);
    await p.run(bound, wants({ ...buy, stop_loss_price: 48000 }));
    const sent = p.sentFor(bound).length;
    const [entry] = await p.records.ordersOf(first, 'entry');
    await p.repeatEvent(bound, entry?.clientOrderId ?? '');
    await p.reconcile(bound);
    expect(p.sentFor(bound)).toHaveLength(sent);
    expect((await openStops()).map(({ type }) => type.kind === 'trigger' && type.triggerPrice)).toEqual(['48000']);
  });

  test('an entry that is not filled leaves no protection behind', async () => {
    const run = await p.run(bound, wants({ ...buy, time_in_force: 'gtc', max_price: 49500 }));
    const [entry] = await p.records.ordersOf(run, 'entry');
    await p.exchange.cancelOrder(bound.trader.id, entry?.clientOrderId ?? '');
    await p.idle();
    await p.reconcile(bound);
    expect((await p.records.ordersOf(run)).map(({ state }) => state).sort()).toEqual(['canceled', 'dropped', 'dropped']);
  });

  test.each([
    ['at once when the venue tells it', false],
    ['when it is looked for, if no event told it', true],
  ])('a stop-loss that someone canceled at the venue is placed again %s', async (_name, losesEvents) => {
    await p.run(bound, wants(buy));
    const [stop] = await openStops();
    p.exchange.losesEvents = losesEvents;
    await p.exchange.cancelOrder(bound.trader.id, stop?.clientOrderId ?? '');
    await p.idle();
    if (losesEvents) await p.reconcile(bound);
    const [again, ...others] = await openStops();
    expect(others).toEqual([]);
    expect(again).toMatchObject({ quantity: stop?.quantity, type: stop?.type });
    expect(again?.clientOrderId).not.toBe(stop?.clientOrderId);
  });

  test('a stop-loss of unknown fate is looked for, and the position covered in the end', async () => {
    on('stop_loss', { answer: () => ({ kind: 'unknown', cause: 'No answer arrived in time.' }) });
    await p.run(bound, wants(buy));
    p.exchange.probe = () => null;
    await p.pass(bound, 30);
    expect(await openStops()).toMatchObject([{ state: 'accepted' }]);
  });

  test('a stop-loss that the venue does not show is placed again at once: a doubled one is clutter, a missing one is loss', async () => {
    on('stop_loss', { instead: async () => ({ kind: 'unknown', cause: 'No answer arrived in time.' }) });
    await p.run(bound, wants(buy));
    p.exchange.probe = () => null;
    await p.pass(bound, 30);
    expect(await openStops()).toMatchObject([{ state: 'accepted' }]);
    expect(sentTriggers('stop_loss')).toHaveLength(2);
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
  });
});

test('a stop-loss that vanishes again and again is not a race with the venue: an alert, and the policy', async () => {
  await p.run(bound, wants(buy));
  for (let round = 0; round < 3; round++) {
    const [stop] = await openStops();
    await p.exchange.cancelOrder(bound.trader.id, stop?.clientOrderId ?? '');
    await p.idle();
  }
  expect(sentTriggers('stop_loss')).toHaveLength(3);
  expect(alertsOf('stop_loss_failed')).toMatchObject([{ severity: 'critical' }]);
  expect(await p.records.positions(bound.trader.id)).toEqual([]);
});

describe('a stop-loss that is refused', () => {
  test('once or twice is tried again under a new identity', async () => {
    let refusals = 0;
    p.exchange.probe = ({ type }) => {
      if (type.kind !== 'trigger' || type.trigger !== 'stop_loss') return null;
      refusals += 1;
      return refusals <= 2 ? refusal : null;
    };
    await p.run(bound, wants(buy));
    expect(sentTriggers('stop_loss')).toHaveLength(3);
    expect(new Set(sentTriggers('stop_loss').map(({ clientOrderId }) => clientOrderId)).size).toBe(3);
    expect(await openStops()).toHaveLength(1);
    expect(alertsOf('stop_loss_failed')).toEqual([]);
  });

  test('three times closes the position, cancels its take-profit and raises a critical alert', async () => {
    on('stop_loss', refusal);
    await p.run(bound, wants(buy));
    expect(sentTriggers('stop_loss')).toHaveLength(3);
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
    await p.reconcile(bound);
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
    expect(alertsOf('stop_loss_failed')).toMatchObject([{ severity: 'critical' }]);
  });

  test('three times leaves the position open when the policy says alert only', async () => {
    bound = await withRisk({ onProtectionFailure: 'alert_only' });
    on('stop_loss', refusal);
    await p.run(bound, wants(buy));
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
    expect(alertsOf('stop_loss_failed')).toMatchObject([{ severity: 'critical' }]);
  });

  test('is not tried for ever: a few more times in ten minutes, and it is placed once the venue takes it', async () => {
    bound = await withRisk({ onProtectionFailure: 'alert_only' });
    on('stop_loss', refusal);
    await p.run(bound, wants(buy));
    await p.pass(bound, 600, 20);
    const tries = sentTriggers('stop_loss').length;
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThanOrEqual(15);
    expect(alertsOf('stop_loss_failed')).toHaveLength(1);
    p.exchange.probe = () => null;
    await p.pass(bound, 300, 60);
    expect(await openStops()).toMatchObject([{ state: 'accepted' }]);
  });

  test('keeps further entries out of the symbol', async () => {
    bound = await withRisk({ onProtectionFailure: 'alert_only' });
    on('stop_loss', refusal);
    await p.run(bound, wants(buy));
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'denied', code: 'symbol_busy' });
  });

  test('of an increase is not forgotten over the protection of the first part', async () => {
    bound = await withRisk({ onProtectionFailure: 'alert_only' });
    await p.run(bound, wants(buy));
    p.exchange.probe = ({ type }) => (type.kind === 'trigger' ? refusal : null);
    const second = await p.run(bound, wants({ ...buy, take_profit_price: null }));
    p.exchange.probe = () => null;
    await p.pass(bound, 120, 60);
    expect((await p.records.ordersOf(second, 'stop_loss')).map(({ state }) => state).sort()).toEqual([
      'accepted',
      'rejected',
      'rejected',
      'rejected',
    ]);
  });

  test('with a venue that will not close either: closing is repeated until the position is gone', async () => {
    p.exchange.probe = (request) => (request.reduceOnly ? refusal : null);
    await p.run(bound, wants(buy));
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
    await p.pass(bound, 20);
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
    p.exchange.probe = (request) => (request.type.kind === 'trigger' ? refusal : null);
    await p.pass(bound, 5);
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
  });

  test('a take-profit alone is a warning, and the position stays', async () => {
    on('take_profit', refusal);
    await p.run(bound, wants(buy));
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
    expect(await openStops()).toHaveLength(1);
    expect(alertsOf('take_profit_failed')).toMatchObject([{ severity: 'warning' }]);
  });

  test('a price that is past the stop before it can rest ends in a closed position', async () => {
    p.exchange.probe = ({ reduceOnly, symbol }) =>
      reduceOnly ? null : { answer: (outcome) => p.market.setMark(symbol, '48000').then(() => outcome) };
    await p.run(bound, wants(buy));
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
  });
});
