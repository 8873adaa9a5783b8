import { Adjustment, Kill, OrderCreateAnswer, SafetySummary } from '@hyperoru/contracts';
import { type Adjustment as AdjustmentRecord, asId, type TraderId } from '@hyperoru/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
import { PASSWORD, startTestServer, type TestServer } from '../setup/server.ts';
import { createReadyTrader, expectStatus, type ReadyTrader, until } from '../setup/trading.ts';

let server: TestServer;
let ada: ApiClient;
let bob: ApiClient;
let trader: ReadyTrader;
let count = 0;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  bob = await server.invite(ada, 'bob');
});
afterAll(() => server.stop());
beforeEach(async () => {
  count += 1;
  trader = await createReadyTrader(server, ada, { name: `Ada ${count}` });
  await status({ active: true });
});

const status = (body: object) => ada.put(`/api/traders/${trader.traderId}/status`, body);
const stepUp = async (client: ApiClient) => expectStatus(200, await client.post('/api/users/step-up', { password: PASSWORD }));
const order = (change: object, key = `key-${count}`) =>
  ada.post(
    '/api/orders',
    {
      trader_id: trader.traderId,
      operation: 'buy',
      symbol: 'BTC',
      portion: '0.1',
      leverage: 2,
      stop_loss: { pct: '2' },
      ...change,
    },
    { headers: { 'idempotency-key': key } },
  );
const safetyOf = async (client: ApiClient = ada) => {
  const { body } = expectStatus(200, await client.get('/api/safety?limit=200'));
  expect(SafetySummary.strict().safeParse(body).error).toBeUndefined();
  return { ...body, own: body.traders.items.find((each: { trader_id: string }) => each.trader_id === trader.traderId) };
};
const codeAndStatus = (answer: { status: number; body: { code: string } }) => [answer.status, answer.body.code];

describe('an order by hand', () => {
  it('answers with the order, and with the same one when it is sent again', async () => {
    const first = expectStatus(201, await order({}));
    expect(OrderCreateAnswer.strict().safeParse(first.body).error).toBeUndefined();
    expect(first.body).toMatchObject({
      verdict: { status: 'approved' },
      order: { purpose: 'entry', state: 'filled', trader_name: `Ada ${count}`, decision_id: expect.any(String) },
    });
    expect((await order({})).body).toEqual(first.body);
    expect(codeAndStatus(await order({ portion: '0.2' }))).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
    const run = (await ada.get(`/api/runs/${first.body.run_id}`)).body;
    expect(run).toMatchObject({ cause: 'order', binding_id: null, outcome: 'traded', model_calls: [], event_id: `key-${count}` });
    const closed = expectStatus(
      201,
      await order({ operation: 'close', portion: undefined, leverage: undefined, stop_loss: undefined }, `close-${count}`),
    );
    expect(closed.body.order).toMatchObject({ purpose: 'close', state: 'filled', reduce_only: true });
  });

  it('says by which limit it is denied', async () => {
    const denied = await order({ stop_loss: undefined });
    expect(codeAndStatus(denied)).toEqual([422, 'ORDER_DENIED']);
    expect(denied.body.details).toMatchObject([{ field: 'order', message: 'stop_loss_missing' }, { field: 'fix' }]);
  });

  it('needs its key, its size and the fields of its kind', async () => {
    const { traderId } = trader;
    const body = { trader_id: traderId, operation: 'buy', symbol: 'BTC', portion: '0.1' };
    expect(codeAndStatus(await ada.post('/api/orders', body))).toEqual([400, 'INVALID_REQUEST']);
    for (const change of [{ portion: undefined }, { portion: '1.5' }, { portion: '0' }, { operation: 'hold' }, { operation: 'close' }])
      expect(codeAndStatus(await order(change))).toEqual([400, 'INVALID_REQUEST']);
  });

  it('rests, is canceled once, and its stop is not taken away', async () => {
    const resting = expectStatus(201, await order({ time_in_force: 'gtc', limit_price: '59000' }));
    const path = `/api/orders/${resting.body.order.id}`;
    expect(expectStatus(200, await ada.delete(path)).body).toMatchObject({ state: 'canceled' });
    expect(codeAndStatus(await ada.delete(path))).toEqual([409, 'ORDER_FINAL']);
    expectStatus(201, await order({}, `second-${count}`));
    const [stop] = (await ada.get(`/api/orders?trader_id=${trader.traderId}&status=open`)).body.items;
    expect(codeAndStatus(await ada.delete(`/api/orders/${stop.id}`))).toEqual([409, 'ORDER_PROTECTS']);
    expect((await bob.delete(`/api/orders/${stop.id}`)).status).toBe(404);
  });
});

describe('the status of a trader', () => {
  it('is reduce-only when asked for, and takes the older form as before', async () => {
    expect(expectStatus(200, await status({ status: 'reduce_only' })).body).toMatchObject({ status: 'reduce_only', active: true });
    expect((await order({})).body.details).toMatchObject([{ field: 'order', message: 'reduce_only' }, { field: 'fix' }]);
    expect((await safetyOf()).own).toMatchObject({ status: 'reduce_only' });
    expect(expectStatus(200, await status({ active: true })).body).toMatchObject({ status: 'active' });
    expect(expectStatus(200, await status({ active: false })).body).toMatchObject({ status: 'paused' });
    expect((await status({ status: 'stopped' })).status).toBe(400);
    expect((await status({})).status).toBe(400);
  });
});

describe('the kill switch', () => {
  it('answers with the timed report once the venue is seen flat, and blocks until it is disarmed', async () => {
    expectStatus(201, await order({}));
    const { body: kill } = expectStatus(200, await ada.post('/api/kill', { trader_id: trader.traderId, reason: 'Enough.' }));
    expect(Kill.strict().safeParse(kill).error).toBeUndefined();
    expect(kill).toMatchObject({ armed: true, drill: false, reason: 'Enough.', actor: `user:${ada.userId}` });
    expect(kill.traders).toMatchObject([
      { trader_name: `Ada ${count}`, closed_positions: 1, flat: true, flat_after_ms: expect.any(Number) },
    ]);
    expect((await safetyOf()).own).toMatchObject({ killed: true, status: 'paused', positions: [] });
    expect((await safetyOf()).armed_kills.map((each: { id: string }) => each.id)).toEqual([kill.id]);
    expect(codeAndStatus(await status({ active: true }))).toEqual([409, 'KILLED']);
    expect((await order({}, `blocked-${count}`)).body.details).toMatchObject([{ field: 'order', message: 'killed' }, { field: 'fix' }]);
    expect(codeAndStatus(await ada.post('/api/kill/disarm', { kill_id: kill.id }))).toEqual([403, 'STEP_UP_REQUIRED']);
    await stepUp(ada);
    const { body } = expectStatus(200, await ada.post('/api/kill/disarm', { trader_id: trader.traderId }));
    expect(body.disarmed).toMatchObject([{ id: kill.id, armed: false, disarmed_by: `user:${ada.userId}` }]);
    expect((await safetyOf()).own).toMatchObject({ killed: false, status: 'paused' });
    expect((await ada.get('/api/kill')).body.items[0]).toMatchObject({ id: kill.id, armed: false });
  });

  it('tells the stream when it is used and when it ends', async () => {
    const seen = (await server.product.deps.readModel.lastEventSeq()) + 1;
    await ada.post('/api/kill/drill', { trader_id: trader.traderId });
    const events = await until(
      () => server.product.deps.readModel.eventsAfter(seen - 1, 1_000),
      (all) => all.some(({ topic, payload }) => topic === 'kill.changed' && JSON.stringify(payload).includes('kill.finished')),
    );
    const changes = events.filter(({ topic }) => topic === 'kill.changed').map(({ payload }) => (payload as { change: string }).change);
    expect(changes).toEqual(['kill.armed', 'kill.progressed', 'kill.finished']);
  });

  it('drills on paper, disarms itself and reports times', async () => {
    expectStatus(201, await order({}));
    const { body } = expectStatus(200, await ada.post('/api/kill/drill', { trader_id: trader.traderId }));
    expect(body).toMatchObject({ drill: true, armed: false, disarmed_by: 'system', traders: [{ flat: true, closed_positions: 1 }] });
    expect((await status({ active: true })).status).toBe(200);
  });

  it('of the instance is for owners; a report names nobody else’s traders', async () => {
    const everything = { trader_id: null, reason: 'Everything.' };
    expect(codeAndStatus(await bob.post('/api/kill', everything))).toEqual([403, 'FORBIDDEN']);
    expect((await bob.post('/api/kill', { ...everything, trader_id: trader.traderId })).status).toBe(404);
    expect((await ada.post('/api/kill', { reason: 'Everything.' })).status).toBe(400);
    const bobs = await createReadyTrader(server, bob, { name: 'Bob one' });
    const { body: kill } = expectStatus(200, await ada.post('/api/kill', everything));
    const names = (shown: typeof kill) => shown.traders.map((each: { trader_name: string }) => each.trader_name);
    expect(names(kill)).toContain(`Ada ${count}`);
    expect(names(kill)).not.toContain('Bob one');
    expect(names((await bob.get('/api/kill')).body.items[0])).toEqual(['Bob one']);
    const bobsSummary = (await bob.get('/api/safety')).body;
    expect(bobsSummary.traders.items).toMatchObject([{ trader_id: bobs.traderId, killed: true }]);
    expect(names(bobsSummary.armed_kills[0])).toEqual(['Bob one']);
    await stepUp(bob);
    expect(codeAndStatus(await bob.post('/api/kill/disarm', { trader_id: null }))).toEqual([403, 'FORBIDDEN']);
    await stepUp(ada);
    expect((await ada.post('/api/kill/disarm', { trader_id: null })).body.disarmed).toHaveLength(1);
  });
});

describe('the summary', () => {
  it('shows what of each breaker is used, the budget of orders and what is open', async () => {
    expectStatus(201, await order({}));
    const { own, order_budget } = await safetyOf();
    expect(own).toMatchObject({
      environment: 'paper',
      unknown_orders: { count: 0, oldest_at: null },
      drawdown: { limit: '0.3' },
      daily_loss: { limit: '500' },
      cooling_until: null,
    });
    expect(Number(own.daily_loss.used)).toBeGreaterThan(0);
    expect(own.positions).toMatchObject([{ symbol: 'BTC', side: 'long' }]);
    expect(order_budget).toMatchObject({ used: expect.any(Number), limit: 300 });
  });

  it('walks the traders in pages', async () => {
    const first = (await ada.get('/api/safety?limit=1')).body;
    expect(first.traders.items).toHaveLength(1);
    const second = (await ada.get(`/api/safety?limit=1&cursor=${first.traders.next_cursor}`)).body;
    expect(second.traders.items[0].trader_id).not.toBe(first.traders.items[0].trader_id);
  });
});

describe('adjustments', () => {
  it('are listed for their owner only, newest first, in pages', async () => {
    const { deps } = server.product;
    const made: AdjustmentRecord[] = [1, 2, 3].map((n) => ({
      id: deps.ids.uuid(),
      traderId: asId<TraderId>(trader.traderId),
      kind: 'balance',
      symbol: null,
      positionId: null,
      orderId: null,
      recorded: '10000',
      reported: `${10_000 + n}`,
      reason: 'The venue holds more.',
      at: deps.clock.now(),
    }));
    await deps.store.transaction(async (tx) => {
      for (const each of made) await tx.safety.insertAdjustment(each);
    });
    const path = `/api/adjustments?trader_id=${trader.traderId}&limit=2`;
    const first = expectStatus(200, await ada.get(path)).body;
    for (const each of first.items) expect(Adjustment.strict().safeParse(each).error).toBeUndefined();
    const second = (await ada.get(`${path}&cursor=${first.next_cursor}`)).body;
    const ids = [...first.items, ...second.items].map((each: { id: string }) => each.id);
    expect([...ids].sort()).toEqual(made.map(({ id }) => id).sort());
    expect(first.items[0]).toMatchObject({ trader_name: `Ada ${count}`, recorded: '10000' });
    expect((await bob.get(path)).body.items).toEqual([]);
    expect((await safetyOf()).adjustments).toBeGreaterThanOrEqual(3);
  });
});
