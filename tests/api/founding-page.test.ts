import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
import { startTestServer, type TestServer } from '../setup/server.ts';
import { BUY_ANSWER, CLOSE_ANSWER, createReadyTrader, runOnce } from '../setup/trading.ts';

const PROVIDERS = [
  ['https://api.openai.com/v1', 'gpt-4o'],
  ['https://api.anthropic.com/v1', 'claude-sonnet-4-20250514'],
  ['https://generativelanguage.googleapis.com/v1beta', 'gemini-2.0-flash'],
  ['https://api.deepseek.com/v1', 'deepseek-chat'],
] as const;

let server: TestServer;
let ada: ApiClient;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
});
afterAll(() => server.stop());

async function newTrader(): Promise<string> {
  const answer = await ada.post('/api/traders', { name: 'My Trader', description: 'A momentum strategy', user_id: ada.userId });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

describe('POST /api/traders', () => {
  it('creates a trader from name, description and user_id that is paused and knows what is missing', async () => {
    const answer = await ada.post('/api/traders', { name: 'My Trader', description: 'A momentum strategy', user_id: ada.userId });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      name: 'My Trader',
      description: 'A momentum strategy',
      user_id: ada.userId,
      active: false,
      status: 'paused',
      setup_missing: ['llm', 'exchange', 'binding'],
    });
  });

  it('refuses the user_id of somebody else', async () => {
    const answer = await ada.post('/api/traders', { name: 'x', description: '', user_id: '00000000-0000-4000-8000-000000000001' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'USER_ID_MISMATCH', details: [{ field: 'user_id' }] } });
  });
});

describe('PUT /api/traders/{id}/llm', () => {
  it.each(PROVIDERS)('accepts %s exactly as written', async (baseUrl, model) => {
    const id = await newTrader();
    const answer = await ada.put(`/api/traders/${id}/llm`, { model, api_key: 'sk-test-0123456789abcdef', base_url: baseUrl });
    expect(answer.status).toBe(200);
    expect(answer.body.llm).toMatchObject({
      model,
      base_url: baseUrl,
      has_api_key: true,
      key_fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    expect(answer.text).not.toContain('0123456789abcdef');
  });

  it('accepts the local model without a key where the operator lists it', async () => {
    const local = await startTestServer({ env: { HYPERORU_PRIVATE_ENDPOINTS: 'http://localhost:11434' } });
    try {
      const user = await local.setUp();
      const trader = await user.post('/api/traders', { name: 'Local' });
      const answer = await user.put(`/api/traders/${trader.body.id}/llm`, { model: 'llama3', base_url: 'http://localhost:11434/v1' });
      expect(answer).toMatchObject({ status: 200, body: { llm: { base_url: 'http://localhost:11434/v1', has_api_key: false } } });
    } finally {
      await local.stop();
    }
  });
});

describe('PUT /api/traders/{id}/status', () => {
  it('toggles a trader that is set up', async () => {
    const { traderId } = await createReadyTrader(server, ada);
    const on = await ada.put(`/api/traders/${traderId}/status`, { active: true });
    expect(on).toMatchObject({ status: 200, body: { active: true, status: 'active' } });
    const off = await ada.put(`/api/traders/${traderId}/status`, { active: false });
    expect(off).toMatchObject({ status: 200, body: { active: false, status: 'paused' } });
  });

  it('names what is missing when it is not', async () => {
    const answer = await ada.put(`/api/traders/${await newTrader()}/status`, { active: true });
    expect(answer).toMatchObject({ status: 422, body: { code: 'TRADER_NOT_READY' } });
  });

  it('makes a paused trader ignore triggers and an active one trade', async () => {
    const { traderId, bindingId } = await createReadyTrader(server, ada);
    expect((await runOnce(ada, bindingId)).body).toMatchObject({ outcome: 'skipped' });
    await ada.put(`/api/traders/${traderId}/status`, { active: true });
    server.model.enqueue(BUY_ANSWER);
    expect((await runOnce(ada, bindingId)).body).toMatchObject({ outcome: 'traded', reason: null });
  });
});

describe('DELETE /api/traders/{id}', () => {
  it('answers 204 without a body, stops the strategies and keeps the history readable', async () => {
    const { traderId, bindingId } = await createReadyTrader(server, ada, { name: 'Short-lived' });
    await ada.put(`/api/traders/${traderId}/status`, { active: true });
    server.model.enqueue(BUY_ANSWER);
    await runOnce(ada, bindingId);
    server.model.enqueue(CLOSE_ANSWER);
    await runOnce(ada, bindingId);

    const deleted = await ada.delete(`/api/traders/${traderId}`);
    expect(deleted).toMatchObject({ status: 204, text: '' });

    expect((await ada.get('/api/traders')).body.items.map((trader: { id: string }) => trader.id)).not.toContain(traderId);
    expect((await ada.get(`/api/traders/${traderId}`)).body).toMatchObject({ status: 'deleted', name: 'Short-lived' });
    expect((await ada.get('/api/traders?include_deleted=true')).body.items.map((trader: { id: string }) => trader.id)).toContain(traderId);
    const accounts = await ada.get(`/api/analytics/by-account?trader_id=${traderId}`);
    expect(accounts.body.items).toMatchObject([{ account_id: traderId, account_name: 'Short-lived', is_deleted: true, trades: 1 }]);
    expect((await ada.get(`/api/orders?trader_id=${traderId}`)).body.items[0]).toMatchObject({ trader_name: 'Short-lived' });
    expect((await ada.post(`/api/bindings/${bindingId}/trigger`, {})).status).toBeGreaterThanOrEqual(404);
    expect(await ada.put(`/api/traders/${traderId}/status`, { active: true })).toMatchObject({
      status: 409,
      body: { code: 'TRADER_DELETED' },
    });
  });

  it('answers 204 again when it was deleted before', async () => {
    const id = await newTrader();
    expect((await ada.delete(`/api/traders/${id}`)).status).toBe(204);
    expect((await ada.delete(`/api/traders/${id}`)).status).toBe(204);
  });
});
