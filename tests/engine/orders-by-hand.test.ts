import { systemIds } from '@hyperoru/adapters';
import { asId, type Decision, decimal, type Kill, type KillId, type PositionId } from '@hyperoru/domain';
import {
  cancelOrder,
  closePosition,
  type OrderByHand,
  ownerScope,
  placeManualOrder,
  setStatus,
  type UseCaseResult,
} from '@hyperoru/engine';
import { type Bound, BTC, ETH, gate, buy as modelBuy, never, type Pipeline, wants } from '@hyperoru/testkit';
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
  await p.price('3000', ETH);
  bound = await p.newTrader();
});
afterEach(async () => {
  p.exchange.probe = () => null;
  await p.assertConsistent(bound);
});

/** A tenth of the balance in BTC: 0.04 at 50,000. */
const buy: Decision = {
  operation: 'buy',
  symbol: BTC,
  portion: decimal('0.1'),
  leverage: 2,
  takeProfit: null,
  stopLoss: { kind: 'price', price: decimal('49000') },
  maxPrice: null,
  minPrice: null,
  timeInForce: 'ioc',
  confidence: null,
  reason: '',
};
const buyEth: Decision = { ...buy, symbol: ETH, stopLoss: { kind: 'price', price: decimal('2900') } };
const close: Decision = { ...buy, operation: 'close', portion: null, stopLoss: null };

const me = () => ownerScope(p.records.ownerId, p.clock.now());
const status = (to: 'active' | 'reduce_only' | 'paused') => setStatus(p.deps, me(), { traderId: bound.trader.id, status: to });
const refusalOf = (result: UseCaseResult<OrderByHand>): string | undefined => (result.ok ? undefined : result.error.details?.[0]?.message);

/** Places the order while the lane works, as it does in a running process. */
async function place(decision: Decision, key = 'first'): Promise<UseCaseResult<OrderByHand>> {
  const placing = placeManualOrder(p.deps, me(), { traderId: bound.trader.id, key, decision });
  await until(async () => (await p.records.read((tx) => tx.runs.listOpen(bound.trader.id))).length > 0, placing);
  await p.work(bound);
  await p.clock.advance(25);
  return placing;
}

/** Waits for what another piece of work brings about, or for its end. */
async function until(isThere: () => Promise<boolean>, work: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  work.then(over, over);
  while (!isOver && !(await isThere())) await new Promise((resolve) => setImmediate(resolve));
}

describe('an order by hand', () => {
  test('goes the way of a decision: run, record, intents, order, protection; nobody asks a model', async () => {
    const asked = p.model.asked.length;
    const { run, record, order } = valueOf(await place(buy));
    expect(run).toMatchObject({ outcome: 'traded', trigger: { cause: 'order', bindingId: null, eventId: 'first' } });
    expect(record).toMatchObject({ bindingId: null, promptVersionId: null, decision: buy, verdict: { status: 'approved' } });
    expect(order).toMatchObject({ purpose: 'entry', state: 'filled', decisionId: record?.id, epoch: 0 });
    expect((await p.records.openOrders(bound.trader.id)).map(({ purpose, state }) => [purpose, state])).toEqual([
      ['stop_loss', 'accepted'],
    ]);
    expect(p.model.asked).toHaveLength(asked);
  });

  test('is placed once per key for all time and answered from the records', async () => {
    const first = valueOf(await place(buy));
    const sent = p.sentFor(bound).length;
    expect(valueOf(await place(buy))).toEqual(first);
    expect(p.sentFor(bound)).toHaveLength(sent);
  });

  test('does not take the key of another order', async () => {
    valueOf(await place(buy));
    expect(codeOf(await place({ ...buy, portion: decimal('0.2') }))).toBe('idempotency_key_reused');
  });

  test('two of one key at once are one order', async () => {
    const input = { traderId: bound.trader.id, key: 'twice', decision: buy };
    const both = Promise.all([placeManualOrder(p.deps, me(), input), placeManualOrder(p.deps, me(), input)]);
    await until(async () => (await p.records.read((tx) => tx.runs.listOpen(bound.trader.id))).length > 0, both);
    await p.work(bound);
    await p.clock.advance(25);
    const [one, other] = await both;
    expect(valueOf(one)).toEqual(valueOf(other));
    expect(p.sentFor(bound).filter(({ reduceOnly }) => !reduceOnly)).toHaveLength(1);
  });

  test('is judged by the limits of the trader', async () => {
    const denied = await place({ ...buy, stopLoss: null });
    expect([codeOf(denied), refusalOf(denied)]).toEqual(['order_denied', 'stop_loss_missing']);
    expect(codeOf(await place({ ...buy, stopLoss: null }))).toBe('order_denied');
    expect(p.sentFor(bound)).toEqual([]);
  });

  test('works for a paused trader', async () => {
    valueOf(await status('paused'));
    expect(valueOf(await place(buy)).order).toMatchObject({ state: 'filled' });
    expect(valueOf(await place(close, 'second')).order).toMatchObject({ purpose: 'close', state: 'filled' });
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
  });

  test('is not sent when the trader is paused after it was placed', async () => {
    const placing = placeManualOrder(p.deps, me(), { traderId: bound.trader.id, key: 'before the pause', decision: buy });
    await until(async () => (await p.records.read((tx) => tx.runs.listOpen(bound.trader.id))).length > 0, placing);
    valueOf(await status('paused'));
    await p.work(bound);
    await p.clock.advance(25);
    expect(codeOf(await placing)).toBe('order_denied');
    expect(p.sentFor(bound)).toHaveLength(0);
  });

  test('only closes while the kill switch is armed', async () => {
    valueOf(await place(buy));
    const now = p.clock.now();
    const kill = { id: asId<KillId>(systemIds.uuid()), traderId: bound.trader.id, isDrill: false, actor: 'system', reason: 'A test.' };
    const armed: Kill = { ...kill, startedAt: now, blockedAt: now, finishedAt: now, traders: [], disarmedAt: null, disarmedBy: null };
    await p.records.read((tx) => tx.safety.insertKill(armed));
    expect(refusalOf(await place(buyEth, 'second'))).toBe('killed');
    expect(valueOf(await place(close, 'third')).order).toMatchObject({ purpose: 'close', state: 'filled' });
    await p.records.read((tx) => tx.safety.updateKill({ ...armed, disarmedAt: now }));
    expect(valueOf(await place(buyEth, 'fourth')).order).toMatchObject({ state: 'filled' });
  });

  test('enters nothing while the trader only reduces, and closes', async () => {
    valueOf(await place(buy));
    valueOf(await status('reduce_only'));
    const denied = await place(buyEth, 'second');
    expect(refusalOf(denied)).toBe('reduce_only');
    expect(valueOf(await place(close, 'third')).order).toMatchObject({ state: 'filled' });
  });

  test('does not wait for a slow model', async () => {
    const answers = gate();
    const asked = gate();
    p.model.will(bound.trader.name, async (request) => {
      asked.open();
      await answers.passed;
      return wants()(request);
    });
    const { run } = await p.fire(bound);
    const working = p.work(bound);
    await asked.passed;
    const placing = placeManualOrder(p.deps, me(), { traderId: bound.trader.id, key: 'now', decision: buy });
    await until(async () => (await p.records.positions(bound.trader.id)).length > 0, placing);
    expect((await p.records.run(run.id)).state).toBe('running');
    answers.open();
    await working;
    await p.clock.advance(25);
    expect(valueOf(await placing).order).toMatchObject({ state: 'filled' });
    expect((await p.records.run(run.id)).outcome).toBe('held');
  });

  test('of a process that died is not sent by the next one', async () => {
    p.exchange.probe = () => ({ before: () => never });
    const placing = placeManualOrder(p.deps, me(), { traderId: bound.trader.id, key: 'lost', decision: buy });
    await until(async () => (await p.records.read((tx) => tx.runs.listOpen(bound.trader.id))).length > 0, placing);
    void p.work(bound);
    await until(async () => p.sentFor(bound).length > 0, never);
    p.crash();
    await p.reconcile(bound, { isStart: true });
    await p.pass(bound, 60);
    await p.work(bound);
    expect(p.sentFor(bound)).toHaveLength(1);
    expect(codeOf(await place(buy, 'lost'))).toBe(null);
    expect(p.sentFor(bound)).toHaveLength(1);
  });

  test('is refused for a trader without an exchange, and for a foreign one', async () => {
    await p.records.updateTrader(bound.trader.id, { exchange: null });
    expect(codeOf(await place(buy))).toBe('trader_not_ready');
    await p.records.updateTrader(bound.trader.id, { exchange: { venue: 'paper', environment: 'paper' } });
    const stranger = ownerScope(await p.records.insertMember('bob', p.clock.now()));
    expect(codeOf(await placeManualOrder(p.deps, stranger, { traderId: bound.trader.id, key: 'k', decision: buy }))).toBe('not_found');
  });
});

describe('a reduce-only trader', () => {
  test('executes what its strategy closes and denies what it enters', async () => {
    await p.run(bound, wants(modelBuy));
    valueOf(await status('reduce_only'));
    const entering = await p.run(bound, wants({ ...modelBuy, symbol: 'ETH', stop_loss_price: 2900, take_profit_price: 3200 }));
    expect(entering).toMatchObject({ outcome: 'denied', code: 'reduce_only' });
    expect((await p.run(bound, wants({ operation: 'close', symbol: 'BTC' }))).outcome).toBe('traded');
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
  });

  test('does not send what was decided before it became one', async () => {
    const sending = gate();
    const goesOn = gate();
    p.assertHeldFor = async () => {
      sending.open();
      await goesOn.passed;
    };
    p.model.will(bound.trader.name, wants(modelBuy));
    const { run } = await p.fire(bound);
    const working = p.work(bound);
    await sending.passed;
    p.assertHeldFor = () => undefined;
    valueOf(await status('reduce_only'));
    goesOn.open();
    await working;
    expect(await p.records.run(run.id)).toMatchObject({ outcome: 'denied', code: 'reduce_only' });
    expect(p.sentFor(bound)).toEqual([]);
  });

  test('has its resting entries canceled and becomes a full one again', async () => {
    const rests = { ...modelBuy, time_in_force: 'gtc', max_price: 49500 };
    await p.run(bound, wants(rests));
    const view = valueOf(await status('reduce_only'));
    expect(view).toMatchObject({
      status: 'reduce_only',
      trader: { isActive: true, isReduceOnly: true, generation: bound.trader.generation + 1 },
    });
    expect(await p.exchange.openOrders(bound.trader.id)).toEqual([]);
    expect(valueOf(await status('active'))).toMatchObject({ status: 'active', trader: { isReduceOnly: false } });
    expect((await p.run(bound, wants(modelBuy))).outcome).toBe('traded');
  });
});

describe('canceling an order', () => {
  const cancel = (orderId: string) => cancelOrder(p.deps, me(), { orderId: orderId as Parameters<typeof cancelOrder>[2]['orderId'] });
  const resting = async () => valueOf(await place({ ...buy, timeInForce: 'gtc', maxPrice: decimal('49500') }));

  test('ends a resting entry together with the legs that would protect it', async () => {
    const { order } = await resting();
    expect(valueOf(await cancel(order?.id ?? ''))).toMatchObject({ state: 'canceled' });
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
    expect(codeOf(await cancel(order?.id ?? ''))).toBe('order_final');
  });

  test('does not take the stop from an open position', async () => {
    valueOf(await place(buy));
    const [stop] = await p.records.openOrders(bound.trader.id);
    expect(codeOf(await cancel(stop?.id ?? ''))).toBe('order_protects');
    expect(await p.exchange.openOrders(bound.trader.id)).toHaveLength(1);
  });

  test('says so when the venue does not answer', async () => {
    const { order } = await resting();
    p.exchange.isDown = true;
    expect(codeOf(await cancel(order?.id ?? ''))).toBe('venue_silent');
    p.exchange.isDown = false;
    expect(valueOf(await cancel(order?.id ?? ''))).toMatchObject({ state: 'canceled' });
  });

  test('is for its owner only', async () => {
    const { order } = await resting();
    const stranger = ownerScope(await p.records.insertMember('cyd', p.clock.now()));
    expect(codeOf(await cancelOrder(p.deps, stranger, { orderId: order?.id as Parameters<typeof cancelOrder>[2]['orderId'] }))).toBe(
      'not_found',
    );
  });
});

test('closing a position by hand cancels the entries that rest in its symbol', async () => {
  valueOf(await place(buy));
  valueOf(await place({ ...buy, timeInForce: 'gtc', maxPrice: decimal('49500') }, 'second'));
  const [position] = await p.records.positions(bound.trader.id);
  expect(valueOf(await closePosition(p.deps, me(), { positionId: position?.id as PositionId }))).toEqual({ isFlat: true });
  expect(await p.exchange.openOrders(bound.trader.id)).toEqual([]);
});
