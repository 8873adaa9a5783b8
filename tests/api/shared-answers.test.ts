import { asId, type TraderId } from '@hyperoru/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
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
