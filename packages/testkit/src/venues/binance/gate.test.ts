import { beforeEach, describe, expect, it } from 'vitest';
import { API_KEY, ED25519_KEY, SECRET, TestClient, textOf } from './test-client.ts';

const BALANCE = '/fapi/v3/balance';
const hmac = { kind: 'hmac', secret: SECRET } as const;
let client: TestClient;

beforeEach(() => {
  client = new TestClient();
});

/** Code of a signed read; undefined when it passed. */
const codeOf = (fields: Parameters<TestClient['call']>[2] = {}) => client.call('GET', BALANCE, fields).body['code'];

describe('keys', () => {
  it('let their account be read, by HMAC and by Ed25519', () => {
    expect(client.call('GET', BALANCE).rows).toMatchObject([{ asset: 'USDT', balance: '10000' }]);
    client.apiKey = ED25519_KEY;
    expect(client.call('GET', BALANCE).rows).toMatchObject([{ asset: 'USDT', balance: '10000' }]);
  });

  it('of a wrong format are refused with 401 and -2014', () => {
    for (const apiKey of ['', 'a'.repeat(63), 'a'.repeat(65), '-'.repeat(64)]) {
      client.apiKey = apiKey;
      expect(client.call('GET', BALANCE)).toMatchObject({ status: 401, body: { code: -2014 } });
    }
  });

  it('that nobody knows are refused with -2015', () => {
    client.apiKey = 'b'.repeat(64);
    expect(client.call('GET', BALANCE)).toMatchObject({ status: 401, body: { code: -2015 } });
  });

  it('that were removed or whose account was cut off are refused with -2015', () => {
    client.venue.inject({ kind: 'revoke_key', accountId: 'a' });
    expect(codeOf()).toBe(-2015);
    client = new TestClient();
    client.dialect.keys.remove(API_KEY);
    expect(codeOf()).toBe(-2015);
  });

  it('that replace revoked ones work, the old ones no more', () => {
    client.venue.inject({ kind: 'revoke_key', accountId: 'a' });
    client.dialect.replaceKeys({ apiKey: 'b'.repeat(64), accountId: 'a', signing: hmac });
    expect(codeOf()).toBe(-2015);
    client.apiKey = 'b'.repeat(64);
    expect(codeOf()).toBeUndefined();
  });

  it('without the permission to trade read and do not trade', () => {
    client.dialect.keys.add({ apiKey: API_KEY, accountId: 'a', signing: hmac, canTrade: false });
    expect(codeOf()).toBeUndefined();
    expect(client.market('BUY', '0.01').body['code']).toBe(-2015);
    expect(client.call('GET', '/fapi/v1/accountConfig').body['canTrade']).toBe(false);
  });

  it('with an address list are good from these addresses only', () => {
    client.dialect.keys.add({ apiKey: API_KEY, accountId: 'a', signing: hmac, ips: ['10.0.0.1'] });
    expect(codeOf()).toBe(-2015);
    client.ip = '10.0.0.1';
    expect(codeOf()).toBeUndefined();
  });

  it('tell what they may do', () => {
    const asked = () => client.call('GET', '/sapi/v1/account/apiRestrictions').body;
    expect(asked()).toMatchObject({ ipRestrict: false, enableReading: true, enableFutures: true, enableWithdrawals: false });
    client.dialect.keys.add({ apiKey: API_KEY, accountId: 'a', signing: hmac, canTrade: false, canWithdraw: true, ips: ['127.0.0.1'] });
    expect(asked()).toMatchObject({ ipRestrict: true, enableFutures: false, enableWithdrawals: true });
  });
});

describe('signatures', () => {
  it('are asked for: without one -1102, with a wrong one -1022', () => {
    const text = textOf({ timestamp: client.now() });
    expect(client.raw('GET', `${BALANCE}?${text}`).body['code']).toBe(-1102);
    expect(client.raw('GET', `${BALANCE}?${text}&signature=${'0'.repeat(64)}`).body['code']).toBe(-1022);
  });

  it('cover query and body together', () => {
    const query = textOf({ symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET' });
    const body = textOf({ quantity: '0.01', timestamp: client.now() });
    const send = (signed: string) => client.raw('POST', `/fapi/v1/order?${query}`, `${body}&signature=${client.signatureOf(signed)}`).body;
    expect(send(query + body)['status']).toBe('NEW');
    expect(send(body)['code']).toBe(-1022);
    expect(send(`${query}&${body}`)['code']).toBe(-1022);
  });

  it('are not needed for the listen key, only the key is', () => {
    expect(client.raw('POST', '/fapi/v1/listenKey').status).toBe(200);
    client.apiKey = 'b'.repeat(64);
    expect(client.raw('POST', '/fapi/v1/listenKey').body['code']).toBe(-2015);
  });
});

describe('the window of a request', () => {
  it('ends recvWindow after its timestamp, by default 5 s', () => {
    expect(codeOf({ timestamp: client.now() - 5000 })).toBeUndefined();
    expect(codeOf({ timestamp: client.now() - 5001 })).toBe(-1021);
    expect(codeOf({ timestamp: client.now() - 100, recvWindow: 100 })).toBeUndefined();
    expect(codeOf({ timestamp: client.now() - 101, recvWindow: 100 })).toBe(-1021);
  });

  it('begins less than a second before its timestamp', () => {
    expect(codeOf({ timestamp: client.now() + 999 })).toBeUndefined();
    expect(codeOf({ timestamp: client.now() + 1000 })).toBe(-1021);
  });

  it('is at most a minute', () => {
    expect(codeOf({ timestamp: client.now() - 60_000, recvWindow: 60_000 })).toBeUndefined();
    expect(codeOf({ recvWindow: 60_001 })).toBe(-1130);
    expect(codeOf({ recvWindow: 0 })).toBe(-1130);
  });

  it('is asked for', () => {
    const text = textOf({ symbol: 'BTCUSDT' });
    expect(client.raw('GET', `${BALANCE}?${text}&signature=${client.signatureOf(text)}`).body['code']).toBe(-1102);
  });

  it('goes by the clock of the venue, which may jump', () => {
    client.venue.inject({ kind: 'clock_jump', ms: 6000 });
    expect(codeOf({ timestamp: client.now() })).toBe(-1021);
    const { body } = client.raw('GET', '/fapi/v1/time');
    expect(body['serverTime']).toBe(client.now() + 6000);
    expect(codeOf({ timestamp: Number(body['serverTime']) })).toBeUndefined();
  });

  it('is checked once more at the engine: an order that is late there is refused with -5028 and never executed', () => {
    client.venue.inject({ kind: 'execute_late', operation: 'place', ms: 5001 });
    const late = client.deliver('POST', '/fapi/v1/order', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.01' });
    expect(JSON.parse(late().reply?.body ?? '')['code']).toBe(-5028);
    expect(client.venue.fillsOf('a')).toEqual([]);
  });

  it('still lets an order through that reaches the engine in its last millisecond', () => {
    client.venue.inject({ kind: 'execute_late', operation: 'place', ms: 5000 });
    const late = client.deliver('POST', '/fapi/v1/order', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.01' });
    expect(client.venue.fillsOf('a')).toEqual([]);
    expect(JSON.parse(late().reply?.body ?? '')['status']).toBe('NEW');
    expect(client.venue.fillsOf('a')).toHaveLength(1);
  });
});

describe('limits of weight', () => {
  beforeEach(() => {
    client = new TestClient({ limits: { weightPerMinute: 20 } });
  });

  it('are counted per address and minute and told in every answer', () => {
    expect(client.call('GET', BALANCE).headers['x-mbx-used-weight-1m']).toBe('5');
    expect(client.raw('GET', '/fapi/v1/depth?symbol=BTCUSDT&limit=5').headers['x-mbx-used-weight-1m']).toBe('7');
    client.ip = '10.0.0.1';
    expect(client.raw('GET', '/fapi/v1/time').headers['x-mbx-used-weight-1m']).toBe('1');
    client.pass(60_000);
    expect(client.raw('GET', '/fapi/v1/time').headers['x-mbx-used-weight-1m']).toBe('1');
  });

  it('let exactly as much through as allowed, then answer 429 until the minute is over', () => {
    for (let count = 0; count < 4; count += 1) expect(client.call('GET', BALANCE).status).toBe(200);
    const refused = client.raw('GET', '/fapi/v1/time');
    expect(refused).toMatchObject({ status: 429, body: { code: -1003 } });
    client.pass(Number(refused.headers['retry-after']) * 1000);
    expect(client.raw('GET', '/fapi/v1/time').status).toBe(200);
  });

  it('end in a ban for who goes on: 418 until two minutes are over, twice as long the next time', () => {
    const statuses = (count: number) => Array.from({ length: count }, () => client.call('GET', BALANCE).status);
    expect(statuses(14)).toEqual([...Array(4).fill(200), ...Array(10).fill(429)]);
    const banned = client.call('GET', BALANCE);
    expect(banned).toMatchObject({ status: 418, body: { code: -1003 }, headers: { 'retry-after': '120' } });
    expect(banned.body['msg']).toContain(String(client.now() + 120_000));
    client.pass(119_999);
    expect(client.raw('GET', '/fapi/v1/time').status).toBe(418);
    client.pass(1);
    expect(client.raw('GET', '/fapi/v1/time').status).toBe(200);
    expect(statuses(14).at(-1)).toBe(418);
    expect(client.call('GET', BALANCE).headers['retry-after']).toBe('240');
  });

  it('weigh bars and books by how much is asked for', () => {
    const weightOf = (path: string) => {
      client = new TestClient();
      return client.raw('GET', path).headers['x-mbx-used-weight-1m'];
    };
    const bars = '/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=';
    expect(['99', '100', '499', '500', '1000', '1001'].map((limit) => weightOf(bars + limit))).toEqual(['1', '2', '2', '5', '5', '10']);
    const book = '/fapi/v1/depth?symbol=BTCUSDT&limit=';
    expect(['50', '100', '500', '1000'].map((limit) => weightOf(book + limit))).toEqual(['2', '5', '10', '20']);
  });
});

describe('limits of orders', () => {
  it('are counted per account over 10 s and a minute', () => {
    client = new TestClient({ limits: { ordersPerTenSeconds: 2, ordersPerMinute: 3 } });
    const place = () => client.market('BUY', '0.01');
    expect(place().headers).toMatchObject({ 'x-mbx-order-count-10s': '1', 'x-mbx-order-count-1m': '1' });
    expect(place().headers).toMatchObject({ 'x-mbx-order-count-10s': '2', 'x-mbx-order-count-1m': '2' });
    expect(place()).toMatchObject({ status: 429, body: { code: -1015 } });
    client.pass(10_000);
    expect(place().headers).toMatchObject({ 'x-mbx-order-count-10s': '1', 'x-mbx-order-count-1m': '3' });
    client.pass(10_000);
    expect(place()).toMatchObject({ status: 429, body: { code: -1015 }, headers: { 'retry-after': '60' } });
    expect(client.venue.fillsOf('a')).toHaveLength(3);
  });
});

describe('an endpoint that does not exist', () => {
  it('is refused with 404 and -5000', () => {
    expect(client.raw('GET', '/fapi/v1/nothing')).toMatchObject({ status: 404, body: { code: -5000 } });
    expect(client.raw('PATCH', '/fapi/v1/order')).toMatchObject({ status: 404, body: { code: -5000 } });
    expect(client.raw('GET', '/fapi/v1/toString').status).toBe(404);
  });
});
