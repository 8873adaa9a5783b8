import { decimal, symbol } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { cloidOf, orderAction, testHyperliquid, wireOrder } from './test-hyperliquid.ts';
import { MASTER } from './test-wallet.ts';

const BTC = symbol('BTC');

type Message = { readonly channel: string; readonly data: never };

/** A connection that keeps what it hears; time of its timers does not pass by itself. */
function connected(desk: ReturnType<typeof testHyperliquid>, ip = '127.0.0.1') {
  const heard: string[] = [];
  const ends: string[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  const pongs: string[] = [];
  const session = desk.dialect.connect(
    { path: '/ws', headers: {}, ip },
    {
      send: (text) => void heard.push(text),
      ping: () => undefined,
      pong: (payload) => void pongs.push(payload),
      close: (code, reason) => {
        ends.push(`close ${code} ${reason}`);
      },
      drop: () => void ends.push('drop'),
      after: (ms, run) => (ms === 0 ? run() : void timers.push({ ms, run })),
    },
  );
  heard.length = 0;
  const raw = () => heard.splice(0);
  const messages = () => raw().map((text): Message => JSON.parse(text));
  return {
    session,
    ends,
    pongs,
    timers,
    raw,
    messages,
    say: (value: unknown) => session.receive(typeof value === 'string' ? value : JSON.stringify(value)),
    subscribe: (subscription: object) => {
      session.receive(JSON.stringify({ method: 'subscribe', subscription }));
      return messages();
    },
  };
}

const user = MASTER;

describe('a connection', () => {
  it('starts with a line that is no JSON', () => {
    const lines: string[] = [];
    const nothing = () => undefined;
    testHyperliquid().dialect.connect(
      { path: '/ws', headers: {}, ip: 'x' },
      { send: (text) => lines.push(text), ping: nothing, pong: nothing, close: nothing, drop: nothing, after: nothing },
    );
    expect(lines).toEqual(['Websocket connection established.']);
  });

  it('answers a ping with a pong', () => {
    const client = connected(testHyperliquid());
    client.say({ method: 'ping' });
    expect(client.messages()).toEqual([{ channel: 'pong' }]);
  });

  it('answers a ping frame with its payload', () => {
    const client = connected(testHyperliquid());
    client.session.pinged('7');
    expect(client.pongs).toEqual(['7']);
  });

  it('is closed after sixty seconds in which the venue sent nothing', () => {
    const desk = testHyperliquid();
    const client = connected(desk);
    desk.pass(59_999);
    client.session.tick();
    expect(client.ends).toEqual([]);
    client.say({ method: 'ping' });
    desk.pass(59_999);
    client.session.tick();
    expect(client.ends).toEqual([]);
    desk.pass(1);
    client.session.tick();
    expect(client.ends).toEqual(['close 1000 Inactive']);
  });

  it('is one of at most ten from an address', () => {
    const desk = testHyperliquid();
    const clients = Array.from({ length: 11 }, () => connected(desk));
    expect(clients.map((client) => client.ends.length)).toEqual([...Array(10).fill(0), 1]);
    clients[0]?.session.closed();
    clients[10]?.session.closed();
    expect(connected(desk).ends).toEqual([]);
    expect(connected(desk, '127.0.0.2').ends).toEqual([]);
  });

  it('tells what it could not read or does not offer', () => {
    const client = connected(testHyperliquid());
    for (const text of ['{', '[]', '{"method":"fly"}', '{"method":"subscribe","subscription":{"type":"secrets"}}']) client.say(text);
    expect(client.messages().map((message) => message.channel)).toEqual(['error', 'error', 'error', 'error']);
  });

  it('takes each subscription once, and no more users than ten', () => {
    const client = connected(testHyperliquid());
    expect(client.subscribe({ type: 'orderUpdates', user })).toMatchObject([{ channel: 'subscriptionResponse' }]);
    expect(client.subscribe({ type: 'orderUpdates', user })).toMatchObject([
      { channel: 'error', data: expect.stringContaining('Already subscribed') },
    ]);
    const others = Array.from({ length: 10 }, (_, index) => `0x${String(index).padStart(40, '0')}`);
    const answers = others.map((other) => client.subscribe({ type: 'orderUpdates', user: other })[0]?.channel);
    expect(answers).toEqual([...Array(9).fill('subscriptionResponse'), 'error']);
  });

  it('hears nothing more of what it left', () => {
    const desk = testHyperliquid();
    const client = connected(desk);
    client.subscribe({ type: 'userFills', user });
    client.say({ method: 'unsubscribe', subscription: { type: 'userFills', user } });
    client.messages();
    desk.send(orderAction(wireOrder()));
    expect(client.messages()).toEqual([]);
    client.say({ method: 'unsubscribe', subscription: { type: 'userFills', user } });
    expect(client.messages()).toMatchObject([{ channel: 'error' }]);
  });
});

describe('streams', () => {
  it('start fills with a snapshot and go on with each fill', () => {
    const desk = testHyperliquid();
    desk.send(orderAction(wireOrder()));
    const client = connected(desk);
    const [, snapshot] = client.subscribe({ type: 'userFills', user });
    expect(snapshot).toMatchObject({ channel: 'userFills', data: { isSnapshot: true, user, fills: [{ sz: '0.1' }] } });
    desk.send(orderAction(wireOrder({ s: '0.2', c: cloidOf(1) })));
    expect(client.messages()).toMatchObject([{ channel: 'userFills', data: { user, fills: [{ sz: '0.2', cloid: cloidOf(1) }] } }]);
  });

  it('tell each change of an order, and events of the account on channel `user`', () => {
    const desk = testHyperliquid();
    const client = connected(desk);
    client.subscribe({ type: 'orderUpdates', user });
    client.subscribe({ type: 'userEvents', user });
    desk.send(orderAction(wireOrder({ c: cloidOf(1) })));
    const messages = client.messages();
    expect(messages.find((message) => message.channel === 'orderUpdates')?.data).toMatchObject([
      { status: 'filled', order: { cloid: cloidOf(1) } },
    ]);
    expect(messages.find((message) => message.channel === 'user')?.data).toMatchObject({ fills: [{ sz: '0.1' }] });
    desk.venue.inject({ kind: 'liquidate', accountId: MASTER, symbol: BTC });
    expect(client.messages().some((message) => 'liquidation' in (message.data as object))).toBe(true);
  });

  it('tell funding, the account and open orders', () => {
    const desk = testHyperliquid();
    const client = connected(desk);
    for (const type of ['userFundings', 'clearinghouseState', 'openOrders']) expect(client.subscribe({ type, user })).toHaveLength(2);
    desk.send(orderAction(wireOrder()));
    expect(new Set(client.messages().map((message) => message.channel))).toEqual(new Set(['clearinghouseState', 'openOrders']));
    desk.pass(1_800_000);
    desk.dialect.tick();
    expect(client.messages().find((message) => message.channel === 'userFundings')?.data).toMatchObject({
      user,
      fundings: [{ coin: 'BTC', szi: '0.1' }],
    });
  });

  it('tell prices of the coin they are about', () => {
    const desk = testHyperliquid();
    const client = connected(desk);
    for (const subscription of [
      { type: 'allMids' },
      { type: 'l2Book', coin: 'BTC' },
      { type: 'bbo', coin: 'BTC' },
      { type: 'candle', coin: 'BTC', interval: '1m' },
      { type: 'activeAssetCtx', coin: 'BTC' },
      { type: 'activeAssetData', coin: 'BTC', user },
      { type: 'trades', coin: 'BTC' },
    ])
      expect(client.subscribe(subscription)[0]?.channel).toBe('subscriptionResponse');
    desk.venue.movePrice(symbol('ETH'), { mark: decimal('2600') });
    expect(client.messages().map((message) => message.channel)).toEqual(['allMids']);
    desk.venue.movePrice(BTC, { mark: decimal('51000') });
    expect(client.messages().map((message) => message.channel)).toEqual([
      'allMids',
      'l2Book',
      'bbo',
      'candle',
      'activeAssetCtx',
      'activeAssetData',
    ]);
    desk.send(orderAction(wireOrder({ p: '51500' })));
    expect(client.messages().filter((message) => message.channel === 'trades')).toHaveLength(1);
  });

  it('hide what a hidden order did, where they are told to', () => {
    const desk = testHyperliquid();
    const client = connected(desk);
    client.subscribe({ type: 'orderUpdates', user });
    desk.venue.inject({ kind: 'hide_order', ms: 1000, from: ['lookup', 'history', 'fills', 'events'] });
    desk.send(orderAction(wireOrder({ c: cloidOf(1) })));
    expect(client.messages()).toEqual([]);
    const reads = () => [
      desk.info('orderStatus', { oid: cloidOf(1) }).status,
      desk.info('historicalOrders').length,
      desk.info('userFills').length,
    ];
    expect(reads()).toEqual(['unknownOid', 0, 0]);
    desk.pass(1000);
    expect(reads()).toEqual(['order', 1, 1]);
  });
});

describe('requests over the connection', () => {
  it('are answered by their id as over HTTP', () => {
    const desk = testHyperliquid();
    const client = connected(desk);
    client.say({ method: 'post', id: 7, request: { type: 'info', payload: { type: 'exchangeStatus' } } });
    client.say({ method: 'post', id: 8, request: { type: 'action', payload: desk.body(orderAction(wireOrder())) } });
    client.say({ method: 'post', id: 9, request: { type: 'info', payload: { type: 'nothing' } } });
    expect(client.messages()).toMatchObject([
      {
        channel: 'post',
        data: { id: 7, response: { type: 'info', payload: { type: 'exchangeStatus', data: { specialStatuses: null } } } },
      },
      { channel: 'post', data: { id: 8, response: { type: 'action', payload: { status: 'ok' } } } },
      { channel: 'post', data: { id: 9, response: { type: 'error', payload: expect.stringMatching(/^422/) } } },
    ]);
  });

  it('meet the faults of requests: silence, a broken connection, a late execution', () => {
    const desk = testHyperliquid();
    const client = connected(desk);
    const order = () => client.say({ method: 'post', id: 1, request: { type: 'action', payload: desk.body(orderAction(wireOrder())) } });
    desk.venue.inject({ kind: 'accept_then_silence' });
    order();
    expect([client.messages(), desk.venue.fillsOf(MASTER).length]).toEqual([[], 1]);
    desk.venue.inject({ kind: 'execute_late', ms: 500 });
    order();
    expect(desk.venue.fillsOf(MASTER)).toHaveLength(1);
    for (const { run } of client.timers) run();
    expect([client.messages().length, desk.venue.fillsOf(MASTER).length]).toEqual([1, 2]);
    desk.venue.inject({ kind: 'accept_then_reset' });
    order();
    expect([client.ends, desk.venue.fillsOf(MASTER).length]).toEqual([['drop'], 3]);
  });
});

describe('faults of streams', () => {
  const heardUnder = (kind: 'ws_drop' | 'ws_silence' | 'ws_duplicate' | 'ws_swap' | 'ws_lose' | 'ws_repeat_snapshot') => {
    const desk = testHyperliquid();
    const client = connected(desk);
    client.subscribe({ type: 'userFills', user });
    desk.venue.inject({ kind, accountId: MASTER });
    for (const s of ['0.1', '0.2', '0.3']) desk.send(orderAction(wireOrder({ s })));
    const sizes = client.messages().map(({ data }) => {
      const { isSnapshot, fills } = data as { isSnapshot?: boolean; fills: readonly { sz: string }[] };
      return isSnapshot ? `snapshot of ${fills.length}` : fills[0]?.sz;
    });
    client.say({ method: 'ping' });
    return { sizes, ends: client.ends, pong: client.messages().length };
  };

  it.each([
    ['ws_duplicate', ['0.1', '0.1', '0.2', '0.3']],
    ['ws_swap', ['0.2', '0.1', '0.3']],
    ['ws_lose', ['0.2', '0.3']],
    ['ws_repeat_snapshot', ['snapshot of 1', '0.1', '0.2', '0.3']],
  ] as const)('%s changes what arrives', (kind, sizes) => {
    expect(heardUnder(kind)).toEqual({ sizes, ends: [], pong: 1 });
  });

  it('ws_silence sends nothing more, not even a pong, and does not close', () => {
    expect(heardUnder('ws_silence')).toEqual({ sizes: [], ends: [], pong: 0 });
  });

  it('ws_wrong_pong answers one heartbeat with what is none', () => {
    const desk = testHyperliquid();
    const client = connected(desk);
    client.subscribe({ type: 'userFills', user });
    desk.venue.inject({ kind: 'ws_wrong_pong', accountId: MASTER });
    client.say({ method: 'ping' });
    expect(client.raw()).toEqual(['pong']);
    client.say({ method: 'ping' });
    expect(client.messages()).toEqual([{ channel: 'pong' }]);
  });

  it('ws_drop breaks the connection', () => {
    expect(heardUnder('ws_drop').ends).toEqual(['drop']);
  });

  it('a restart of the venue breaks every connection', () => {
    const desk = testHyperliquid();
    const clients = [connected(desk), connected(desk)];
    desk.venue.inject({ kind: 'venue_restart' });
    expect(clients.map((client) => client.ends)).toEqual([['drop'], ['drop']]);
  });
});
