import { decimal, eq, gte } from '@hyperoru/domain';
import { LeaseLost } from '@hyperoru/engine';
import { type Bound, buy, ETH, fails, type Pipeline, text, wants } from '@hyperoru/testkit';
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
  await p.price('3000', ETH);
  bound = await p.newTrader();
});
afterEach(async () => {
  p.exchange.probe = () => null;
  p.assertHeldFor = () => undefined;
  await p.assertConsistent(bound);
});

describe('one trigger', () => {
  test('becomes a decision, an order, a position and its protection', async () => {
    const run = await p.run(bound, wants(buy));
    expect(run).toMatchObject({ state: 'finished', outcome: 'traded', code: null });
    const orders = await p.records.ordersOf(run);
    expect(orders.map(({ purpose, state }) => `${purpose} ${state}`).sort()).toEqual([
      'entry filled',
      'stop_loss accepted',
      'take_profit accepted',
    ]);
    const [position] = await p.records.positions(bound.trader.id);
    expect(position).toMatchObject({ symbol: 'BTC', side: 'long', leverage: 2 });
    expect(position?.quantity).toBe(orders.find(({ purpose }) => purpose === 'entry')?.filledQuantity);
    const [decision] = await p.records.decisions(run);
    expect(decision).toMatchObject({ verdict: { status: 'approved' }, decision: { reason: 'up' } });
    expect(await p.records.modelCalls(run)).toMatchObject([{ contextHash: decision?.contextHash, costUsd: '0.5' }]);
  });

  test('yields one run, however often the event arrives', async () => {
    p.model.will(bound.trader.name, wants(buy), wants(buy), wants(buy));
    const first = await p.fire(bound, 'event-1');
    const again = await p.fire(bound, 'event-1');
    await p.work(bound);
    const late = await p.fire(bound, 'event-1');
    await p.work(bound);
    expect([first.isDuplicate, again.isDuplicate, late.isDuplicate]).toEqual([false, true, true]);
    expect([again.run.id, late.run.id]).toEqual([first.run.id, first.run.id]);
    expect(p.model.asked.filter(({ model }) => model === bound.trader.name)).toHaveLength(1);
    expect(await p.outcomes(bound)).toEqual(['duplicate', 'duplicate', 'traded']);
  });

  test('that arrives ten times at once still yields one run', async () => {
    const fired = await Promise.all(Array.from({ length: 10 }, () => p.fire(bound, 'event-1')));
    expect(fired.filter(({ isDuplicate }) => !isDuplicate)).toHaveLength(1);
    await p.work(bound);
    expect(await p.outcomes(bound)).toEqual([...Array.from({ length: 9 }, () => 'duplicate'), 'held']);
  });

  test('of another binding, or another event, is another trigger', async () => {
    const other = await p.newTrader();
    const [a, b, c] = [await p.fire(bound, 'event-1'), await p.fire(bound, 'event-2'), await p.fire(other, 'event-1')];
    expect(new Set([a.run.id, b.run.id, c.run.id]).size).toBe(3);
  });
});

describe('runs that do not trade have one outcome and a reason', () => {
  test.each([
    ['a hold', wants({ operation: 'hold', reason: 'flat market' }), 'held', 'strategy_held'],
    ['an empty list', wants(), 'held', 'strategy_held'],
    ['prose', text('Buy!'), 'held', 'invalid_answer'],
    ['an answer cut in the middle', text('{"decisions":[{"operation":"bu'), 'held', 'invalid_answer'],
    ['a model that refuses the key', fails('model_auth'), 'failed', 'model_auth'],
    ['a model that answers too late', fails('model_timeout'), 'failed', 'model_timeout'],
    ['a symbol the venue does not list', wants({ ...buy, symbol: 'DOGE' }), 'denied', 'symbol_unknown'],
    ['a decision without a stop-loss', wants({ ...buy, stop_loss_price: null }), 'denied', 'stop_loss_missing'],
    ['a close of nothing', wants({ operation: 'close', symbol: 'BTC' }), 'denied', 'no_position'],
  ])('%s', async (_name, reply, outcome, code) => {
    const run = await p.run(bound, reply);
    expect(run).toMatchObject({ state: 'finished', outcome, code });
    expect(run.reason).toMatch(/^.{4,}$/);
    expect(p.sentFor(bound)).toEqual([]);
  });

  test('an invalid answer is recorded as what it was, with its text', async () => {
    const run = await p.run(bound, text('Buy!'));
    expect(await p.records.decisions(run)).toMatchObject([{ decision: null, verdict: { status: 'invalid', code: 'not_json' } }]);
    expect(await p.records.modelCalls(run)).toMatchObject([{ rawAnswer: 'Buy!' }]);
  });

  test('a template that cannot be rendered fails before the model is asked', async () => {
    const broken = await p.newTrader({ template: '{{nothing_like_this}}' });
    expect(await p.run(broken, wants(buy))).toMatchObject({ outcome: 'failed', code: 'template_invalid' });
    expect(p.model.asked.filter(({ model }) => model === broken.trader.name)).toEqual([]);
  });

  test('a symbol outside of the binding is denied although the venue lists it', async () => {
    await p.records.read((tx) => tx.bindings.update({ ...bound.binding, symbols: [] }));
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'denied', code: 'symbol_not_bound' });
  });

  test.each([
    ['paused', { isActive: false }, 'skipped', 'trader_paused'],
    ['without a model', { llm: null }, 'skipped', 'llm_missing'],
    ['without an exchange', { exchange: null }, 'skipped', 'exchange_missing'],
  ] as const)('a trader %s skips', async (_name, change, outcome, code) => {
    await p.records.updateTrader(bound.trader.id, change);
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome, code });
    await p.records.updateTrader(bound.trader.id, { exchange: bound.trader.exchange });
  });

  test('a binding that is switched off or deleted skips', async () => {
    await p.records.read((tx) => tx.bindings.update({ ...bound.binding, enabled: false }));
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'skipped', code: 'binding_disabled' });
    await p.records.read((tx) => tx.bindings.update({ ...bound.binding, deletedAt: p.clock.now() }));
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'skipped', code: 'binding_deleted' });
  });

  test('a trigger is worked off up to an age of 30 s and is late after that', async () => {
    const [inTime, late] = [await p.fire(bound), await p.fire(bound)];
    await p.clock.advance(30_000);
    await p.price('50000');
    await p.work(bound);
    expect(await p.records.run(inTime.run.id)).toMatchObject({ outcome: 'held' });
    expect(await p.records.run(late.run.id)).toMatchObject({ outcome: 'held' });
    const older = await p.fire(bound);
    await p.clock.advance(30_001);
    await p.work(bound);
    expect(await p.records.run(older.run.id)).toMatchObject({ outcome: 'late', code: 'trigger_too_old' });
  });

  test('a model budget is spent by calls, not by results: the call that reaches it is the last of the day', async () => {
    const thrifty = await p.newTrader({ risk: { llmDailyBudgetUsd: decimal('1') } });
    const hold = wants({ operation: 'hold' });
    expect(await p.run(thrifty, hold)).toMatchObject({ outcome: 'held' });
    expect(await p.run(thrifty, fails('model_timeout'))).toMatchObject({ outcome: 'failed' });
    expect(await p.run(thrifty, hold)).toMatchObject({ outcome: 'skipped', code: 'llm_budget_reached' });
    await p.clock.advance(86_400_000);
    await p.price('50000');
    expect(await p.run(thrifty, hold)).toMatchObject({ outcome: 'held' });
  });

  test('an error of ours fails the run, and the next run works', async () => {
    p.model.will(bound.trader.name, () => {
      throw new Error('boom');
    });
    const { run } = await p.fire(bound);
    await p.work(bound);
    expect(await p.records.run(run.id)).toMatchObject({ outcome: 'failed', code: 'internal_error' });
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'traded' });
  });

  test('a venue that cannot be read fails the run, and nothing is sent', async () => {
    const run = await p.run(bound, (request) => {
      p.exchange.isDown = true;
      return wants(buy)(request);
    });
    p.exchange.isDown = false;
    expect(run).toMatchObject({ outcome: 'failed', code: 'venue_unavailable' });
    expect(p.sentFor(bound)).toEqual([]);
  });

  test('a down venue costs no model call', async () => {
    const asked = p.model.asked.length;
    p.exchange.isDown = true;
    const run = await p.run(bound, wants(buy));
    p.exchange.isDown = false;
    expect(run).toMatchObject({ outcome: 'failed', code: 'venue_unavailable' });
    expect(p.model.asked).toHaveLength(asked);
    expect(await p.records.modelCalls(run)).toEqual([]);
    expect(p.sentFor(bound)).toEqual([]);
  });
});

describe('several decisions in one answer', () => {
  const eth = { ...buy, symbol: 'ETH', stop_loss_price: 2900, take_profit_price: 3300 };

  test('are traded one after the other', async () => {
    const run = await p.run(bound, wants(buy, eth));
    expect(run.outcome).toBe('traded');
    expect((await p.records.positions(bound.trader.id)).map(({ symbol }) => symbol).sort()).toEqual(['BTC', 'ETH']);
  });

  test('one denied does not stop the others, and each keeps its verdict', async () => {
    const run = await p.run(bound, wants({ ...buy, leverage: 40 }, eth));
    expect(run.outcome).toBe('traded');
    expect((await p.records.decisions(run)).map(({ verdict }) => verdict.code)).toEqual(['leverage_exceeded', null]);
  });

  test('the second sees what the first has left: two of 0.6 each never use more than there is', async () => {
    const wide = await p.newTrader({ risk: { maxOrderNotional: decimal('100000'), maxTotalNotional: decimal('100000') } });
    const run = await p.run(wide, wants({ ...buy, target_portion_of_balance: 0.6 }, { ...eth, target_portion_of_balance: 0.6 }));
    const plans = (await p.records.decisions(run)).map(({ plan }) => (plan?.kind === 'entry' ? Number(plan.margin) : 0));
    expect(plans[0]).toBeGreaterThan(5_900);
    expect(plans[1]).toBeLessThan(0.6 * 4_100);
  });

  test('limits hold over both: what the first order took counts for the second', async () => {
    const narrow = await p.newTrader({ risk: { maxTotalNotional: decimal('3000') } });
    const run = await p.run(narrow, wants(buy, eth));
    expect((await p.records.decisions(run)).map(({ verdict }) => verdict.code)).toEqual([null, 'total_notional_exceeded']);
  });
});

describe('a decision that grew old', () => {
  test('is denied when the price moved more than 1 % since the prompt', async () => {
    const moving = (mark: string) => async (request: Parameters<ReturnType<typeof wants>>[0]) => {
      await p.price(mark);
      return wants({ ...buy, stop_loss_price: 45000, take_profit_price: 60000 })(request);
    };
    expect(await p.run(bound, moving('50500'))).toMatchObject({ outcome: 'traded' });
    const other = await p.newTrader();
    expect(await p.run(other, moving('51006'))).toMatchObject({ outcome: 'denied', code: 'price_moved' });
  });

  test('is denied when no price arrived for more than 10 s', async () => {
    const slow = (ms: number) => async (request: Parameters<ReturnType<typeof wants>>[0]) => {
      await p.clock.advance(ms);
      return wants(buy)(request);
    };
    await p.price('50000');
    expect(await p.run(bound, slow(10_000))).toMatchObject({ outcome: 'traded' });
    const other = await p.newTrader();
    await p.price('50000');
    expect(await p.run(other, slow(10_001))).toMatchObject({ outcome: 'denied', code: 'quote_stale' });
  });

  test('is not sent when the process stood still between verdict and sending', async () => {
    p.assertHeldFor = () => p.clock.advance(31_000);
    const run = await p.run(bound, wants(buy));
    expect(run).toMatchObject({ outcome: 'denied', code: 'decision_stale' });
    expect(p.sentFor(bound)).toEqual([]);
    expect((await p.records.ordersOf(run)).map(({ state }) => state)).toEqual(['dropped', 'dropped', 'dropped']);
  });
});

describe('stop means stop', () => {
  test('a trader paused between verdict and sending sends nothing', async () => {
    p.assertHeldFor = () => p.records.setActive(bound.trader.id, false);
    const run = await p.run(bound, wants(buy));
    expect(run).toMatchObject({ outcome: 'denied', code: 'trader_changed' });
    expect(p.sentFor(bound)).toEqual([]);
    expect((await p.records.ordersOf(run)).map(({ state }) => state)).toEqual(['dropped', 'dropped', 'dropped']);
  });

  test('pausing and resuming in between does not revive the order', async () => {
    p.assertHeldFor = async () => {
      await p.records.setActive(bound.trader.id, false);
      await p.records.setActive(bound.trader.id, true);
    };
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'denied', code: 'trader_changed' });
    expect(p.sentFor(bound)).toEqual([]);
  });

  test('a trader paused while the model thinks does not enter', async () => {
    const run = await p.run(bound, async (request) => {
      await p.records.setActive(bound.trader.id, false);
      return wants(buy)(request);
    });
    expect(run.outcome).toBe('denied');
    expect(p.sentFor(bound)).toEqual([]);
  });

  test('closing goes on when a trader was paused in between', async () => {
    await p.run(bound, wants(buy));
    p.assertHeldFor = () => p.records.setActive(bound.trader.id, false);
    expect(await p.run(bound, wants({ operation: 'close', symbol: 'BTC' }))).toMatchObject({ outcome: 'traded' });
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
  });

  test('nothing leaves when the lane was lost, and the run is ended by who takes over', async () => {
    p.assertHeldFor = () => Promise.reject(new LeaseLost(bound.trader.id));
    p.model.will(bound.trader.name, wants(buy));
    const { run } = await p.fire(bound);
    await expect(p.work(bound)).rejects.toThrow(LeaseLost);
    p.assertHeldFor = () => undefined;
    p.crash();
    await p.reconcile(bound, { isStart: true });
    await p.work(bound);
    expect(p.sentFor(bound)).toEqual([]);
    expect(await p.records.run(run.id)).toMatchObject({ outcome: 'skipped', code: 'interrupted' });
  });

  test('a process that is told to stop while the model thinks did not fail', async () => {
    const stopping = new AbortController();
    p.model.will(bound.trader.name, (request) => {
      stopping.abort(new Error('The process stops.'));
      return fails('model_canceled')(request);
    });
    const { run } = await p.fire(bound);
    await p.work(bound, stopping.signal);
    expect(await p.records.run(run.id)).toMatchObject({ outcome: 'skipped', code: 'interrupted' });
  });
});

describe('positions', () => {
  test('closing half keeps the rest and its protection; closing the rest takes the protection away', async () => {
    await p.run(bound, wants(buy));
    const [before] = await p.records.positions(bound.trader.id);
    expect(await p.run(bound, wants({ operation: 'close', symbol: 'BTC', target_portion_of_balance: 0.5 }))).toMatchObject({
      outcome: 'traded',
    });
    const [half] = await p.records.positions(bound.trader.id);
    expect(Number(half?.quantity)).toBeCloseTo(Number(before?.quantity) / 2, 3);
    expect(await p.records.openOrders(bound.trader.id)).toHaveLength(2);
    await p.run(bound, wants({ operation: 'close', symbol: 'BTC' }));
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
    expect((await p.connectionAccount(bound)).positions).toEqual([]);
  });

  test('the other side of an open position is denied, never flipped', async () => {
    await p.run(bound, wants(buy));
    const sell = { ...buy, operation: 'sell', stop_loss_price: 51000, take_profit_price: 48000 };
    expect(await p.run(bound, wants(sell))).toMatchObject({ outcome: 'denied', code: 'opposite_position' });
  });

  test('an increase is protected for exactly what it added', async () => {
    const first = await p.run(bound, wants(buy));
    const second = await p.run(bound, wants(buy));
    for (const run of [first, second]) {
      const [entry] = await p.records.ordersOf(run, 'entry');
      const [stop] = await p.records.ordersOf(run, 'stop_loss');
      expect(stop?.quantity).toBe(entry?.filledQuantity);
    }
    const [position] = await p.records.positions(bound.trader.id);
    const stops = (await p.records.openOrders(bound.trader.id)).filter(({ purpose }) => purpose === 'stop_loss');
    expect(
      gte(decimal(String(stops.reduce((all, { quantity }) => all + Number(quantity), 0).toFixed(6))), position?.quantity ?? decimal('0')),
    ).toBe(true);
  });

  test('a stop-loss that is reached closes the position, ends the take-profit and says so', async () => {
    await p.run(bound, wants(buy));
    await p.price('48900');
    const [closed] = await p.records.closed(bound.trader.id);
    expect(closed).toMatchObject({ quantity: '0', closedBy: 'stop_loss' });
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
    expect(await p.exchange.openOrders(bound.trader.id)).toEqual([]);
  });

  test('a take-profit that is reached books a profit after fees', async () => {
    await p.run(bound, wants(buy));
    await p.price('52100');
    const [closed] = await p.records.closed(bound.trader.id);
    expect(closed?.closedBy).toBe('take_profit');
    expect(Number(await p.records.balance(bound.trader.id))).toBeGreaterThan(10_000);
    expect(eq(decimal(await p.records.balance(bound.trader.id)), (await p.connectionAccount(bound)).balance)).toBe(true);
  });

  test('a short mirrors a long', async () => {
    const sell = { ...buy, operation: 'short', stop_loss_price: 51000, take_profit_price: 48000 };
    expect(await p.run(bound, wants(sell))).toMatchObject({ outcome: 'traded' });
    await p.price('51100');
    expect(await p.records.closed(bound.trader.id)).toMatchObject([{ side: 'short', closedBy: 'stop_loss' }]);
  });

  test('funding is booked on ledger and position', async () => {
    await p.run(bound, wants(buy));
    await p.market.passMarketTime(3_600_000);
    await p.idle();
    const [position] = await p.records.positions(bound.trader.id);
    expect(Number(position?.funding)).toBeLessThan(0);
  });
});
