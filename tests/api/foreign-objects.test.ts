import { type AlertId, asId, type TraderId, type UserId } from '@hyperoru/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiClient } from '../setup/api-client.ts';
import { startTestServer, type TestServer } from '../setup/server.ts';
import { BUY_ANSWER, createReadyTrader, runOnce } from '../setup/trading.ts';

const NOBODYS_ID = '99999999-9999-4999-8999-999999999999';

/** A body that would be accepted from the owner, so that only the ownership can be what refuses. */
const BODIES: Readonly<Record<string, unknown>> = {
  'PATCH /api/traders/:id': { name: 'Mine now' },
  'PUT /api/traders/:id/llm': { model: 'm', base_url: 'https://api.openai.com/v1', api_key: 'sk-0123456789' },
  'PUT /api/traders/:id/status': { active: false },
  'PUT /api/traders/:id/exchange': { exchange: 'paper', environment: 'paper' },
  'PUT /api/traders/:id/risk': { max_leverage: 2 },
  'PUT /api/prompts/:id': { name: 'Mine now' },
  'PATCH /api/bindings/:id': { enabled: false },
  'POST /api/bindings/:id/trigger': { event_id: 'e' },
};

let server: TestServer;
let ada: ApiClient;
let bob: ApiClient;
/** Ada's object for every kind of path. */
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp('ada');
  bob = await server.invite(ada, 'bob');
  const { traderId, promptId, bindingId } = await createReadyTrader(server, ada);
  await ada.put(`/api/traders/${traderId}/status`, { active: true });
  server.model.enqueue(BUY_ANSWER);
  const run = await runOnce(ada, bindingId);
  expect(run.body.outcome).toBe('traded');
  const token = await ada.post('/api/tokens', { name: 'robot' });
  ids = {
    traders: traderId,
    prompts: promptId,
    bindings: bindingId,
    runs: run.body.id,
    decisions: run.body.decisions[0].id,
    orders: (await ada.get('/api/orders')).body.items[0].id,
    positions: (await ada.get('/api/positions')).body.items[0].id,
    alerts: await raiseAlert(traderId),
    tokens: token.body.id,
  };
});
afterAll(() => server.stop());

async function raiseAlert(traderId: string): Promise<string> {
  const { deps } = server.product;
  const alert = {
    id: asId<AlertId>(deps.ids.uuid()),
    ownerId: asId<UserId>(ada.userId ?? ''),
    traderId: asId<TraderId>(traderId),
    severity: 'info' as const,
    code: 'test',
    message: 'A test.',
    createdAt: deps.clock.now(),
    acknowledgedAt: null,
  };
  await deps.store.transaction((tx) => tx.journal.insertAlert(alert));
  return alert.id;
}

const routesWithId = () => server.product.app.routes.filter((route) => route.url.includes(':id') && route.method !== 'HEAD');
const kindOf = (url: string): string => url.split('/')[2] ?? '';
const withoutRequestId = (answer: ApiAnswer) => ({ status: answer.status, body: { ...answer.body, request_id: '' } });

describe('an object of somebody else', () => {
  it('has an example for every kind of path', () => {
    const kinds = new Set(routesWithId().map((route) => kindOf(route.url)));
    expect([...kinds].filter((kind) => ids[kind] === undefined)).toEqual([]);
    expect(routesWithId().length).toBeGreaterThan(25);
  });

  it('is the same 404 as one that never was, on every route', async () => {
    const differences: string[] = [];
    for (const { method, url } of routesWithId()) {
      const body = BODIES[`${method} ${url}`];
      const bindingBody = url === '/api/traders/:id/bindings' && method === 'POST' ? { prompt_id: ids['prompts'], symbols: ['BTC'] } : body;
      const foreign = withoutRequestId(await bob.call(method, url.replace(':id', ids[kindOf(url)] ?? ''), bindingBody));
      const missing = withoutRequestId(await bob.call(method, url.replace(':id', NOBODYS_ID), bindingBody));
      if (foreign.status !== 404 || JSON.stringify(foreign) !== JSON.stringify(missing)) {
        differences.push(`${method} ${url}: foreign ${JSON.stringify(foreign)}, missing ${JSON.stringify(missing)}`);
      }
    }
    expect(differences).toEqual([]);
  });

  it('is untouched by the attempts', async () => {
    expect((await ada.get(`/api/traders/${ids['traders']}`)).body).toMatchObject({ name: 'Ada one', active: true, deleted_at: null });
    expect((await ada.get(`/api/prompts/${ids['prompts']}`)).body).toMatchObject({ name: 'Prompt', version: 1 });
    expect((await ada.get('/api/tokens')).body.items).toHaveLength(1);
    expect((await ada.get(`/api/positions?status=open`)).body.items).toHaveLength(1);
  });

  it('cannot be bound, previewed or filtered by', async () => {
    const own = await createReadyTrader(server, bob, { name: 'Bob one' });
    const bound = await bob.post(`/api/traders/${own.traderId}/bindings`, { prompt_id: ids['prompts'], symbols: ['BTC'] });
    expect(bound).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const moved = await bob.patch(`/api/bindings/${own.bindingId}`, { prompt_id: ids['prompts'] });
    expect(moved.status).toBe(404);
    const preview = await bob.post('/api/prompts/preview', { content: '{open_positions}', trader_id: ids['traders'] });
    expect(preview.status).toBe(404);
    for (const list of ['runs', 'decisions', 'orders', 'fills', 'positions', 'alerts']) {
      expect((await bob.get(`/api/${list}?trader_id=${ids['traders']}`)).body, list).toEqual({ items: [], next_cursor: null });
    }
    expect((await bob.get(`/api/analytics/summary?trader_id=${ids['traders']}`)).status).toBe(404);
  });

  it('appears in no list, no audit export and no total', async () => {
    const paths = [
      'traders?include_deleted=true',
      'prompts',
      'runs',
      'decisions',
      'orders',
      'fills',
      'positions',
      'alerts',
      'tokens',
      'audit',
    ];
    for (const path of paths) {
      const { text } = await bob.get(`/api/${path}`);
      for (const [kind, id] of Object.entries(ids)) expect(text, `${kind} in ${path}`).not.toContain(id);
    }
    expect((await bob.get('/api/analytics/by-account')).body).toEqual({ items: [] });
  });

  it('is refused by user_id in a query too', async () => {
    for (const path of ['traders', 'analytics/summary', 'analytics/by-symbol']) {
      expect(await bob.get(`/api/${path}?user_id=${ada.userId}`), path).toMatchObject({ status: 403, body: { code: 'USER_ID_MISMATCH' } });
      expect((await bob.get(`/api/${path}?user_id=${bob.userId}`)).status, path).toBe(200);
    }
  });
});
