import { Binding, Prompt } from '@hyperoru/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
import { startTestServer, type TestServer } from '../setup/server.ts';
import { createReadyTrader, runOnce } from '../setup/trading.ts';

const DOCUMENTED = [
  'market_prices',
  'sampling_data',
  'trigger_context',
  'open_positions',
  'recent_trades',
  'market_regime',
  'news_context',
  'kline_data',
  'technical_indicators',
];

let server: TestServer;
let ada: ApiClient;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
});
afterAll(() => server.stop());

const newPrompt = async (content = 'Prices: {market_prices}') => (await ada.post('/api/prompts', { name: 'Momentum', content })).body;

describe('prompts', () => {
  it('201, 200, 204: are created, read, listed and deleted', async () => {
    const created = await ada.post('/api/prompts', { name: 'Momentum', content: 'Hold.', user_id: ada.userId });
    expect(created).toMatchObject({ status: 201, body: { name: 'Momentum', content: 'Hold.', version: 1, bindings_count: 0 } });
    expect(Prompt.strict().safeParse(created.body).error).toBeUndefined();
    expect((await ada.get(`/api/prompts/${created.body.id}`)).body).toEqual(created.body);
    expect((await ada.get('/api/prompts')).body.items[0]).toEqual(created.body);
    expect((await ada.delete(`/api/prompts/${created.body.id}`)).status).toBe(204);
    expect((await ada.get(`/api/prompts/${created.body.id}`)).status).toBe(404);
  });

  it('200: get a version for every new text, and keep the old ones', async () => {
    const { id, content_hash: first } = await newPrompt('One.');
    const changed = await ada.put(`/api/prompts/${id}`, { content: 'Two.' });
    expect(changed.body).toMatchObject({ version: 2, content: 'Two.' });
    expect((await ada.put(`/api/prompts/${id}`, { content: 'Two.', name: 'Same text' })).body).toMatchObject({
      version: 2,
      name: 'Same text',
    });
    const versions = (await ada.get(`/api/prompts/${id}/versions`)).body.items;
    expect(versions.map((version: { number: number; content: string }) => [version.number, version.content])).toEqual([
      [2, 'Two.'],
      [1, 'One.'],
    ]);
    expect(versions[1].content_hash).toBe(first);
  });

  it('201: are copied under a name of their own', async () => {
    const { id } = await newPrompt();
    const copy = await ada.post(`/api/prompts/${id}/copy`);
    expect(copy).toMatchObject({ status: 201, body: { name: 'Momentum (copy)', content: 'Prices: {market_prices}', version: 1 } });
    expect(copy.body.id).not.toBe(id);
  });

  it('409: stay while a binding uses them', async () => {
    const { promptId, bindingId } = await createReadyTrader(server, ada);
    expect((await ada.get(`/api/prompts/${promptId}`)).body.bindings_count).toBe(1);
    expect(await ada.delete(`/api/prompts/${promptId}`)).toMatchObject({ status: 409, body: { code: 'PROMPT_IN_USE' } });
    expect((await ada.delete(`/api/bindings/${bindingId}`)).status).toBe(204);
    expect((await ada.delete(`/api/prompts/${promptId}`)).status).toBe(204);
  });

  it('200: may use the nine documented variables, in single or double braces, and are shown with live values', async () => {
    const variables = (await ada.get('/api/prompts/variables')).body.items;
    expect(variables.map((variable: { name: string }) => variable.name)).toEqual(DOCUMENTED);
    const preview = await ada.post('/api/prompts/preview', {
      content: `{market_prices} ${DOCUMENTED.map((name) => `{{ ${name} }}`).join(' ')}`,
      symbols: ['ETH'],
    });
    expect(preview).toMatchObject({ status: 200, body: { problems: [] } });
    expect(preview.body.text).toContain('ETH');
    expect(preview.body.approx_tokens).toBeGreaterThan(10);
  });
});

describe('bindings', () => {
  it('201, 200, 204: are created, listed, changed and deleted', async () => {
    const { traderId, promptId, bindingId } = await createReadyTrader(server, ada);
    const triggers = [
      { type: 'schedule', interval_seconds: 3600 },
      { type: 'schedule', cron: '0 9 * * 1-5', timezone: 'Europe/Berlin' },
    ];
    const created = await ada.post(`/api/traders/${traderId}/bindings`, {
      prompt_id: promptId,
      symbols: ['BTC', 'ETH'],
      triggers,
      params: { risk: 'low' },
    });
    expect(created).toMatchObject({
      status: 201,
      body: { prompt_name: 'Prompt', symbols: ['BTC', 'ETH'], triggers, params: { risk: 'low' }, next_run_at: null },
    });
    expect(Binding.strict().safeParse(created.body).error).toBeUndefined();
    await ada.put(`/api/traders/${traderId}/status`, { active: true });
    const listed = (await ada.get(`/api/traders/${traderId}/bindings`)).body.items;
    expect(listed.map((binding: { id: string }) => binding.id)).toEqual([bindingId, created.body.id]);
    expect(Date.parse(listed[1].next_run_at)).toBeGreaterThan(0);
    const off = await ada.patch(`/api/bindings/${created.body.id}`, { enabled: false });
    expect(off).toMatchObject({ status: 200, body: { enabled: false, next_run_at: null, symbols: ['BTC', 'ETH'] } });
    expect((await ada.delete(`/api/bindings/${created.body.id}`)).status).toBe(204);
    expect((await ada.patch(`/api/bindings/${created.body.id}`, { enabled: true })).status).toBe(404);
  });

  it('202: are woken by hand, once per event id for all time', async () => {
    const { traderId, bindingId } = await createReadyTrader(server, ada);
    await ada.put(`/api/traders/${traderId}/status`, { active: true });
    const fired = await ada.post(`/api/bindings/${bindingId}/trigger`, { event_id: 'order-7' });
    expect(fired).toMatchObject({ status: 202, body: { duplicate: false, cause: 'manual' } });
    const again = await ada.post(`/api/bindings/${bindingId}/trigger`, { event_id: 'order-7' });
    expect(again).toMatchObject({ status: 202, body: { duplicate: true, run_id: fired.body.run_id, trigger_id: fired.body.trigger_id } });
    const empty = await ada.post(`/api/bindings/${bindingId}/trigger`);
    expect(empty).toMatchObject({ status: 202, body: { duplicate: false } });
    expect(empty.body.run_id).not.toBe(fired.body.run_id);
  });

  it('pin the text that decided: a later change shows in later runs only', async () => {
    const { traderId, promptId, bindingId } = await createReadyTrader(server, ada, { content: 'First text.' });
    await ada.put(`/api/traders/${traderId}/status`, { active: true });
    const first = await runOnce(ada, bindingId);
    await ada.put(`/api/prompts/${promptId}`, { content: 'Second text.' });
    const second = await runOnce(ada, bindingId);
    expect(first.body.model_calls[0].prompt_text).toContain('First text.');
    expect((await ada.get(`/api/runs/${first.body.id}`)).body.model_calls[0].prompt_text).toContain('First text.');
    expect(second.body.model_calls[0].prompt_text).toContain('Second text.');
  });

  it('200: show the prompt as it would be sent', async () => {
    const { bindingId } = await createReadyTrader(server, ada);
    const preview = await ada.post(`/api/bindings/${bindingId}/preview`);
    expect(preview).toMatchObject({ status: 200, body: { problems: [], text: expect.stringContaining('BTC') } });
  });
});
