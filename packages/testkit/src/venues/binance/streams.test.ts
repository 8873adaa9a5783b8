import { decimal, symbol } from '@hyperoru/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import { LISTEN_KEY_LIFE_MS } from './listen-keys.ts';
import { CONNECTION_LIFE_MS, PING_EVERY_MS, PONG_WITHIN_MS } from './stream-session.ts';
import { type Json, TestClient, type TestStream } from './test-client.ts';

const BTC = symbol('BTCUSDT');
let client: TestClient;

beforeEach(() => {
  client = new TestClient();
});

const moveTo = (mark: string) => client.venue.movePrice(BTC, { mark: decimal(mark) });
const executions = (stream: TestStream) => stream.of('ORDER_TRADE_UPDATE').map(({ x, X }) => `${x} ${X}`);

describe('the user stream', () => {
  let stream: TestStream;
  beforeEach(() => {
    stream = client.listenToAccount();
  });

  it('tells a market order as new and traded, the position before the trade', () => {
    client.market('BUY', '0.1', { newClientOrderId: 'm-1' });
    expect(stream.kinds).toEqual(['ORDER_TRADE_UPDATE', 'ACCOUNT_UPDATE', 'ORDER_TRADE_UPDATE']);
    const [fresh, trade] = stream.of('ORDER_TRADE_UPDATE');
    expect(fresh).toMatchObject({ x: 'NEW', X: 'NEW', c: 'm-1', z: '0', l: '0', t: 0 });
    expect(trade).toMatchObject({
      x: 'TRADE',
      X: 'FILLED',
      c: 'm-1',
      l: '0.1',
      L: '50001',
      z: '0.1',
      ap: '50001',
      n: '2.50005',
      N: 'USDT',
      m: false,
      ps: 'BOTH',
      R: false,
    });
    expect(trade?.['i']).toBe(fresh?.['i']);
    expect(stream.of('ACCOUNT_UPDATE')).toMatchObject([
      { m: 'ORDER', B: [{ a: 'USDT', wb: '9997.49995' }], P: [{ s: BTC, pa: '0.1', ep: '50001', mt: 'cross', ps: 'BOTH' }] },
    ]);
  });

  it('tells every trade of an order with what is filled so far, each under its own id', () => {
    client = new TestClient({
      accounts: [
        { id: 'a', deposit: '10000000', keys: [{ apiKey: 'a'.repeat(64), signing: { kind: 'hmac', secret: 'secret of the test' } }] },
      ],
    });
    stream = client.listenToAccount();
    client.market('BUY', '9');
    const trades = stream.of('ORDER_TRADE_UPDATE').slice(1);
    expect(trades.map(({ X }) => X)).toEqual(['PARTIALLY_FILLED', 'PARTIALLY_FILLED', 'FILLED']);
    const filled = trades.map(({ l }) => Number(l));
    expect(trades.map(({ z }) => Number(z))).toEqual(
      filled.map((_, at) =>
        Number(
          filled
            .slice(0, at + 1)
            .reduce((a, b) => a + b)
            .toFixed(3),
        ),
      ),
    );
    expect(new Set(trades.map(({ t }) => t)).size).toBe(3);
  });

  it('tells what becomes of a resting order', () => {
    client.limit('BUY', '0.01', '49000', { newClientOrderId: 'l-1' });
    client.call('DELETE', '/fapi/v1/order', { symbol: BTC, origClientOrderId: 'l-1' });
    expect(executions(stream)).toEqual(['NEW NEW', 'CANCELED CANCELED']);
    client.limit('BUY', '0.01', '49000', { newClientOrderId: 'l-2' });
    client.call('PUT', '/fapi/v1/order', { symbol: BTC, side: 'BUY', origClientOrderId: 'l-2', quantity: '0.02', price: '48900' });
    moveTo('48000');
    expect(executions(stream).slice(2)).toEqual(['NEW NEW', 'AMENDMENT NEW', 'TRADE FILLED']);
  });

  it('tells an unmatched IOC as new and expired, and says nothing of a refused order', () => {
    client.limit('BUY', '0.01', '49000', { timeInForce: 'IOC' });
    expect(executions(stream)).toEqual(['NEW NEW', 'EXPIRED EXPIRED']);
    client.limit('BUY', '0.01', '50001', { timeInForce: 'GTX' });
    client.market('BUY', '10');
    expect(executions(stream)).toHaveLength(2);
  });

  it('tells the life of a conditional order and of the order it becomes', () => {
    client.market('BUY', '0.1');
    stream.heard.length = 0;
    client.algo({ quantity: '0.1', triggerPrice: '48000', reduceOnly: true, clientAlgoId: 's-1' });
    moveTo('47900');
    expect(stream.kinds).toEqual([
      'ALGO_UPDATE',
      'ALGO_UPDATE',
      'ALGO_UPDATE',
      'ORDER_TRADE_UPDATE',
      'ACCOUNT_UPDATE',
      'ORDER_TRADE_UPDATE',
      'ALGO_UPDATE',
    ]);
    const algos = stream.of('ALGO_UPDATE');
    expect(algos.map(({ X }) => X)).toEqual(['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED']);
    const actualId = algos[3]?.['ai'];
    expect(algos).toMatchObject([{ ai: '' }, { ai: '' }, { ai: actualId }, { caid: 's-1', aq: '0.1', act: 'MARKET' }]);
    expect(stream.of('ORDER_TRADE_UPDATE')).toMatchObject([
      { x: 'NEW', i: Number(actualId), ot: 'STOP_MARKET', o: 'MARKET' },
      { x: 'TRADE', X: 'FILLED', i: Number(actualId), rp: expect.stringMatching(/^-/) },
    ]);
  });

  it('tells a stop that is rejected at its trigger, with the reason', () => {
    client.market('BUY', '0.1');
    client.algo({ quantity: '0.1', triggerPrice: '48000', reduceOnly: true });
    client.venue.inject({ kind: 'stop_rejected_at_trigger' });
    stream.heard.length = 0;
    moveTo('47900');
    expect(stream.of('ALGO_UPDATE')).toMatchObject([{ X: 'TRIGGERING' }, { X: 'REJECTED', rm: 'Margin is insufficient.' }]);
    expect(stream.of('ORDER_TRADE_UPDATE')).toEqual([]);
  });

  it('tells liquidation and deleveraging under their own client ids', () => {
    client.market('BUY', '0.1');
    stream.heard.length = 0;
    client.venue.inject({ kind: 'liquidate', accountId: 'a', symbol: BTC });
    expect(stream.kinds).toEqual(['MARGIN_CALL', 'ACCOUNT_UPDATE', 'ORDER_TRADE_UPDATE']);
    const [forced] = stream.of('ORDER_TRADE_UPDATE');
    expect(forced).toMatchObject({ x: 'CALCULATED', X: 'FILLED', o: 'LIQUIDATION', c: expect.stringMatching(/^autoclose-/), S: 'SELL' });
    const seen = client.call('GET', '/fapi/v1/order', { symbol: BTC, orderId: Number(forced?.['i']) }).body;
    expect(seen).toMatchObject({ status: 'FILLED', clientOrderId: forced?.['c'] });
    client.market('BUY', '0.1');
    client.venue.inject({ kind: 'adl', accountId: 'a', symbol: BTC });
    expect(stream.of('ORDER_TRADE_UPDATE').at(-1)).toMatchObject({ c: 'adl_autoclose', z: '0.1' });
  });

  it('tells funding by the balance only, transfers, and changes of leverage', () => {
    client.market('BUY', '0.1');
    client.pass(7 * 3_600_000);
    stream = client.listenToAccount();
    client.pass(1_800_000);
    client.dialect.tick();
    expect(stream.of('ACCOUNT_UPDATE')).toMatchObject([{ m: 'FUNDING_FEE', P: [] }]);
    client.venue.inject({ kind: 'transfer_out', accountId: 'a', amount: decimal('100') });
    expect(stream.of('ACCOUNT_UPDATE').at(-1)).toMatchObject({ m: 'WITHDRAW', P: [] });
    client.call('POST', '/fapi/v1/leverage', { symbol: BTC, leverage: 3 });
    expect(stream.of('ACCOUNT_CONFIG_UPDATE')).toMatchObject([{ ac: { s: BTC, l: 3 } }]);
  });

  it('hides the events of an order as long as a fault says so', () => {
    client.venue.inject({ kind: 'hide_order', ms: 1000, from: ['events'] });
    client.market('BUY', '0.1');
    expect(stream.of('ORDER_TRADE_UPDATE')).toEqual([]);
  });
});

describe('a listen key', () => {
  const expired = (stream: TestStream) => stream.of('listenKeyExpired').length;

  it('lives an hour, longer when it is kept alive', () => {
    const stream = client.listenToAccount();
    client.pass(LISTEN_KEY_LIFE_MS - 1);
    stream.session.tick();
    expect(expired(stream)).toBe(0);
    expect(client.call('PUT', '/fapi/v1/listenKey').status).toBe(200);
    client.pass(LISTEN_KEY_LIFE_MS - 1);
    client.market('BUY', '0.01');
    expect(stream.of('ORDER_TRADE_UPDATE')).toHaveLength(2);
    client.pass(1);
    stream.session.tick();
    stream.session.tick();
    expect(expired(stream)).toBe(1);
    client.market('BUY', '0.01');
    expect(stream.of('ORDER_TRADE_UPDATE')).toHaveLength(2);
  });

  it('that is gone cannot be kept alive: -1125; a new one is another', () => {
    expect(client.call('PUT', '/fapi/v1/listenKey').body['code']).toBe(-1125);
    const first = client.call('POST', '/fapi/v1/listenKey').body['listenKey'];
    expect(client.call('POST', '/fapi/v1/listenKey').body['listenKey']).toBe(first);
    client.dialect.expireListenKey('a');
    expect(client.call('PUT', '/fapi/v1/listenKey').body['code']).toBe(-1125);
    expect(client.call('POST', '/fapi/v1/listenKey').body['listenKey']).not.toBe(first);
  });

  it('that is closed ends its stream', () => {
    const stream = client.listenToAccount();
    client.call('DELETE', '/fapi/v1/listenKey');
    stream.session.tick();
    expect(expired(stream)).toBe(1);
  });

  it('opens the same stream on every private path, wrapped where the path combines', () => {
    const key = String(client.call('POST', '/fapi/v1/listenKey').body['listenKey']);
    const plain = [`/private/ws/${key}`, `/private/ws?listenKey=${key}`].map((path) => client.listen(path));
    const combined = [`/private/stream?listenKey=${key}`, `/private/stream?streams=${key}`].map((path) => client.listen(path));
    client.market('BUY', '0.01');
    for (const stream of plain) expect(stream.kinds).toHaveLength(3);
    for (const stream of combined) expect(stream.heard[0]).toMatchObject({ stream: key, data: { e: 'ORDER_TRADE_UPDATE' } });
  });
});

describe('market streams', () => {
  it('are routed: a stream on the wrong path stays silent', () => {
    const names = 'btcusdt@markPrice/btcusdt@bookTicker/btcusdt@depth/btcusdt@aggTrade/btcusdt@kline_1m';
    const heard = (path: string) => {
      const stream = client.listen(`${path}/stream?streams=${names}`);
      moveTo(path === '/public' ? '50100' : '50200');
      return stream.heard.map((message) => message['stream']);
    };
    expect(heard('/public')).toEqual(['btcusdt@bookTicker', 'btcusdt@depth']);
    expect(heard('/market')).toEqual(['btcusdt@markPrice', 'btcusdt@aggTrade', 'btcusdt@kline_1m']);
  });

  it('on the retired paths without a route are closed', () => {
    for (const path of ['/ws/btcusdt@markPrice', '/stream?streams=btcusdt@markPrice', '/ws', '/other/ws'])
      expect(client.listen(path).ended).toBe('close 1008');
  });

  it('tell what moved', () => {
    const market = client.listen('/market/stream?streams=btcusdt@markPrice@1s/btcusdt@kline_1m/!markPrice@arr');
    const book = client.listen('/public/ws/btcusdt@bookTicker');
    moveTo('50500');
    expect(market.heard.map((message) => message['data'])).toMatchObject([
      { e: 'markPriceUpdate', s: BTC, p: '50500', r: '0.0001' },
      { e: 'kline', k: { i: '1m', o: '50000', h: '50500', c: '50500', x: false } },
      [{ e: 'markPriceUpdate', s: BTC }],
    ]);
    expect(book.heard).toMatchObject([{ e: 'bookTicker', s: BTC, b: expect.any(String), a: expect.any(String) }]);
  });

  it('repeat the mark in silence, each second or each three', () => {
    const fast = client.listen('/market/ws/btcusdt@markPrice@1s');
    const slow = client.listen('/market/ws/btcusdt@markPrice');
    for (let count = 0; count < 6; count += 1) {
      client.pass(500);
      fast.session.tick();
      slow.session.tick();
    }
    expect([fast.heard.length, slow.heard.length]).toEqual([3, 1]);
  });

  it('chain the changes of the book so that a gap shows, and rebuild it from a snapshot', () => {
    const stream = client.listen('/public/ws/btcusdt@depth@100ms');
    const snapshot = client.raw('GET', '/fapi/v1/depth?symbol=BTCUSDT&limit=1000').body;
    for (const mark of ['50050', '49800', '50300']) moveTo(mark);
    let last = Number(snapshot['lastUpdateId']);
    const sides = { b: new Map(pairs(snapshot['bids'])), a: new Map(pairs(snapshot['asks'])) };
    for (const event of stream.heard) {
      expect(event).toMatchObject({ e: 'depthUpdate', pu: last, U: last + 1 });
      last = Number(event['u']);
      for (const side of ['b', 'a'] as const) {
        for (const [price, quantity] of pairs(event[side])) {
          if (quantity === '0') sides[side].delete(price);
          else sides[side].set(price, quantity);
        }
      }
    }
    const now = client.raw('GET', '/fapi/v1/depth?symbol=BTCUSDT&limit=1000').body;
    expect(now['lastUpdateId']).toBe(last);
    expect(new Map(pairs(now['bids']))).toEqual(sides.b);
    expect(new Map(pairs(now['asks']))).toEqual(sides.a);
  });

  it('of a part of the book hold its best levels', () => {
    const stream = client.listen('/public/ws/btcusdt@depth5');
    moveTo('50100');
    expect(stream.heard).toMatchObject([{ e: 'depthUpdate', b: { length: 5 }, a: { length: 5 } }]);
  });

  it('are subscribed and left by messages', () => {
    const stream = client.listen('/market/ws');
    const send = (method: string, ...params: string[]) => stream.session.receive(JSON.stringify({ method, params, id: 1 }));
    send('SUBSCRIBE', 'btcusdt@markPrice', 'nonsense');
    expect(stream.heard.at(-1)).toEqual({ result: null, id: 1 });
    send('LIST_SUBSCRIPTIONS');
    expect(stream.heard.at(-1)).toEqual({ result: ['btcusdt@markPrice', 'nonsense'], id: 1 });
    moveTo('50100');
    expect(stream.heard.at(-1)).toMatchObject({ e: 'markPriceUpdate' });
    send('UNSUBSCRIBE', 'btcusdt@markPrice');
    moveTo('50200');
    expect(stream.heard.at(-1)).toEqual({ result: null, id: 1 });
    stream.session.receive('nonsense');
    expect(stream.heard.at(-1)).toMatchObject({ error: { code: 2 } });
  });

  it('take at most 1024 streams and 10 messages a second', () => {
    const stream = client.listen('/market/ws');
    const send = (count: number) =>
      stream.session.receive(JSON.stringify({ method: 'SUBSCRIBE', params: Array.from({ length: count }, (_, at) => `s${at}`), id: 1 }));
    send(1025);
    expect(stream.heard.at(-1)).toMatchObject({ error: { code: 2 } });
    send(1024);
    expect(stream.heard.at(-1)).toEqual({ result: null, id: 1 });
    for (let count = 0; count < 8; count += 1) send(0);
    expect(stream.ended).toBeNull();
    send(0);
    expect(stream.ended).toBe('close 1008');
  });
});

function pairs(levels: unknown): readonly (readonly [string, string])[] {
  return levels as readonly (readonly [string, string])[];
}

describe('a connection', () => {
  const passTo = (stream: TestStream, ms: number): void => {
    client.pass(ms);
    stream.session.tick();
  };

  it('is pinged every three minutes', () => {
    const stream = client.listen('/market/ws');
    passTo(stream, PING_EVERY_MS - 1);
    expect(stream.pings).toEqual([]);
    passTo(stream, 1);
    stream.session.tick();
    expect(stream.pings).toEqual([String(client.now())]);
  });

  it('is ended when a ping has no pong for ten minutes, and not a moment before', () => {
    const stream = client.listen('/market/ws', false);
    passTo(stream, PING_EVERY_MS);
    passTo(stream, PONG_WITHIN_MS - 1);
    expect(stream.ended).toBeNull();
    passTo(stream, 1);
    expect(stream.ended).toBe('close 1008');
  });

  it('is kept by the pong to any ping, but only by one with its payload', () => {
    const stream = client.listen('/market/ws', false);
    for (let beat = 1; beat <= 8; beat++) {
      passTo(stream, PING_EVERY_MS);
      if (beat % 2 === 0) stream.session.ponged(stream.pings.at(-1) ?? '');
    }
    passTo(stream, PING_EVERY_MS);
    expect(stream.ended).toBeNull();
    stream.session.ponged('unasked');
    passTo(stream, PONG_WITHIN_MS);
    expect(stream.ended).toBe('close 1008');
  });

  it('answers the pings of its client with their payload, under ws_wrong_pong once with another', () => {
    const streams = [client.listenToAccount(), client.listen('/market/ws')];
    client.venue.inject({ kind: 'ws_wrong_pong', accountId: 'a' });
    for (const { session } of streams) for (const payload of ['1', '2']) session.pinged(payload);
    expect(streams.map(({ pongs }) => pongs)).toEqual([
      ['1?', '2'],
      ['1', '2'],
    ]);
  });

  it('is ended after 24 hours, whatever the clock of the venue says; a second one may overlap', () => {
    const old = client.listenToAccount();
    client.pass(CONNECTION_LIFE_MS - 3_600_000);
    client.call('POST', '/fapi/v1/listenKey');
    const fresh = client.listenToAccount();
    client.venue.inject({ kind: 'clock_jump', ms: 2000 });
    client.pass(3_600_000 - 1);
    old.session.tick();
    expect(old.ended).toBeNull();
    client.pass(1);
    for (const stream of [old, fresh]) stream.session.tick();
    expect([old.ended, fresh.ended]).toEqual(['close 1001', null]);
  });

  it('of two on one key both hear everything', () => {
    const streams = [client.listenToAccount(), client.listenToAccount()];
    client.market('BUY', '0.01');
    expect(streams.map((stream) => stream.kinds.length)).toEqual([3, 3]);
  });

  it('is gone when the venue restarts from its dump, and what was open is still there', () => {
    client.limit('BUY', '0.01', '49000', { newClientOrderId: 'l-1' });
    client.market('BUY', '0.01');
    client.dialect.setHedgeMode('a', true);
    const stream = client.listenToAccount();
    const dump = JSON.parse(JSON.stringify(client.dialect.dump()));
    client.venue.inject({ kind: 'venue_restart' });
    expect(stream.ended).toBe('drop');
    const other = new TestClient({ at: client.now() });
    other.dialect.load(dump);
    expect(other.call('GET', '/fapi/v1/openOrders').rows).toMatchObject([{ clientOrderId: 'l-1' }]);
    expect(other.call('GET', '/fapi/v1/positionSide/dual').body).toEqual({ dualSidePosition: true });
    expect(other.call('GET', '/fapi/v1/userTrades', { symbol: BTC }).rows).toHaveLength(1);
  });
});

describe('faults of streams', () => {
  const events = (inject: () => void): { readonly stream: TestStream; readonly heard: readonly Json[] } => {
    const stream = client.listenToAccount();
    inject();
    client.limit('BUY', '0.01', '49000', { newClientOrderId: 'l-1' });
    client.limit('BUY', '0.01', '48000', { newClientOrderId: 'l-2' });
    return { stream, heard: stream.of('ORDER_TRADE_UPDATE') };
  };
  const ids = (heard: readonly Json[]) => heard.map(({ c }) => c);

  it('lose, repeat and swap events', () => {
    expect(ids(events(() => client.venue.inject({ kind: 'ws_lose', clientOrderId: 'l-1' })).heard)).toEqual(['l-2']);
    client = new TestClient();
    expect(ids(events(() => client.venue.inject({ kind: 'ws_duplicate', clientOrderId: 'l-1' })).heard)).toEqual(['l-1', 'l-1', 'l-2']);
    client = new TestClient();
    expect(ids(events(() => client.venue.inject({ kind: 'ws_swap', clientOrderId: 'l-1' })).heard)).toEqual(['l-2', 'l-1']);
  });

  it('drop a connection, or leave it half open', () => {
    expect(events(() => client.venue.inject({ kind: 'ws_drop' })).stream.ended).toBe('drop');
    client = new TestClient();
    const { stream, heard } = events(() => client.venue.inject({ kind: 'ws_silence' }));
    stream.session.pinged('1');
    client.pass(PING_EVERY_MS);
    stream.session.tick();
    expect([heard.length, stream.pings, stream.pongs, stream.ended]).toEqual([0, [], [], null]);
  });
});
