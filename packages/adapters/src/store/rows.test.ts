import { addMs, asId, type TraderId } from '@hyperoru/domain';
import { FAKE_EPOCH } from '@hyperoru/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../tests/setup/quiet-log.ts';
import { systemClock } from '../system/clock.ts';
import { systemIds } from '../system/ids.ts';
import { type OpenedStore, openStore } from './open-store.ts';

let database: FreshDatabase;
let opened: OpenedStore;
beforeAll(async () => {
  database = await freshDatabase();
  opened = await openStore({ connection: database.connection, clock: systemClock, ids: systemIds, log: quietLog });
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

describe('rows of the secret vault', () => {
  const secret = (field: string, origin: string) => ({
    ownerId: 'trader',
    field,
    origin,
    keyId: 'k1',
    wrappedDataKey: Uint8Array.of(0, 1, 255),
    iv: Uint8Array.of(2),
    ciphertext: Uint8Array.of(10, 13, 0),
    version: 1,
  });

  it('are found by exactly their place, replaced there, and gone when deleted', async () => {
    const rows = opened.secretRows;
    const [a, b] = [secret('llm.api_key', 'https://a'), secret('llm.api_key', 'https://b')];
    expect(await rows.sample()).toBeNull();
    await rows.put(a);
    await rows.put(b);
    await rows.put({ ...a, ciphertext: Uint8Array.of(9) });
    expect(await rows.get('trader', 'llm.api_key', 'https://a')).toEqual({ ...a, ciphertext: Uint8Array.of(9) });
    expect(await rows.get('trader', 'llm.api_key', 'https://c')).toBeNull();
    expect(await rows.sample()).not.toBeNull();
    await rows.put(secret('exchange.key', ''));
    await rows.deleteField('trader', 'llm.api_key');
    expect(await rows.get('trader', 'llm.api_key', 'https://b')).toBeNull();
    expect(await rows.get('trader', 'exchange.key', '')).not.toBeNull();
    await rows.deleteByOwner('trader');
    await rows.deleteByOwner('trader');
    expect(await rows.sample()).toBeNull();
  });
});

describe('rows of the paper venue', () => {
  const traderId = asId<TraderId>(systemIds.uuid());
  const at = (ms: number) => addMs(FAKE_EPOCH, ms);
  const nothing = { accounts: [], orders: [], fills: [], funding: [], market: [] };

  it('are written all or not at all', async () => {
    const broken = {
      ...nothing,
      accounts: [{ traderId, state: 1 }],
      fills: [
        { traderId, tradeId: 't', at: at(0), body: 'x' },
        { traderId: asId<TraderId>(systemIds.uuid()), tradeId: '\0', at: at(0), body: 1 },
      ],
    };
    await expect(opened.paperRows.commit(broken)).rejects.toThrow();
    expect(await opened.paperRows.loadAccounts()).toEqual([]);
    expect(await opened.paperRows.fillsSince(traderId, at(0))).toEqual([]);
  });

  it('keep the newest account, order and market, and the first report of a fill or funding', async () => {
    const rows = opened.paperRows;
    const fill = (tradeId: string, ms: number, body: string) => ({ traderId, tradeId, at: at(ms), body });
    const order = (ms: number, body: string) => ({ traderId, clientOrderId: 'o1', at: at(ms), body });
    const funding = { traderId, fundingId: 'f1', at: at(3), body: { amount: '0.1' } };
    await rows.commit({
      accounts: [{ traderId, state: { cash: '1' } }],
      orders: [order(1, 'open'), order(2, 'part')],
      fills: [fill('b', 5, 'first'), fill('a', 5, 'x'), fill('c', 4, 'y')],
      funding: [funding],
      market: [{ id: 'm', state: null }],
    });
    await rows.commit({
      ...nothing,
      accounts: [{ traderId, state: { cash: '2' } }],
      orders: [order(9, 'filled')],
      fills: [fill('b', 5, 'again')],
      funding: [{ ...funding, body: 'again' }],
      market: [{ id: 'm', state: 2 }],
    });
    expect(await rows.loadAccounts()).toEqual([{ traderId, state: { cash: '2' } }]);
    expect(await rows.findOrder(traderId, 'o1')).toEqual(order(9, 'filled'));
    expect(await rows.findOrder(traderId, 'o2')).toBeNull();
    expect(await rows.loadMarket('m')).toBe(2);
    expect(await rows.loadMarket('none')).toBeNull();
    expect(await rows.fillsSince(traderId, at(5))).toEqual([fill('a', 5, 'x'), fill('b', 5, 'first')]);
    expect((await rows.fillsSince(traderId, at(4))).map(({ tradeId }) => tradeId)).toEqual(['c', 'a', 'b']);
    expect(await rows.fundingSince(traderId, at(3))).toEqual([funding]);
    expect(await rows.fundingSince(traderId, at(4))).toEqual([]);
    await rows.deleteAccount(traderId);
    await rows.deleteAccount(traderId);
    expect(await rows.loadAccounts()).toEqual([]);
    expect(await rows.fillsSince(traderId, at(0))).toHaveLength(3);
  });
});
