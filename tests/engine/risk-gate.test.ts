import { DEFAULT_INSTANCE_LIMITS, decimal, INSTANCE_LIMITS_SETTING, type InstanceLimits, type Json } from '@hyperoru/domain';
import { type Bound, buy, ETH, type Pipeline, wants } from '@hyperoru/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPipeline } from './harness/pipeline.ts';

let opened: Awaited<ReturnType<typeof openPipeline>>;
let p: Pipeline;

/** Sums over all traders are looked at here: each test has an instance of its own. */
beforeEach(async () => {
  opened = await openPipeline();
  p = opened.pipeline;
});
afterEach(() => opened.close());

const MINUTE_MS = 60_000;
const storeCaps = (stored: Json) => p.records.read((tx) => tx.journal.putSetting(INSTANCE_LIMITS_SETTING, stored));
const cap = (change: Partial<InstanceLimits>) => storeCaps({ ...DEFAULT_INSTANCE_LIMITS, ...change });
const enter = async (bound: Bound, change: object = {}) => {
  await refreshPrices();
  return p.run(bound, wants({ ...buy, stop_loss_price: 48_000, ...change }));
};
const eth = { symbol: 'ETH', stop_loss_price: 2_900, take_profit_price: 3_300 };

/** Prices grow stale when time passes. */
async function refreshPrices(): Promise<void> {
  await p.market.passMarketTime(0);
  await p.idle();
}

/** Buys and is stopped out with a loss of about two percent of the notional. */
async function lose(bound: Bound): Promise<void> {
  expect(await enter(bound, { stop_loss_price: 49_000 })).toMatchObject({ outcome: 'traded' });
  await p.price('48900');
  await p.reconcile(bound);
  expect(await p.records.positions(bound.trader.id)).toEqual([]);
  await p.price('50000');
}

async function restart(bound: Bound): Promise<void> {
  p.crash();
  await p.reconcile(bound, { isStart: true });
}

describe('a breaker holds after a restart', () => {
  test('the daily loss, until the next day', async () => {
    const bound = await p.newTrader({ risk: { maxDailyLoss: decimal('20') } });
    await lose(bound);
    await restart(bound);
    expect(await enter(bound)).toMatchObject({ outcome: 'denied', code: 'daily_loss_reached' });
    await p.clock.advance(24 * 3_600_000);
    expect(await enter(bound)).toMatchObject({ outcome: 'traded' });
  });

  test('the drawdown, also on the next day, until the limit is changed', async () => {
    const bound = await p.newTrader({ risk: { maxDrawdown: decimal('0.002'), maxDailyLoss: null } });
    await lose(bound);
    await restart(bound);
    await p.clock.advance(24 * 3_600_000);
    expect(await enter(bound)).toMatchObject({ outcome: 'denied', code: 'drawdown_reached' });
    await p.records.updateTrader(bound.trader.id, { risk: { ...bound.trader.risk, maxDrawdown: decimal('0.3') } });
    expect(await enter(bound)).toMatchObject({ outcome: 'traded' });
  });

  test('the pause after a loss, until it is over, in every symbol', async () => {
    const bound = await p.newTrader({ risk: { cooldownMinutes: 30 } });
    await lose(bound);
    await restart(bound);
    expect(await enter(bound)).toMatchObject({ outcome: 'denied', code: 'cooling_down' });
    await p.clock.advance(29 * MINUTE_MS);
    expect(await enter(bound, eth)).toMatchObject({ outcome: 'denied', code: 'cooling_down' });
    await p.clock.advance(MINUTE_MS);
    expect(await enter(bound, eth)).toMatchObject({ outcome: 'traded' });
  });

  test('the orders per hour', async () => {
    const bound = await p.newTrader({ risk: { maxOrdersPerHour: 1 } });
    expect(await enter(bound)).toMatchObject({ outcome: 'traded' });
    await restart(bound);
    expect(await enter(bound, eth)).toMatchObject({ outcome: 'denied', code: 'orders_per_hour_exceeded' });
  });

  test('and none of them keeps anyone in a position', async () => {
    const bound = await p.newTrader();
    expect(await enter(bound)).toMatchObject({ outcome: 'traded' });
    await p.records.updateTrader(bound.trader.id, {
      isReduceOnly: true,
      risk: {
        ...bound.trader.risk,
        maxOrdersPerHour: 1,
        maxOrderNotional: decimal('1'),
        maxTotalNotional: decimal('1'),
        maxPriceDeviation: decimal('0.000001'),
        allowedSymbols: [ETH],
      },
    });
    await cap({ maxTotalNotional: decimal('1'), maxLeverage: 1, maxOrdersPerMinute: 1 });
    expect(await p.run(bound, wants({ operation: 'close', symbol: 'BTC', reason: 'enough' }))).toMatchObject({ outcome: 'traded' });
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
    expect(await enter(bound)).toMatchObject({ outcome: 'denied', code: 'reduce_only' });
  });
});

describe('what the venue holds counts', () => {
  test('when it is more than our records say', async () => {
    const bound = await p.newTrader({ risk: { maxTotalNotional: decimal('5000') } });
    expect(await enter(bound)).toMatchObject({ outcome: 'traded' });
    const more = (await p.exchange.account(bound.trader.id)).positions.map((held) => ({ ...held, quantity: decimal('1') }));
    p.exchange.positions = more;
    expect(await enter(bound, eth)).toMatchObject({ outcome: 'denied', code: 'total_notional_exceeded' });
    p.exchange.positions = null;
    expect(await enter(bound, eth)).toMatchObject({ outcome: 'traded' });
  });

  test('when it is the other side: nothing is turned around', async () => {
    const bound = await p.newTrader();
    expect(await enter(bound)).toMatchObject({ outcome: 'traded' });
    p.exchange.positions = (await p.exchange.account(bound.trader.id)).positions.map((held) => ({ ...held, quantity: decimal('-0.01') }));
    expect(await enter(bound)).toMatchObject({ outcome: 'denied', code: 'opposite_position' });
  });
});

describe('the instance', () => {
  test('caps what two traders hold together, and opens again when one closes', async () => {
    const [one, two] = [await p.newTrader(), await p.newTrader()];
    await cap({ maxTotalNotional: decimal('3500') });
    expect(await enter(one)).toMatchObject({ outcome: 'traded' });
    expect(await enter(two)).toMatchObject({ outcome: 'denied', code: 'instance_notional_exceeded' });
    await p.run(one, wants({ operation: 'close', symbol: 'BTC', reason: 'enough' }));
    expect(await enter(two)).toMatchObject({ outcome: 'traded' });
  });

  test('counts an entry of unknown fate of another trader as filled', async () => {
    const [one, two] = [await p.newTrader(), await p.newTrader()];
    await cap({ maxTotalNotional: decimal('3500') });
    p.exchange.probe = () => ({ instead: async () => ({ kind: 'unknown', cause: 'no answer' }) });
    expect(await enter(one)).toMatchObject({ code: 'order_unknown' });
    p.exchange.probe = () => null;
    expect(await enter(two)).toMatchObject({ outcome: 'denied', code: 'instance_notional_exceeded' });
  });

  test('lets no two traders enter at the same moment when only one fits', async () => {
    const traders = await Promise.all(Array.from({ length: 4 }, () => p.newTrader()));
    await cap({ maxTotalNotional: decimal('3500') });
    const runs = await Promise.all(traders.map((bound) => enter(bound)));
    expect(runs.map(({ outcome }) => outcome).toSorted()).toEqual(['denied', 'denied', 'denied', 'traded']);
  });

  test('stops every trader once all together have lost too much today, also after a restart', async () => {
    const [one, two] = [await p.newTrader(), await p.newTrader()];
    await cap({ maxDailyLoss: decimal('20') });
    await lose(one);
    await restart(two);
    expect(await enter(two)).toMatchObject({ outcome: 'denied', code: 'instance_daily_loss_reached' });
  });

  test('caps leverage whatever a trader’s own limit says', async () => {
    const bound = await p.newTrader({ risk: { maxLeverage: 50 } });
    await cap({ maxLeverage: 1 });
    expect(await enter(bound)).toMatchObject({ outcome: 'denied', code: 'instance_leverage_exceeded' });
  });

  test('enters nothing while its limits cannot be read', async () => {
    const bound = await p.newTrader();
    await storeCaps({ maxLeverage: 'many' });
    expect(await enter(bound)).toMatchObject({ outcome: 'denied', code: 'limits_unreadable' });
  });
});

describe('the budget of orders per minute', () => {
  test('is one for all traders, and renews itself as the minute passes', async () => {
    const [one, two, three] = [await p.newTrader(), await p.newTrader(), await p.newTrader()];
    await cap({ maxOrdersPerMinute: 2 });
    expect(await enter(one)).toMatchObject({ outcome: 'traded' });
    await p.clock.advance(30_000);
    expect(await enter(two)).toMatchObject({ outcome: 'traded' });
    await p.clock.advance(30_001);
    expect(await enter(three)).toMatchObject({ outcome: 'traded' });
    expect(await enter(one, eth)).toMatchObject({ outcome: 'denied', code: 'order_budget_exceeded' });
  });

  test('holds when many are approved at the same moment: what is beyond it is dropped before a byte leaves', async () => {
    const traders = await Promise.all(Array.from({ length: 6 }, () => p.newTrader()));
    await cap({ maxOrdersPerMinute: 2 });
    const runs = await Promise.all(traders.map((bound) => enter(bound)));
    expect(runs.map(({ code }) => code)).toContain('order_budget_exceeded');
    expect(traders.flatMap((bound) => p.sentFor(bound)).filter((request) => !request.reduceOnly)).toHaveLength(2);
  });
});
