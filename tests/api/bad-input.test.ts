import { ErrorBody } from '@hyperoru/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiClient } from '../setup/api-client.ts';
import { rawRequest } from '../setup/raw-request.ts';
import { startTestServer, type TestServer } from '../setup/server.ts';
import { createReadyTrader, type ReadyTrader } from '../setup/trading.ts';

let server: TestServer;
let ada: ApiClient;
let ready: ReadyTrader;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  ready = await createReadyTrader(server, ada);
});
afterAll(() => server.stop());

/** Every failure has the one shape and says what to do. */
function expectError(answer: ApiAnswer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body?.code }).toEqual({ status, code });
  expect(ErrorBody.strict().safeParse(answer.body).success).toBe(true);
  expect(answer.body.request_id).toMatch(/^req_/);
  expect(answer.body.request_id).toBe(answer.headers.get('x-request-id'));
  expect(answer.body.error.length).toBeGreaterThan(20);
}

describe('a body that is no JSON of the expected form', () => {
  it.each([
    ['cut off', '{"name":'],
    ['two values', '{} {}'],
    ['a key __proto__', '{"name":"x","__proto__":{"admin":true}}'],
    ['bytes that are no text', '\u0000\u0001'],
  ])('is 400 INVALID_JSON when it is %s', async (_name, rawBody) => {
    expectError(await ada.post('/api/traders', undefined, { rawBody }), 400, 'INVALID_JSON');
  });

  it.each([
    ['no body', undefined],
    ['an array', []],
    ['null', null],
    ['a text', 'x'],
  ])('is 400 INVALID_REQUEST when it is %s', async (_name, body) => {
    expectError(await ada.post('/api/traders', body), 400, 'INVALID_REQUEST');
  });

  it('is 415 in another media type', async () => {
    const answer = await ada.post('/api/traders', undefined, {
      rawBody: 'name=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expectError(answer, 415, 'UNSUPPORTED_MEDIA_TYPE');
  });

  it('is 413 above 256 KiB and accepted up to it', async () => {
    const frame = JSON.stringify({ name: 'P', content: '' }).length;
    const tooLong = 'x'.repeat(256 * 1024 - frame + 1);
    expectError(await ada.post('/api/prompts', { name: 'P', content: tooLong }), 413, 'BODY_TOO_LARGE');
    expectError(await ada.post('/api/prompts', { name: 'P', content: tooLong.slice(1) }), 400, 'INVALID_REQUEST');
  });
});

describe('a field', () => {
  it('that nobody knows is named and refused, on every level', async () => {
    const answer = await ada.post('/api/traders', { name: 'x', is_admin: true });
    expectError(answer, 400, 'INVALID_REQUEST');
    expect(answer.body.details).toEqual([{ field: 'is_admin', message: 'Unknown field; leave it out.' }]);
    const triggers = [{ type: 'schedule', interval_seconds: 60, cron: '* * * * *' }];
    const nested = await ada.post(`/api/traders/${ready.traderId}/bindings`, { prompt_id: ready.promptId, symbols: ['BTC'], triggers });
    expectError(nested, 400, 'INVALID_REQUEST');
    expect(nested.body.details[0].field).toMatch(/^triggers\.0/);
  });

  it('that is missing or of another type is named', async () => {
    const answer = await ada.put(`/api/traders/${ready.traderId}/llm`, { model: 7, base_url: 'no url' });
    expectError(answer, 400, 'INVALID_REQUEST');
    expect(answer.body.details.map((detail: { field: string }) => detail.field).toSorted()).toEqual(['base_url', 'model']);
  });

  it.each([
    ['leverage above the highest', { max_leverage: 126 }],
    ['leverage below 1', { max_leverage: 0.5 }],
    ['an amount as a number', { max_order_notional: 100 }],
    ['an amount with an exponent', { max_order_notional: '1e3' }],
    ['an amount of 0', { max_order_notional: '0.00' }],
    ['a negative amount', { max_daily_loss: '-5' }],
    ['an amount of 41 characters', { max_order_notional: '1'.repeat(41) }],
    ['a symbol in lower case', { allowed_symbols: ['btc'] }],
    ['an unknown policy', { on_protection_failure: 'hope' }],
    ['a share above 1', { max_price_deviation: '1.01' }],
    ['a share of 0', { max_drawdown: '0' }],
    ['a pause of half a minute', { cooldown_minutes: 0.5 }],
    ['a policy for foreign orders that there is not', { on_external_activity: 'hope' }],
  ])('of the limits is refused: %s', async (_name, body) => {
    expectError(await ada.put(`/api/traders/${ready.traderId}/risk`, body), 400, 'INVALID_REQUEST');
  });
});

describe('a path', () => {
  it('with an id that is no UUID is 400 and says so', async () => {
    for (const id of ['1', 'not-a-uuid', ready.traderId.toUpperCase(), '..%2F..%2Fetc']) {
      expectError(await ada.get(`/api/traders/${id}`), 400, 'INVALID_REQUEST');
    }
  });

  it('that nothing answers is 404 in the same shape', async () => {
    expectError(await ada.get('/api/nothing/here'), 404, 'NOT_FOUND');
    expectError(await ada.get('/api'), 404, 'NOT_FOUND');
    expectError(await server.anonymous.get('/api/nothing'), 404, 'NOT_FOUND');
  });

  it('with a method it does not have is 405 and lists those it has', async () => {
    const answer = await ada.delete('/api/traders');
    expectError(answer, 405, 'METHOD_NOT_ALLOWED');
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await ada.put(`/api/runs/${ready.traderId}`, {})).headers.get('allow')).toBe('GET, HEAD');
  });

  it('that is no valid URL is 400', async () => {
    const answer = await rawRequest(`${server.url}/api/%zz`);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

describe('a query', () => {
  it.each(['limit=0', 'limit=201', 'limit=ten', 'page=2', 'outcome=won', 'from=yesterday', 'trader_id=7'])(
    'with %s is 400',
    async (query) => {
      expectError(await ada.get(`/api/runs?${query}`), 400, 'INVALID_REQUEST');
    },
  );

  it('with a cursor that is not ours is 400 INVALID_CURSOR', async () => {
    for (const list of ['runs', 'decisions', 'orders', 'fills', 'positions', 'alerts', 'traders', 'prompts']) {
      expectError(await ada.get(`/api/${list}?cursor=bm90IG91cnM`), 400, 'INVALID_CURSOR');
    }
  });

  it('with a range that ends before it starts, or says two things, is 400', async () => {
    expectError(await ada.get('/api/analytics/summary?start_date=2026-02-01&end_date=2026-01-01'), 400, 'INVALID_REQUEST');
    expectError(await ada.get('/api/analytics/summary?days=3&start_date=2026-01-01'), 400, 'INVALID_REQUEST');
    expectError(await ada.get('/api/analytics/summary?days=0'), 400, 'INVALID_REQUEST');
  });

  it('for candles of a symbol that is not traded is 422', async () => {
    expectError(await ada.get('/api/klines/data?symbol=DOGE'), 422, 'UNKNOWN_SYMBOL');
    expectError(await ada.get('/api/klines/data?symbol=BTC&interval=3h'), 400, 'INVALID_REQUEST');
  });
});

describe('a template', () => {
  it.each([
    ['an unknown variable', 'Prices: {{ market_price }}', 'market_price'],
    ['an unknown variable in single braces', 'Prices: {market_price}', 'market_price'],
    ['an unknown filter', '{{ market_prices | shout }}', 'shout'],
    ['a stray brace', 'Prices: {{ market_prices }', ''],
    ['a tag that is not offered', "{% include 'secrets' %}", ''],
  ])('with %s is 422 and the place is named', async (_name, content, word) => {
    const answer = await ada.post('/api/prompts', { name: 'P', content });
    expectError(answer, 422, 'TEMPLATE_INVALID');
    expect(answer.body.details.length).toBeGreaterThan(0);
    expect(answer.body.error + JSON.stringify(answer.body.details)).toContain(word);
    const preview = await ada.post('/api/prompts/preview', { content });
    expect(preview).toMatchObject({ status: 200, body: { text: null } });
    expect(preview.body.problems.length).toBeGreaterThan(0);
  });

  it('that never ends is stopped, and the next one is rendered', async () => {
    const endless = '{% for i in (1..100000000) %}{% endfor %}';
    const answer = await ada.post('/api/prompts/preview', { content: endless });
    expect(answer).toMatchObject({ status: 200, body: { text: null } });
    expect((await ada.post('/api/prompts/preview', { content: 'x {market_prices}' })).body.text).toContain('BTC');
  });
});

describe('a business rule', () => {
  it.each([
    ['http://169.254.169.254/v1', 'the metadata service of a cloud'],
    ['http://[::ffff:127.0.0.1]/v1', 'loopback in disguise'],
    ['http://2130706433/v1', 'loopback as a number'],
    ['http://10.0.0.7:8000/v1', 'a private network'],
    ['http://api.openai.com/v1', 'plain http'],
    ['https://user:secret@api.openai.com/v1', 'credentials in the address'],
    ['file:///etc/passwd', 'no web address'],
  ])('refuses the base URL %s: %s', async (baseUrl) => {
    const answer = await ada.put(`/api/traders/${ready.traderId}/llm`, { model: 'm', base_url: baseUrl, api_key: 'sk-0123456789' });
    expectError(answer, 422, 'BASE_URL_FORBIDDEN');
  });

  it.each([
    [{ interval_seconds: 4 }, 400, 'INVALID_REQUEST'],
    [{ interval_seconds: 86_401 }, 400, 'INVALID_REQUEST'],
    [{ cron: '61 * * * *' }, 422, 'SCHEDULE_INVALID'],
    [{ cron: '* * * * * *' }, 422, 'SCHEDULE_INVALID'],
    [{ cron: '0 9 * * *', timezone: 'Mars/Olympus' }, 422, 'SCHEDULE_INVALID'],
  ])('refuses the schedule %j with %i %s', async (trigger, status, code) => {
    const triggers = [{ type: 'schedule', ...trigger }];
    expectError(
      await ada.post(`/api/traders/${ready.traderId}/bindings`, { prompt_id: ready.promptId, symbols: ['BTC'], triggers }),
      status,
      code,
    );
  });

  it('refuses a symbol that the venue does not list, and a venue that this version does not offer', async () => {
    expectError(
      await ada.post(`/api/traders/${ready.traderId}/bindings`, { prompt_id: ready.promptId, symbols: ['DOGE'] }),
      422,
      'UNKNOWN_SYMBOL',
    );
    const exchange = { exchange: 'binance', environment: 'mainnet', credentials: { api_key: 'k', api_secret: 's' } };
    expectError(await ada.put(`/api/traders/${ready.traderId}/exchange`, exchange), 422, 'VENUE_UNAVAILABLE');
  });

  it('keeps everything as it was after a refusal', async () => {
    const before = (await ada.get(`/api/traders/${ready.traderId}`)).body;
    await ada.put(`/api/traders/${ready.traderId}/llm`, { model: 'm', base_url: 'http://10.0.0.7/v1', api_key: 'sk-0123456789' });
    await ada.put(`/api/traders/${ready.traderId}/risk`, { max_leverage: 5, max_order_notional: 'x' });
    const after = (await ada.get(`/api/traders/${ready.traderId}`)).body;
    expect({ llm: after.llm, risk: after.risk, exchange: after.exchange }).toEqual({
      llm: before.llm,
      risk: before.risk,
      exchange: before.exchange,
    });
  });
});
