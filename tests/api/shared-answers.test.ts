import { asId, type TraderId } from '@hyperoru/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
import { rawRequest } from '../setup/raw-request.ts';
import { startTestServer, type TestServer } from '../setup/server.ts';
import { until } from '../setup/trading.ts';

let server: TestServer;
let ada: ApiClient;
let bob: ApiClient;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp('ada');
  bob = await server.invite(ada, 'bob');
});
afterAll(() => server.stop());

const namesOf = async (client: ApiClient) => (await client.get('/api/traders')).body.items.map((trader: { name: string }) => trader.name);

describe('a list that is asked for again and again', () => {
  it('always shows what the caller has just written', async () => {
    const { body } = await ada.post('/api/traders', { name: 'v0' });
    for (let version = 1; version <= 20; version += 1) {
      expect(await namesOf(ada)).toEqual([`v${version - 1}`]);
      await ada.patch(`/api/traders/${body.id}`, { name: `v${version}` });
    }
    expect(await namesOf(ada)).toEqual(['v20']);
  });

  it('is one person’s only', async () => {
    expect(await namesOf(ada)).toHaveLength(1);
    expect(await namesOf(bob)).toEqual([]);
    expect((await server.anonymous.get('/api/traders')).status).toBe(401);
  });

  it('is another one for another question', async () => {
    await ada.post('/api/traders', { name: 'second' });
    expect((await ada.get('/api/traders?limit=1')).body.items).toHaveLength(1);
    expect((await ada.get('/api/traders?limit=2')).body.items).toHaveLength(2);
  });

  it('shows what happened in the background soon after', async () => {
    const { deps } = server.product;
    const [first] = (await ada.get('/api/traders?limit=1')).body.items;
    await deps.store.transaction(async (tx) => {
      const trader = await tx.traders.lock(asId<TraderId>(first.id));
      if (trader === null) throw new Error('Expected the trader.');
      await tx.traders.update({ ...trader, name: 'renamed behind the API' });
      await tx.journal.publish({
        at: deps.clock.now(),
        ownerId: trader.ownerId,
        traderId: trader.id,
        topic: 'trader.changed',
        payload: {},
      });
    });
    await until(
      () => namesOf(ada),
      (names) => names.includes('renamed behind the API'),
    );
  });
});

describe('lists, and nothing else, share answers', () => {
  it('never the audit, tokens, the set-up, users or figures', () => {
    const shared = server.product.app.routes.filter((route) => route.isShared).map((route) => `${route.method} ${route.url}`);
    expect(shared.filter((route) => route.startsWith('GET')).toSorted()).toEqual(
      ['alerts', 'decisions', 'fills', 'orders', 'positions', 'prompts', 'runs', 'traders'].map((list) => `GET /api/${list}`),
    );
    expect(shared.filter((route) => !/^(GET|HEAD) /.test(route))).toEqual([]);
  });
});

describe('a shared answer is looked for only after every check', () => {
  it('is not given to a session that was revoked a moment ago', async () => {
    const carl = await server.invite(ada, 'carl');
    expect((await carl.get('/api/fills')).status).toBe(200);
    expect((await carl.get('/api/fills')).status).toBe(200);
    await carl.post('/api/users/logout');
    expect((await carl.get('/api/fills')).status).toBe(401);
  });

  it('is not given under a wrong name of the host', async () => {
    const headers = { authorization: `Bearer ${ada.token}` };
    expect((await rawRequest(`${server.url}/api/fills`, { headers })).status).toBe(200);
    expect((await rawRequest(`${server.url}/api/fills`, { headers: { ...headers, host: 'rebound.example' } })).status).toBe(403);
  });

  it('is not given to a question that is not valid', async () => {
    for (let times = 0; times < 2; times += 1) expect((await ada.get('/api/fills?limit=0')).status).toBe(400);
  });

  it('counts towards the limit of requests', async () => {
    const limited = await startTestServer({ limits: { requestsPerMinute: 5, credentialsPerMinute: 1000 } });
    try {
      const eve = await limited.setUp('eve');
      const statuses: number[] = [];
      for (let times = 0; times < 6; times += 1) statuses.push((await eve.get('/api/fills')).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    } finally {
      await limited.stop();
    }
  });
});

describe('an entity tag', () => {
  it('spares the body while nothing changed, with and without compression', async () => {
    const first = await ada.get('/api/prompts');
    const etag = String(first.headers.get('etag'));
    const same = await ada.get('/api/prompts', { headers: { 'if-none-match': etag } });
    expect([same.status, same.text, same.headers.get('cache-control')]).toEqual([304, '', 'no-store']);
    const plain = await ada.get('/api/prompts', { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('etag')).toBe(etag);
    await ada.post('/api/prompts', { name: 'New', content: 'Prices: {market_prices}' });
    const changed = await ada.get('/api/prompts', { headers: { 'if-none-match': etag } });
    expect([changed.status, changed.body.items[0].name]).toEqual([200, 'New']);
  });
});
