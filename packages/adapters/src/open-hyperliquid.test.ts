import { decimal, symbol, type TraderId, timestamp } from '@hyperoru/domain';
import type { OrderRequest, VenueEvent } from '@hyperoru/engine';
import { FakeClock, memoryLog, seededIds, testId } from '@hyperoru/testkit';
import type { IRequestTransport } from '@nktkas/hyperliquid';
import { beforeEach, describe, expect, test } from 'vitest';
import { localWallet } from './exchanges/hyperliquid/signer.ts';
import { type HyperliquidVenue, openHyperliquid } from './open-hyperliquid.ts';
import type { OpenSocket, SocketEvents } from './system/web-socket.ts';

const BTC = symbol('BTC');
const TRADER = testId<TraderId>(1);
const AGENT_KEY = `0x${'2'.repeat(64)}`;
const ACCOUNT = `0x${'A'.repeat(40)}`;
const CLOID = `0x4879${'0'.repeat(28)}`;

const META = { universe: [{ name: 'BTC', szDecimals: 5, maxLeverage: 40 }] };

type Body = { readonly type: string } & Record<string, unknown>;
interface Sent {
  readonly action: { readonly type: string } & Record<string, unknown>;
  readonly nonce: number;
  readonly expiresAfter?: number;
  readonly signature: { readonly r: string; readonly s: string; readonly v: number };
}

/** The venue's end of the wire, answered by the test. */
class ScriptedWire implements IRequestTransport {
  readonly isTestnet = true;
  readonly asked: Body[] = [];
  readonly sent: Sent[] = [];
  readonly sockets: { readonly events: SocketEvents; readonly said: string[] }[] = [];
  leverage = 10;
  info: Record<string, (body: Body) => unknown> = {
    metaAndAssetCtxs: () => [META, [{ markPx: '50000', impactPxs: ['49999', '50001'] }]],
    meta: () => META,
    activeAssetData: () => ({ leverage: { type: 'cross', value: this.leverage } }),
    orderStatus: () => ({ status: 'unknownOid' }),
    frontendOpenOrders: () => [],
    userFillsByTime: () => [],
  };
  exchange: Record<string, (action: Sent['action']) => unknown> = {
    order: () => ({ status: 'ok', response: { type: 'order', data: { statuses: [{ resting: { oid: 5 } }] } } }),
    cancelByCloid: () => ({ status: 'ok', response: { type: 'cancel', data: { statuses: ['success'] } } }),
    updateLeverage: (action) => {
      this.leverage = Number(action['leverage']);
      return { status: 'ok', response: { type: 'default' } };
    },
  };

  async request<T>(endpoint: 'info' | 'exchange' | 'explorer', payload: unknown): Promise<T> {
    if (endpoint === 'info') {
      const body = payload as Body;
      this.asked.push(body);
      return this.info[body.type]?.(body) as T;
    }
    const sent = payload as Sent;
    this.sent.push(sent);
    return this.exchange[sent.action.type]?.(sent.action) as T;
  }

  readonly openSocket: OpenSocket = (_, events) => {
    const said: string[] = [];
    this.sockets.push({ events, said });
    return { send: (text) => void said.push(text), ping: () => undefined, close: () => undefined };
  };

  get actions(): readonly string[] {
    return this.sent.map(({ action }) => action.type);
  }
}

let wire: ScriptedWire;
let clock: FakeClock;
let venue: HyperliquidVenue;
let events: VenueEvent[];
let credentials: { accountAddress: string; agentKey: string } | null;

beforeEach(async () => {
  wire = new ScriptedWire();
  clock = new FakeClock();
  events = [];
  credentials = { accountAddress: ACCOUNT, agentKey: AGENT_KEY };
  venue = await openHyperliquid({
    environment: 'testnet',
    clock,
    ids: seededIds(1),
    log: memoryLog(),
    credentialsOf: async () => credentials,
    symbols: [BTC],
    transport: wire,
    openSocket: wire.openSocket,
  });
  venue.exchange.onEvent((event) => events.push(event));
});

const request = (changes: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: CLOID,
  symbol: BTC,
  side: 'buy',
  type: { kind: 'limit', price: decimal('50000'), timeInForce: 'ioc' },
  quantity: decimal('0.1'),
  reduceOnly: false,
  leverage: 10,
  deadline: timestamp(clock.now() + 5000),
  nonce: 1_767_225_600_123,
  ...changes,
});
const place = (changes: Partial<OrderRequest> = {}) => venue.exchange.placeOrder(TRADER, request(changes));
const stopLoss = { kind: 'trigger', trigger: 'stop_loss', triggerPrice: decimal('49000') } as const;

describe('an order', () => {
  test('leaves with its stored number and its deadline', async () => {
    const sent = request();
    expect(await venue.exchange.placeOrder(TRADER, sent)).toEqual({ kind: 'accepted', venueOrderId: '5' });
    expect(wire.sent).toMatchObject([{ nonce: sent.nonce, expiresAfter: sent.deadline }]);
    expect(wire.sent[0]?.action).toEqual({
      type: 'order',
      orders: [{ a: 0, b: true, p: '50000', s: '0.1', r: false, t: { limit: { tif: 'Ioc' } }, c: CLOID }],
      grouping: 'na',
    });
  });

  test('that only reduces needs no leverage', async () => {
    await place({ reduceOnly: true, leverage: 3 });
    expect(wire.asked.map(({ type }) => type)).toEqual(['meta']);
    expect(wire.actions).toEqual(['order']);
  });

  test('that waits for a trigger gets a limit a tenth worse', async () => {
    await place({ side: 'sell', reduceOnly: true, type: stopLoss });
    await place({ side: 'buy', reduceOnly: true, type: { ...stopLoss, trigger: 'take_profit' } });
    expect(wire.sent.map(({ action }) => (action as unknown as { orders: unknown[] }).orders[0])).toMatchObject([
      { p: '44100', t: { trigger: { isMarket: true, triggerPx: '49000', tpsl: 'sl' } } },
      { p: '53900', t: { trigger: { isMarket: true, triggerPx: '49000', tpsl: 'tp' } } },
    ]);
  });

  test.each<[string, Partial<OrderRequest>]>([
    ['invalid_price', { type: { kind: 'limit', price: decimal('50000.5'), timeInForce: 'gtc' } }],
    ['invalid_quantity', { quantity: decimal('0.000001') }],
    ['invalid_leverage', { leverage: 41 }],
    ['invalid_leverage', { leverage: 0 }],
    ['invalid_client_order_id', { clientOrderId: 'mine' }],
    ['time_in_force_unsupported', { type: { kind: 'limit', price: decimal('50000'), timeInForce: 'fok' } }],
    ['trigger_must_be_reduce_only', { type: stopLoss }],
    ['unknown_symbol', { symbol: symbol('NOPE') }],
  ])('that cannot be one is refused as %s before anything leaves', async (code, changes) => {
    expect(await place(changes)).toMatchObject({ kind: 'rejected', code });
    expect(wire.sent).toEqual([]);
  });

  test('goes at its deadline and not after', async () => {
    expect(await place({ deadline: clock.now() })).toMatchObject({ kind: 'accepted' });
    expect(await place({ deadline: timestamp(clock.now() - 1) })).toMatchObject({ kind: 'rejected', code: 'expired_deadline' });
    expect(wire.sent).toHaveLength(1);
  });

  test('of a trader without credentials is not sent', async () => {
    credentials = null;
    expect(await place()).toMatchObject({ kind: 'not_sent' });
  });

  test('with an unusable key is not sent, and the key is not told', async () => {
    credentials = { accountAddress: ACCOUNT, agentKey: 'secret-key' };
    expect(JSON.stringify(await place())).not.toContain('secret-key');
  });
});

describe('leverage', () => {
  test('is changed and read back before an order that opens', async () => {
    wire.leverage = 3;
    expect(await place({ leverage: 2 })).toMatchObject({ kind: 'accepted' });
    expect(wire.actions).toEqual(['updateLeverage', 'order']);
    expect(wire.asked.filter(({ type }) => type === 'activeAssetData')).toHaveLength(2);
  });

  test('that the venue does not report afterwards keeps the order back, whatever the venue answered', async () => {
    wire.leverage = 3;
    wire.exchange['updateLeverage'] = () => ({ status: 'ok', response: { type: 'default' } });
    expect(await place({ leverage: 2 })).toMatchObject({ kind: 'rejected', code: 'leverage_not_set' });
    expect(wire.actions).toEqual(['updateLeverage']);
  });

  test('that the venue reports is enough, whatever the venue answered', async () => {
    wire.leverage = 3;
    wire.exchange['updateLeverage'] = (action) => {
      wire.leverage = Number(action['leverage']);
      return null;
    };
    expect(await place({ leverage: 2 })).toMatchObject({ kind: 'accepted' });
  });

  test('of an open position is never raised', async () => {
    const state = (szi: string) => () => ({
      marginSummary: { accountValue: '1' },
      crossMarginSummary: { accountValue: '1', totalMarginUsed: '0' },
      assetPositions: [
        {
          position: {
            coin: 'BTC',
            szi,
            entryPx: '1',
            positionValue: '1',
            unrealizedPnl: '0',
            liquidationPx: null,
            marginUsed: '1',
            leverage: { type: 'cross', value: 3 },
          },
        },
      ],
    });
    wire.leverage = 3;
    wire.info['clearinghouseState'] = state('0.1');
    expect(await place({ leverage: 10 })).toMatchObject({ kind: 'rejected', code: 'leverage_not_set' });
    expect(wire.sent).toEqual([]);
    wire.info['clearinghouseState'] = state('0.0');
    expect(await place({ leverage: 10 })).toMatchObject({ kind: 'accepted' });
  });

  test('that cannot be read keeps the order here', async () => {
    wire.info['activeAssetData'] = () => null;
    expect(await place()).toMatchObject({ kind: 'not_sent' });
    expect(wire.sent).toEqual([]);
  });

  test('takes numbers that no order in flight can carry, and another one when its number was used', async () => {
    wire.leverage = 3;
    let refusals = 2;
    wire.exchange['updateLeverage'] = (action) => {
      if (refusals-- > 0) return { status: 'err', response: 'Invalid nonce: duplicate nonce 1' };
      wire.leverage = Number(action['leverage']);
      return { status: 'ok', response: { type: 'default' } };
    };
    expect(await place({ leverage: 2 })).toMatchObject({ kind: 'accepted' });
    const numbers = wire.sent.filter(({ action }) => action.type === 'updateLeverage').map(({ nonce }) => nonce);
    expect(numbers).toEqual([0, 1, 2].map((n) => clock.now() - 10_000 + n));
  });
});

const wireOrder = (changes: Record<string, unknown> = {}) => ({
  coin: 'BTC',
  side: 'B',
  limitPx: '50000',
  sz: '0.1',
  origSz: '0.1',
  oid: 5,
  timestamp: clock.now(),
  isTrigger: false,
  triggerPx: '0.0',
  orderType: 'Limit',
  reduceOnly: false,
  tif: 'Gtc',
  cloid: CLOID,
  ...changes,
});
const statusOf = (order: Record<string, unknown>, status: string) => () => ({
  status: 'order',
  order: { order, status, statusTimestamp: clock.now() },
});
const wireFill = (changes: Record<string, unknown> = {}) => ({
  coin: 'BTC',
  px: '50000',
  sz: '0.1',
  side: 'B',
  time: clock.now(),
  oid: 5,
  tid: 9,
  crossed: true,
  fee: '2.25',
  cloid: CLOID,
  ...changes,
});

describe('reads', () => {
  test('ask about the account, never about the agent', async () => {
    await venue.exchange.openOrders(TRADER);
    await venue.exchange.findOrder(TRADER, CLOID);
    await venue.exchange.fillsSince(TRADER, timestamp(0));
    for (const { user } of wire.asked) expect(user).toBe(ACCOUNT.toLowerCase());
    expect(localWallet(AGENT_KEY).address).not.toBe(ACCOUNT.toLowerCase());
  });

  test('tell the average price from the executions', async () => {
    wire.info['orderStatus'] = statusOf(wireOrder({ sz: '0.0' }), 'filled');
    wire.info['userFillsByTime'] = () => [wireFill({ sz: '0.04', px: '50000' }), wireFill({ sz: '0.06', px: '50010', tid: 10 })];
    expect(await venue.exchange.findOrder(TRADER, CLOID)).toMatchObject({ state: 'filled', averagePrice: '50006' });
  });

  test('count the executions of a reduce-only order, which fills no more than there is to reduce', async () => {
    wire.info['orderStatus'] = statusOf(wireOrder({ sz: '0.0', origSz: '5', reduceOnly: true }), 'filled');
    wire.info['userFillsByTime'] = () => [wireFill()];
    expect(await venue.exchange.findOrder(TRADER, CLOID)).toMatchObject({ quantity: '0.1', filledQuantity: '0.1', averagePrice: '50000' });
    wire.info['orderStatus'] = statusOf(wireOrder({ sz: '0.0', origSz: '5' }), 'filled');
    expect(await venue.exchange.findOrder(TRADER, CLOID)).toMatchObject({ filledQuantity: '5', averagePrice: null });
  });

  test('of an order that has another form of id are none of the venue', async () => {
    expect(await venue.exchange.findOrder(TRADER, 'mine')).toBeNull();
    expect(await venue.exchange.cancelOrder(TRADER, 'mine')).toBe('not_found');
    expect(wire.asked).toEqual([]);
  });

  test('throw VenueUnavailable when the venue does not answer', async () => {
    wire.info['frontendOpenOrders'] = () => null;
    await expect(venue.exchange.openOrders(TRADER)).rejects.toMatchObject({ name: 'VenueUnavailable' });
  });
});

describe('a cancel', () => {
  test('of an open order is canceled', async () => {
    wire.info['orderStatus'] = statusOf(wireOrder(), 'open');
    expect(await venue.exchange.cancelOrder(TRADER, CLOID)).toBe('canceled');
    expect(wire.sent[0]?.action).toEqual({ type: 'cancelByCloid', cancels: [{ asset: 0, cloid: CLOID }] });
  });

  test.each([
    ['filled', 'filled'],
    ['canceled', 'canceled'],
    ['marginCanceled', 'canceled'],
  ])('of an order that is %s already says %s and sends nothing', async (status, outcome) => {
    wire.info['orderStatus'] = statusOf(wireOrder(), status);
    expect(await venue.exchange.cancelOrder(TRADER, CLOID)).toBe(outcome);
    expect(wire.sent).toEqual([]);
  });

  test('whose answer is lost is judged by what the venue shows', async () => {
    wire.info['orderStatus'] = statusOf(wireOrder(), 'open');
    wire.exchange['cancelByCloid'] = () => null;
    expect(await venue.exchange.cancelOrder(TRADER, CLOID)).toBe('unknown');
    wire.exchange['cancelByCloid'] = () => {
      wire.info['orderStatus'] = statusOf(wireOrder(), 'filled');
      return null;
    };
    expect(await venue.exchange.cancelOrder(TRADER, CLOID)).toBe('filled');
  });
});

describe('closing', () => {
  test('cancels what was placed through client order ids and leaves the rest', async () => {
    let open = [wireOrder(), wireOrder({ oid: 6, cloid: null })];
    wire.info['frontendOpenOrders'] = () => open;
    wire.info['orderStatus'] = statusOf(wireOrder(), 'open');
    wire.exchange['cancelByCloid'] = () => {
      open = open.slice(1);
      return { status: 'ok', response: { type: 'cancel', data: { statuses: ['success'] } } };
    };
    await venue.exchange.closeAccount(TRADER);
    await venue.exchange.closeAccount(TRADER);
    expect(wire.actions).toEqual(['cancelByCloid']);
    expect(await venue.exchange.openOrders(TRADER)).toHaveLength(1);
    expect(await place()).toMatchObject({ kind: 'not_sent' });
  });

  test('fails while something of ours is still open, and can be repeated', async () => {
    wire.info['frontendOpenOrders'] = () => [wireOrder()];
    wire.info['orderStatus'] = statusOf(wireOrder(), 'open');
    for (const attempt of [1, 2]) {
      await expect(venue.exchange.closeAccount(TRADER)).rejects.toMatchObject({ name: 'VenueUnavailable' });
      expect(wire.actions).toHaveLength(attempt);
    }
    wire.info['frontendOpenOrders'] = () => [];
    await venue.exchange.closeAccount(TRADER);
    expect(await place()).toMatchObject({ kind: 'not_sent' });
  });
});

describe('the stream', () => {
  const message = (channel: string, data: unknown) => JSON.stringify({ channel, data });
  const subscribed = (type: string) => message('subscriptionResponse', { method: 'subscribe', subscription: { type, user: ACCOUNT } });

  async function listen() {
    const opening = venue.exchange.openAccount(TRADER, { startBalance: decimal('0') });
    await clock.advance(0);
    const socket = wire.sockets.at(-1);
    if (socket === undefined) throw new Error('Expected a connection.');
    socket.events.open();
    socket.events.message('Websocket connection established.');
    for (const type of ['orderUpdates', 'userFills', 'userFundings']) socket.events.message(subscribed(type));
    await opening;
    return { hear: (channel: string, data: unknown) => socket.events.message(message(channel, data)), drop: () => socket.events.close() };
  }

  test('tells a gap whenever it stands, the first time too', async () => {
    const { drop } = await listen();
    expect(events).toEqual([{ kind: 'gap', traderId: TRADER }]);
    drop();
    await clock.advance(500);
    await listen();
    expect(events).toHaveLength(2);
  });

  test('tells fills and funding, but not what the venue repeats at the beginning', async () => {
    const { hear } = await listen();
    hear('userFills', { user: ACCOUNT, isSnapshot: true, fills: [wireFill({ tid: 1 })] });
    hear('userFundings', {
      user: ACCOUNT,
      isSnapshot: true,
      fundings: [{ time: 1, coin: 'BTC', usdc: '1', szi: '1', fundingRate: '0.1' }],
    });
    hear('userFills', { user: ACCOUNT, fills: [wireFill({ tid: 2 })] });
    hear('userFundings', { user: ACCOUNT, fundings: [{ time: 2, coin: 'BTC', usdc: '-1', szi: '1', fundingRate: '0.1', nSamples: null }] });
    expect(events.slice(1)).toMatchObject([
      { kind: 'fill', traderId: TRADER, fill: { clientOrderId: CLOID, price: '50000' } },
      { kind: 'funding', funding: { amount: '-1', at: 2 } },
    ]);
  });

  test('reads an order that changed, and takes its price from fills that were heard', async () => {
    const { hear } = await listen();
    wire.info['orderStatus'] = statusOf(wireOrder({ sz: '0.0' }), 'filled');
    hear('userFills', { user: ACCOUNT, fills: [wireFill()] });
    hear('orderUpdates', [{ order: { coin: 'BTC', oid: 5, cloid: CLOID }, status: 'filled', statusTimestamp: 1 }]);
    await clock.advance(0);
    expect(events.at(-1)).toMatchObject({ kind: 'order', order: { state: 'filled', averagePrice: '50000' } });
    expect(wire.asked.map(({ type }) => type)).not.toContain('userFillsByTime');
  });

  test('tells a gap when a message or an order cannot be read', async () => {
    const { hear } = await listen();
    hear('userFills', { fills: [{}] });
    expect(events).toHaveLength(2);
    wire.info['orderStatus'] = () => null;
    hear('orderUpdates', [{ order: { oid: 5 } }]);
    await clock.advance(0);
    expect(events.map(({ kind }) => kind)).toEqual(['gap', 'gap', 'gap']);
  });

  test('opening waits for it three seconds and not longer', async () => {
    let isOpen = false;
    const opening = venue.exchange.openAccount(TRADER, { startBalance: decimal('0') }).then(() => {
      isOpen = true;
    });
    await clock.advance(2_999);
    expect(isOpen).toBe(false);
    await clock.advance(1);
    await opening;
  });

  test('ends with the venue', async () => {
    await listen();
    await venue.stop();
    await clock.advance(60_000);
    expect(clock.waiting).toBe(0);
  });
});

describe('the market', () => {
  test('tells the instrument with its price steps and follows best prices and mark', async () => {
    const market = await venue.openMarket();
    expect(market.instruments()).toMatchObject([{ symbol: BTC, priceIncrement: '1', sizeIncrement: '0.00001', leverageMax: 40 }]);
    expect(market.quote(BTC)).toMatchObject({ mark: '50000', bid: '49999', ask: '50001' });
    await clock.advance(0);
    const socket = wire.sockets.at(-1);
    socket?.events.open();
    expect(socket?.said.map((text) => JSON.parse(text).subscription)).toEqual([
      { type: 'bbo', coin: 'BTC' },
      { type: 'activeAssetCtx', coin: 'BTC' },
    ]);
    const hear = (channel: string, data: unknown) => socket?.events.message(JSON.stringify({ channel, data }));
    hear('bbo', {
      coin: 'BTC',
      time: 5,
      bbo: [
        { px: '50010', sz: '1', n: 1 },
        { px: '50012', sz: '1', n: 1 },
      ],
    });
    hear('activeAssetCtx', { coin: 'BTC', ctx: { markPx: '50011.5', oraclePx: '50011' } });
    hear('bbo', { coin: 'BTC', time: 6, bbo: [null, { px: '1', sz: '1', n: 1 }] });
    expect(market.quote(BTC)).toMatchObject({ mark: '50011.5', bid: '50010', ask: '50012' });
  });

  test('gives closed candles only', async () => {
    const row = (t: number) => ({ t, T: t + 59_999, s: 'BTC', i: '1m', o: '1', h: '3', l: '0.5', c: '2', v: '7', n: 4 });
    wire.info['candleSnapshot'] = () => [row(clock.now() - 60_000), row(clock.now())];
    const market = await venue.openMarket();
    market.candles(BTC, '1m', 5);
    await clock.advance(0);
    expect(market.candles(BTC, '1m', 5)).toEqual([
      { symbol: BTC, interval: '1m', openTime: clock.now() - 60_000, open: 1, high: 3, low: 0.5, close: 2, volume: 7 },
    ]);
  });

  test('does not open while the venue does not answer', async () => {
    wire.info['metaAndAssetCtxs'] = () => null;
    await expect(venue.openMarket()).rejects.toMatchObject({ name: 'VenueUnavailable' });
  });
});
