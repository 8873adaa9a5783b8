import { TraderCard, TraderOverview } from '@hyperoru/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
import { PASSWORD, startTestServer, type TestServer } from '../setup/server.ts';
import { BUY_ANSWER, createReadyTrader, runOnce } from '../setup/trading.ts';

let server: TestServer;
let ada: ApiClient;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
});
afterAll(() => server.stop());

const NOBODYS_ID = '99999999-9999-4999-8999-999999999999';

describe('traders', () => {
  it('200: are listed newest first, page by page, each with its live figures', async () => {
    const owner = await server.invite(ada, 'lister');
    for (const name of ['one', 'two', 'three']) await owner.post('/api/traders', { name });
    const first = await owner.get('/api/traders?limit=2');
    expect(first.body.items.map((trader: { name: string }) => trader.name)).toEqual(['three', 'two']);
    const second = await owner.get(`/api/traders?limit=2&cursor=${encodeURIComponent(first.body.next_cursor)}`);
    expect(second.body).toMatchObject({ items: [{ name: 'one' }], next_cursor: null });
    for (const card of [...first.body.items, ...second.body.items]) expect(TraderCard.strict().safeParse(card).error).toBeUndefined();
  });

  it('200: are renamed without losing anything else', async () => {
    const { traderId } = await createReadyTrader(server, ada);
    const renamed = await ada.patch(`/api/traders/${traderId}`, { name: '  New name  ' });
    expect(renamed).toMatchObject({
      status: 200,
      body: { name: 'New name', description: '', environment: 'paper', llm: { model: 'test-model' } },
    });
  });

  it('404 for one that never was, 409 for one that was deleted', async () => {
    expect(await ada.get(`/api/traders/${NOBODYS_ID}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const { traderId } = await createReadyTrader(server, ada);
    await ada.delete(`/api/traders/${traderId}`);
    for (const [method, path, body] of [
      ['PATCH', '', { name: 'x' }],
      ['PUT', '/llm', { model: 'm', base_url: server.model.baseUrl }],
      ['PUT', '/exchange', { exchange: 'paper', environment: 'paper' }],
      ['PUT', '/risk', { max_leverage: 2 }],
      ['PUT', '/status', { active: true }],
    ] as const) {
      expect(await ada.call(method, `/api/traders/${traderId}${path}`, body), path).toMatchObject({
        status: 409,
        body: { code: 'TRADER_DELETED' },
      });
    }
  });
});

describe('a model', () => {
  it('200: is tested by one tiny question, and a failure is explained', async () => {
    const { traderId } = await createReadyTrader(server, ada);
    server.model.enqueue('{"ok": true}');
    const good = await ada.post(`/api/traders/${traderId}/llm/test`);
    expect(good).toMatchObject({ status: 200, body: { success: true, model: 'test-model', code: null } });
    expect(Number.isInteger(good.body.latency_ms)).toBe(true);
    server.model.enqueue({ status: 404, body: '{"error":{"message":"The model does not exist","code":"model_not_found"}}' });
    const bad = await ada.post(`/api/traders/${traderId}/llm/test`);
    expect(bad).toMatchObject({ status: 200, body: { success: false, code: 'model_not_found' } });
    expect(bad.body.message.length).toBeGreaterThan(20);
  });

  it('422: cannot be tested before it is set', async () => {
    const { body } = await ada.post('/api/traders', { name: 'Bare' });
    expect(await ada.post(`/api/traders/${body.id}/llm/test`)).toMatchObject({ status: 422, body: { code: 'TRADER_NOT_READY' } });
  });

  it('422: needs a key unless it is a listed private one', async () => {
    const { body } = await ada.post('/api/traders', { name: 'Bare' });
    const answer = await ada.put(`/api/traders/${body.id}/llm`, { model: 'gpt-4o', base_url: 'https://api.openai.com/v1' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'API_KEY_REQUIRED' } });
  });

  it('that is scripted says so', async () => {
    const { body } = await ada.post('/api/traders', { name: 'Scripted' });
    const answer = await ada.put(`/api/traders/${body.id}/llm`, { model: 'scripted-momentum', base_url: server.product.scriptedBaseUrl });
    expect(answer).toMatchObject({ status: 200, body: { llm: { is_scripted: true, has_api_key: false } } });
  });
});

describe('a status', () => {
  it('shows the error of the last run with its reason and its run, until it is resumed', async () => {
    const { traderId, bindingId } = await createReadyTrader(server, ada, { model: 'html-500' });
    await ada.put(`/api/traders/${traderId}/status`, { active: true });
    const run = await runOnce(ada, bindingId);
    expect(run.body).toMatchObject({ outcome: 'failed', code: 'model_upstream_error' });
    const failed = (await ada.get(`/api/traders/${traderId}`)).body;
    expect(failed).toMatchObject({ status: 'error', active: true, status_run_id: run.body.id, status_reason: run.body.reason });
    await ada.put(`/api/traders/${traderId}/status`, { active: false });
    expect((await ada.put(`/api/traders/${traderId}/status`, { active: true })).body).toMatchObject({
      status: 'active',
      status_reason: null,
    });
  });
});

describe('an exchange', () => {
  it('200: is set, read, tested and taken away; 404 when there is none', async () => {
    const { body } = await ada.post('/api/traders', { name: 'Bare' });
    const path = `/api/traders/${body.id}/exchange`;
    expect((await ada.get(path)).status).toBe(404);
    expect(await ada.post(`${path}/test`)).toMatchObject({ status: 422, body: { code: 'TRADER_NOT_READY' } });
    const set = await ada.put(path, { exchange: 'paper', environment: 'paper' });
    expect(set).toMatchObject({ status: 200, body: { exchange: 'paper', environment: 'paper', label: 'script of a test' } });
    expect(set.body.model_limits.length).toBeGreaterThan(2);
    expect((await ada.get(path)).body).toEqual(set.body);
    expect(await ada.post(`${path}/test`)).toMatchObject({ status: 200, body: { success: true, balance: '10000', currency: 'USD' } });
    expect((await ada.delete(path)).status).toBe(204);
    expect((await ada.get(path)).status).toBe(404);
  });

  it('409: stays while the trader is active or holds a position', async () => {
    const { traderId, bindingId } = await createReadyTrader(server, ada);
    await ada.put(`/api/traders/${traderId}/status`, { active: true });
    expect(await ada.delete(`/api/traders/${traderId}/exchange`)).toMatchObject({ status: 409, body: { code: 'TRADER_ACTIVE' } });
    server.model.enqueue(BUY_ANSWER);
    await runOnce(ada, bindingId);
    await ada.put(`/api/traders/${traderId}/status`, { active: false });
    expect(await ada.delete(`/api/traders/${traderId}/exchange`)).toMatchObject({ status: 409, body: { code: 'POSITION_OPEN' } });
  });
});

describe('limits', () => {
  it('200: change one by one; null lifts one', async () => {
    const { traderId } = await createReadyTrader(server, ada);
    const before = (await ada.get(`/api/traders/${traderId}/risk`)).body;
    await ada.post('/api/users/step-up', { password: PASSWORD });
    const after = await ada.put(`/api/traders/${traderId}/risk`, { max_leverage: 7, max_daily_loss: null, allowed_symbols: ['BTC'] });
    expect(after.body).toEqual({ ...before, max_leverage: 7, max_daily_loss: null, allowed_symbols: ['BTC'] });
    expect((await ada.get(`/api/traders/${traderId}/risk`)).body).toEqual(after.body);
  });

  it('422: that contradict each other are refused and named', async () => {
    const { traderId } = await createReadyTrader(server, ada);
    const answer = await ada.put(`/api/traders/${traderId}/risk`, { max_order_notional: '500', max_total_notional: '100' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'LIMIT_INVALID' } });
    expect(answer.body.details.length).toBeGreaterThan(0);
  });
});

describe('the figures of a trader', () => {
  it('200: overview and equity follow a trade', async () => {
    const { traderId, bindingId } = await createReadyTrader(server, ada);
    await ada.put(`/api/traders/${traderId}/status`, { active: true });
    server.model.enqueue(BUY_ANSWER);
    await runOnce(ada, bindingId);
    const overview = await ada.get(`/api/traders/${traderId}/overview`);
    expect(TraderOverview.strict().safeParse(overview.body).error).toBeUndefined();
    expect(overview.body).toMatchObject({
      total_runs: 1,
      total_trades: 0,
      market_source: 'script of a test',
      trader: { open_positions: 1 },
    });
    expect(Number(overview.body.fees)).toBeGreaterThan(0);
    const equity = await ada.get(`/api/traders/${traderId}/equity?points=10`);
    expect(equity.body.points.length).toBeGreaterThan(0);
    expect(equity.body.markers).toMatchObject([{ kind: 'entry', side: 'buy', symbol: 'BTC' }]);
    expect((await ada.get(`/api/traders/${traderId}/equity?points=1`)).status).toBe(400);
  });
});
