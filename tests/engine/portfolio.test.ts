import { add, asId, type BindingId, decimal, type PositionId, sub, type UserId } from '@hyperoru/domain';
import { closePosition, createEngine, fireManualTrigger, ownerScope } from '@hyperoru/engine';
import { type Bound, buy, type Pipeline, testId, wants } from '@hyperoru/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPipeline } from './harness/pipeline.ts';
import { until } from './harness/until.ts';

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
  await p.assertConsistent(bound);
});

const owner = () => ownerScope(p.records.ownerId);
const stranger = ownerScope(asId<UserId>('00000000-0000-4000-8000-00000000dead'));

describe('closing a position by hand', () => {
  const open = async () => {
    await p.run(bound, wants(buy));
    const [position] = await p.records.positions(bound.trader.id);
    return { positionId: position?.id ?? testId<PositionId>(0) };
  };

  test('sells everything, takes the protection away and says who closed it', async () => {
    expect(await closePosition(p.deps, owner(), await open())).toEqual({ ok: true, value: { isFlat: true } });
    expect(await p.records.closed(bound.trader.id)).toMatchObject([{ quantity: '0', closedBy: 'close' }]);
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
  });

  test('works for a paused trader', async () => {
    const input = await open();
    await p.records.setActive(bound.trader.id, false);
    expect(await closePosition(p.deps, owner(), input)).toEqual({ ok: true, value: { isFlat: true } });
  });

  test('says that the position stays when the venue refuses', async () => {
    const input = await open();
    p.exchange.probe = () => ({ instead: async () => ({ kind: 'rejected', code: 'no', message: 'No.' }) });
    expect(await closePosition(p.deps, owner(), input)).toEqual({ ok: true, value: { isFlat: false } });
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
  });

  test('a stranger’s position and one that never was are both not found; a closed one says so', async () => {
    const input = await open();
    expect(await closePosition(p.deps, stranger, input)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await closePosition(p.deps, owner(), { positionId: testId<PositionId>(0) })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    await closePosition(p.deps, owner(), input);
    expect(await closePosition(p.deps, owner(), input)).toMatchObject({ ok: false, error: { code: 'position_closed' } });
  });
});

describe('a trigger by hand', () => {
  const fire = (eventId: string | null) => fireManualTrigger(p.deps, owner(), { bindingId: bound.binding.id, eventId });

  test('is a new event each time, unless it is named', async () => {
    const results = [await fire(null), await fire(null), await fire('a'), await fire('a')];
    expect(results.map((result) => (result.ok ? result.value.isDuplicate : null))).toEqual([false, false, false, true]);
    await p.work(bound);
  });

  test('of a paused trader is recorded as skipped', async () => {
    await p.records.setActive(bound.trader.id, false);
    expect(await fire(null)).toMatchObject({ ok: true });
    await p.work(bound);
    expect(await p.outcomes(bound)).toEqual(['skipped']);
  });

  test('of a stranger, of nothing and of a deleted trader is refused', async () => {
    const input = { bindingId: bound.binding.id, eventId: null };
    expect(await fireManualTrigger(p.deps, stranger, input)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    const nothing = { bindingId: testId<BindingId>(0), eventId: null };
    expect(await fireManualTrigger(p.deps, owner(), nothing)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    await p.records.updateTrader(bound.trader.id, { deletedAt: p.clock.now() });
    expect(await fire(null)).toMatchObject({ ok: false, error: { code: 'trader_deleted' } });
  });
});

describe('what the venue does by itself', () => {
  test('a liquidation is booked as what it was', async () => {
    const everything = decimal('1000000');
    bound = await p.newTrader({
      risk: { requireStopLoss: false, maxLeverage: 50, maxOrderNotional: everything, maxTotalNotional: everything },
    });
    const all = { ...buy, leverage: 40, target_portion_of_balance: 1, stop_loss_price: null, take_profit_price: null };
    expect(await p.run(bound, wants(all))).toMatchObject({ outcome: 'traded' });
    await p.price('48500');
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
    expect(await p.records.closed(bound.trader.id)).toMatchObject([{ closedBy: 'liquidation' }]);
    expect(Number(await p.records.balance(bound.trader.id))).toBeGreaterThanOrEqual(0);
  });
});

test('equity is balance plus unrealized PnL at the newest mark, and that of the venue', async () => {
  await p.run(bound, wants(buy));
  await p.price('50100');
  const jobs = { start: async () => undefined, stop: async () => undefined };
  const engine = createEngine(p.deps, { jobs, connections: [p.connection] });
  await engine.start();
  await p.clock.advance(15_000);
  const range = { from: bound.trader.createdAt, to: p.clock.now(), pointsMax: 100 };
  const curve = () => p.opened.readModel.equityCurve(owner(), bound.trader.id, range);
  await until('a point is stored', async () => (await curve()).length > 0);
  await engine.stop(0);
  const last = (await curve()).at(-1);
  const account = await p.connectionAccount(bound);
  expect(add(last?.balance ?? decimal('0'), last?.unrealizedPnl ?? decimal('0'))).toBe(last?.equity);
  expect(Math.abs(Number(sub(last?.equity ?? decimal('0'), account.equity)))).toBeLessThan(1e-8);
});
