import { decimal, symbol, type TraderId, timestamp } from '@hyperoru/domain';
import type { OrderRequest, VenueEvent } from '@hyperoru/engine';
import { FakeClock, memoryLog, seededIds, testId } from '@hyperoru/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import type { HttpTransport } from './exchanges/binance/api.ts';
import { type BinanceVenue, openBinance } from './open-binance.ts';
import type { OpenSocket, SocketEvents } from './system/web-socket.ts';

const BTC = symbol('BTC');
const TRADER = testId<TraderId>(1);
const CLIENT_ID = `0x4879${'0'.repeat(28)}`;
/** The venue's clock is this far ahead of ours. */
const SKEW_MS = 700;

interface Sent {
  readonly call: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}
type Answer = { readonly status: number; readonly body: string };
const ok = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body) });
const refusal = (code: number, msg: string): Answer => ({ status: 400, body: JSON.stringify({ code, msg }) });

const EXCHANGE_INFO = {
  symbols: [
    {
      symbol: 'BTCUSDT',
      status: 'TRADING',
      contractType: 'PERPETUAL',
      baseAsset: 'BTC',
      quoteAsset: 'USDT',
      requiredMarginPercent: '5.0000',
      maintMarginPercent: '2.5000',
      filters: [
        { filterType: 'PRICE_FILTER', tickSize: '0.10' },
        { filterType: 'LOT_SIZE', stepSize: '0.001', minQty: '0.001' },
        { filterType: 'MIN_NOTIONAL', notional: '100' },
      ],
    },
    { symbol: 'BTCUSDT_260327', status: 'TRADING', contractType: 'CURRENT_QUARTER', baseAsset: 'BTC', quoteAsset: 'USDT', filters: [] },
  ],
};

let clock: FakeClock;
let venue: BinanceVenue;
let events: VenueEvent[];
let sent: Sent[];
let sockets: { readonly url: string; readonly events: SocketEvents }[];
let leverage: number;
let answers: Record<string, (parameters: Readonly<Record<string, string>>) => Answer>;

const transport: HttpTransport = async ({ method, url, headers }) => {
  const at = new URL(url);
  const parameters = Object.fromEntries(at.searchParams);
  const call = `${method} ${at.pathname}`;
  sent.push({ call, parameters, headers });
  return answers[call]?.(parameters) ?? { status: 404, body: 'not found' };
};
const openSocket: OpenSocket = (url, socketEvents) => {
  sockets.push({ url, events: socketEvents });
  return { send: () => undefined, ping: () => undefined, close: () => undefined };
};

beforeEach(async () => {
  clock = new FakeClock();
  events = [];
  sent = [];
  sockets = [];
  leverage = 10;
  answers = {
    'GET /fapi/v1/time': () => ok({ serverTime: clock.now() + SKEW_MS }),
    'GET /fapi/v1/exchangeInfo': () => ok(EXCHANGE_INFO),
    'GET /fapi/v1/ticker/bookTicker': () => ok([{ symbol: 'BTCUSDT', bidPrice: '49999.9', askPrice: '50000.1' }]),
    'GET /fapi/v1/premiumIndex': () => ok([{ symbol: 'BTCUSDT', markPrice: '50000.00000000' }]),
    'GET /fapi/v1/symbolConfig': () => ok([{ symbol: 'BTCUSDT', marginType: 'CROSSED', leverage }]),
    'GET /fapi/v3/positionRisk': () => ok([]),
    'POST /fapi/v1/leverage': (parameters) => {
      leverage = Number(parameters['leverage']);
      return ok({ leverage, symbol: 'BTCUSDT' });
    },
    'POST /fapi/v1/order': () => ok({ orderId: 8389765535838234000, status: 'NEW' }),
    'POST /fapi/v1/algoOrder': () => ok({ algoId: 7, algoStatus: 'NEW' }),
    'POST /fapi/v1/listenKey': () => ok({ listenKey: 'listen' }),
    'PUT /fapi/v1/listenKey': () => ok({ listenKey: 'listen' }),
    'GET /fapi/v1/order': () => refusal(-2013, 'Order does not exist.'),
    'GET /fapi/v1/algoOrder': () => refusal(-2013, 'Order does not exist.'),
    'GET /fapi/v1/openOrders': () => ok([]),
    'GET /fapi/v1/openAlgoOrders': () => ok([]),
    'GET /fapi/v1/allAlgoOrders': () => ok([]),
    'GET /fapi/v1/userTrades': () => ok([]),
  };
  venue = await openBinance({
    environment: 'testnet',
    apiUrl: 'http://venue',
    wsUrl: 'ws://venue',
    clock,
    ids: seededIds(1),
    log: memoryLog(),
    credentialsOf: async () => ({ apiKey: 'the-key', secret: 'the-secret' }),
    symbols: [BTC],
    transport,
    openSocket,
  });
  venue.exchange.onEvent((event) => events.push(event));
});

let nonce = 1;
const request = (changes: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: CLIENT_ID,
  symbol: BTC,
  side: 'buy',
  type: { kind: 'limit', price: decimal('50000'), timeInForce: 'ioc' },
  quantity: decimal('0.1'),
  reduceOnly: false,
  leverage: 10,
  deadline: timestamp(clock.now() + 5000),
  nonce: nonce++,
  ...changes,
});
const place = (changes: Partial<OrderRequest> = {}) => venue.exchange.placeOrder(TRADER, request(changes));
const calls = () => sent.map(({ call }) => call);
const sentTo = (call: string): Sent => {
  const found = sent.find((entry) => entry.call === call);
  if (found === undefined) throw new Error(`Expected a request to ${call}.`);
  return found;
};
const stopLoss = { kind: 'trigger', trigger: 'stop_loss', triggerPrice: decimal('49000') } as const;

describe('an order', () => {
  test('is signed, dies at its deadline and keeps the number of the venue exact', async () => {
    const order = request();
    expect(await venue.exchange.placeOrder(TRADER, order)).toEqual({ kind: 'accepted', venueOrderId: '8389765535838234000' });
    const { parameters, headers } = sentTo('POST /fapi/v1/order');
    expect(parameters).toMatchObject({
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'IOC',
      price: '50000',
      quantity: '0.1',
      newClientOrderId: CLIENT_ID,
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(Number(parameters['timestamp'])).toBe(clock.now() + SKEW_MS);
    expect(Number(parameters['timestamp']) + Number(parameters['recvWindow'])).toBe(order.deadline);
    expect(headers).toEqual({ 'X-MBX-APIKEY': 'the-key' });
    expect(JSON.stringify(sent)).not.toContain('the-secret');
  });

  test('may leave at its deadline on the clock of the venue and not after', async () => {
    expect(await place({ deadline: timestamp(clock.now() + SKEW_MS) })).toMatchObject({ kind: 'accepted' });
    const { parameters } = sentTo('POST /fapi/v1/order');
    expect(parameters).toMatchObject({ timestamp: String(clock.now() + SKEW_MS - 1), recvWindow: '1' });
    expect(await place({ deadline: timestamp(clock.now() + SKEW_MS - 1) })).toMatchObject({ kind: 'rejected', code: 'expired_deadline' });
    expect(calls().filter((call) => call === 'POST /fapi/v1/order')).toHaveLength(1);
  });

  test('far from its deadline gets the longest window there is, and dies earlier', async () => {
    await place({ deadline: timestamp(clock.now() + 3_600_000) });
    expect(sentTo('POST /fapi/v1/order').parameters).toMatchObject({ recvWindow: '60000', timestamp: String(clock.now() + SKEW_MS) });
  });

  test('that waits for a trigger goes to the list of such orders and watches the mark', async () => {
    expect(await place({ side: 'sell', reduceOnly: true, type: stopLoss })).toEqual({ kind: 'accepted', venueOrderId: 'algo-7' });
    expect(sentTo('POST /fapi/v1/algoOrder').parameters).toMatchObject({
      algoType: 'CONDITIONAL',
      type: 'STOP_MARKET',
      side: 'SELL',
      triggerPrice: '49000',
      quantity: '0.1',
      reduceOnly: 'true',
      workingType: 'MARK_PRICE',
      clientAlgoId: CLIENT_ID,
    });
  });

  test('with a number that was sent before does not leave again, and nothing is known of it', async () => {
    const order = request();
    await venue.exchange.placeOrder(TRADER, order);
    expect(await venue.exchange.placeOrder(TRADER, order)).toMatchObject({ kind: 'unknown' });
    expect(calls().filter((call) => call === 'POST /fapi/v1/order')).toHaveLength(1);
  });

  test.each<[string, Partial<OrderRequest>]>([
    ['invalid_price', { type: { kind: 'limit', price: decimal('50000.05'), timeInForce: 'gtc' } }],
    ['invalid_quantity', { quantity: decimal('0.0001') }],
    ['invalid_leverage', { leverage: 126 }],
    ['invalid_client_order_id', { clientOrderId: 'with space' }],
    ['trigger_must_be_reduce_only', { type: stopLoss }],
    ['unknown_symbol', { symbol: symbol('ETH') }],
  ])('that cannot be one is refused as %s before anything leaves', async (code, changes) => {
    expect(await place(changes)).toMatchObject({ kind: 'rejected', code });
    expect(calls().filter((call) => call.startsWith('POST') && !call.endsWith('listenKey'))).toEqual([]);
  });

  test('that the venue refuses comes back in our words', async () => {
    answers['POST /fapi/v1/order'] = () => refusal(-2019, 'Margin is insufficient.');
    expect(await place()).toEqual({ kind: 'rejected', code: 'insufficient_margin', message: 'Margin is insufficient.' });
  });

  test('outside the window makes the clock be measured again', async () => {
    answers['POST /fapi/v1/order'] = () => refusal(-1021, 'Timestamp for this request is outside of the recvWindow.');
    expect(await place()).toMatchObject({ kind: 'rejected', code: 'expired_deadline' });
    expect(calls().at(-1)).toBe('GET /fapi/v1/time');
  });

  test('is not sent while the clock of the venue cannot be measured', async () => {
    answers['GET /fapi/v1/time'] = () => ({ status: 502, body: '<html>' });
    expect(await place({ reduceOnly: true })).toMatchObject({ kind: 'not_sent' });
  });
});

describe('leverage', () => {
  test('is changed and read back before an order that opens', async () => {
    leverage = 3;
    expect(await place({ leverage: 2 })).toMatchObject({ kind: 'accepted' });
    expect(calls().filter((call) => /leverage|symbolConfig|order$/.test(call))).toEqual([
      'GET /fapi/v1/symbolConfig',
      'POST /fapi/v1/leverage',
      'GET /fapi/v1/symbolConfig',
      'POST /fapi/v1/order',
    ]);
  });

  test('that the venue does not report afterwards keeps the order back', async () => {
    leverage = 3;
    answers['POST /fapi/v1/leverage'] = () => ok({ leverage: 2 });
    expect(await place({ leverage: 2 })).toMatchObject({ kind: 'rejected', code: 'leverage_not_set' });
    expect(calls()).not.toContain('POST /fapi/v1/order');
  });

  test('of an open position is never raised', async () => {
    leverage = 3;
    answers['GET /fapi/v3/positionRisk'] = () => ok([position()]);
    expect(await place({ leverage: 10 })).toMatchObject({ kind: 'rejected', code: 'leverage_not_set' });
    expect(calls()).not.toContain('POST /fapi/v1/leverage');
  });
});

const position = () => ({
  symbol: 'BTCUSDT',
  positionSide: 'BOTH',
  positionAmt: '-0.100',
  entryPrice: '50000.0',
  markPrice: '51000.00000000',
  unRealizedProfit: '-100.00000000',
  liquidationPrice: '0',
  positionInitialMargin: '510.00000000',
});
const wireOrder = (changes: Record<string, unknown> = {}) => ({
  orderId: 5,
  symbol: 'BTCUSDT',
  status: 'FILLED',
  clientOrderId: CLIENT_ID,
  price: '50000.00',
  avgPrice: '49990.50000',
  origQty: '0.100',
  executedQty: '0.100',
  timeInForce: 'IOC',
  type: 'LIMIT',
  stopPrice: '0.00',
  reduceOnly: false,
  side: 'BUY',
  ...changes,
});
const algoOrder = (changes: Record<string, unknown> = {}) => ({
  algoId: 7,
  clientAlgoId: CLIENT_ID,
  algoType: 'CONDITIONAL',
  orderType: 'STOP_MARKET',
  symbol: 'BTCUSDT',
  side: 'SELL',
  quantity: '0.100',
  algoStatus: 'NEW',
  triggerPrice: '49000.00',
  reduceOnly: true,
  actualOrderId: '',
  ...changes,
});
const trade = (changes: Record<string, unknown> = {}) => ({
  id: 11,
  orderId: 5,
  symbol: 'BTCUSDT',
  side: 'BUY',
  price: '49990.50',
  qty: '0.100',
  commission: '2.49952500',
  commissionAsset: 'USDT',
  maker: false,
  time: clock.now(),
  ...changes,
});

describe('an order is found', () => {
  test('among the plain ones without being known', async () => {
    answers['GET /fapi/v1/order'] = (parameters) =>
      parameters['origClientOrderId'] === CLIENT_ID ? ok(wireOrder()) : refusal(-2013, 'No.');
    expect(await venue.exchange.findOrder(TRADER, CLIENT_ID)).toEqual({
      clientOrderId: CLIENT_ID,
      venueOrderId: '5',
      symbol: 'BTC',
      side: 'buy',
      type: { kind: 'limit', price: '50000', timeInForce: 'ioc' },
      quantity: '0.1',
      filledQuantity: '0.1',
      averagePrice: '49990.5',
      reduceOnly: false,
      state: 'filled',
      reason: null,
    });
  });

  test.each([
    ['NEW', '', 'open', null],
    ['TRIGGERING', '', 'open', null],
    ['CANCELED', '', 'canceled', 'CANCELED'],
    ['REJECTED', '', 'rejected', 'REJECTED'],
    ['EXPIRED', '', 'expired', 'EXPIRED'],
    ['TRIGGERED', '9', 'filled', null],
    ['FINISHED', '9', 'filled', null],
  ])('as a trigger order in status %s fired as "%s": %s', async (algoStatus, actualOrderId, state, reason) => {
    answers['GET /fapi/v1/algoOrder'] = () => ok(algoOrder({ algoStatus, actualOrderId }));
    answers['GET /fapi/v1/order'] = ({ orderId }) =>
      orderId === '9' ? ok(wireOrder({ orderId: 9, type: 'MARKET' })) : refusal(-2013, 'No.');
    expect(await venue.exchange.findOrder(TRADER, CLIENT_ID)).toMatchObject({
      venueOrderId: 'algo-7',
      type: { kind: 'trigger', trigger: 'stop_loss', triggerPrice: '49000' },
      state,
      reason,
      filledQuantity: state === 'filled' ? '0.1' : '0',
    });
  });

  test('nowhere when the venue knows it under no symbol', async () => {
    expect(await venue.exchange.findOrder(TRADER, CLIENT_ID)).toBeNull();
    expect(await venue.exchange.cancelOrder(TRADER, CLIENT_ID)).toBe('not_found');
  });

  test('or VenueUnavailable is thrown', async () => {
    answers['GET /fapi/v1/algoOrder'] = () => ({ status: 502, body: '<html>' });
    await expect(venue.exchange.findOrder(TRADER, CLIENT_ID)).rejects.toMatchObject({ name: 'VenueUnavailable' });
  });
});

describe('fills', () => {
  test('carry the client order id of their order, asked for once', async () => {
    answers['GET /fapi/v1/userTrades'] = () => ok([trade(), trade({ id: 12 })]);
    answers['GET /fapi/v1/order'] = () => ok(wireOrder());
    const fills = await venue.exchange.fillsSince(TRADER, timestamp(clock.now() - 1000));
    expect(fills.map(({ clientOrderId, tradeId, fee }) => [clientOrderId, tradeId, fee])).toEqual([
      [CLIENT_ID, 'BTCUSDT-11', '2.499525'],
      [CLIENT_ID, 'BTCUSDT-12', '2.499525'],
    ]);
    expect(calls().filter((call) => call === 'GET /fapi/v1/order')).toHaveLength(1);
  });

  test('of a fired trigger carry the client id of the trigger', async () => {
    answers['GET /fapi/v1/userTrades'] = () => ok([trade({ orderId: 9 })]);
    answers['GET /fapi/v1/order'] = () => ok(wireOrder({ orderId: 9, clientOrderId: 'x-venue-made', type: 'MARKET' }));
    answers['GET /fapi/v1/allAlgoOrders'] = () => ok([algoOrder({ algoStatus: 'FINISHED', actualOrderId: '9' })]);
    expect(await venue.exchange.fillsSince(TRADER, timestamp(clock.now() - 1000))).toMatchObject([{ clientOrderId: CLIENT_ID }]);
  });

  test('of a liquidation are told as such', async () => {
    answers['GET /fapi/v1/userTrades'] = () => ok([trade()]);
    answers['GET /fapi/v1/order'] = () => ok(wireOrder({ clientOrderId: 'autoclose-1', type: 'LIMIT' }));
    expect(await venue.exchange.fillsSince(TRADER, timestamp(clock.now() - 1000))).toMatchObject([{ isLiquidation: true }]);
  });

  test('of long ago are read by number, page by page', async () => {
    const all = Array.from({ length: 1500 }, (_, i) => trade({ id: i + 1, time: 1000 + i }));
    answers['GET /fapi/v1/order'] = () => ok(wireOrder());
    answers['GET /fapi/v1/userTrades'] = ({ fromId }) => ok(all.filter(({ id }) => Number(id) >= Number(fromId)).slice(0, 1000));
    expect(await venue.exchange.fillsSince(TRADER, timestamp(1001))).toHaveLength(1499);
  });
});

test('an account tells positions with their leverage, and equity that fits them', async () => {
  answers['GET /fapi/v3/account'] = () => ok({ totalWalletBalance: '10000.00', availableBalance: '9390.00' });
  answers['GET /fapi/v3/positionRisk'] = () => ok([position()]);
  expect(await venue.exchange.account(TRADER)).toEqual({
    balance: '10000',
    equity: '9900',
    available: '9390',
    positions: [
      {
        symbol: 'BTC',
        quantity: '-0.1',
        averageEntryPrice: '50000',
        markPrice: '51000',
        unrealizedPnl: '-100',
        margin: '510',
        leverage: 10,
        liquidationPrice: null,
      },
    ],
  });
});

test('funding carries the rate of its hour, and 0 where the venue shows none', async () => {
  answers['GET /fapi/v1/income'] = () =>
    ok([
      { symbol: 'BTCUSDT', incomeType: 'FUNDING_FEE', income: '-1.5', asset: 'USDT', time: 28_800_003, tranId: 1 },
      { symbol: 'BTCUSDT', incomeType: 'FUNDING_FEE', income: '2', asset: 'USDT', time: 57_600_000, tranId: 2 },
    ]);
  answers['GET /fapi/v1/fundingRate'] = () => ok([{ symbol: 'BTCUSDT', fundingRate: '0.00010000', fundingTime: 28_800_000 }]);
  expect(await venue.exchange.fundingSince(TRADER, timestamp(0))).toEqual([
    { fundingId: 'BTCUSDT-1', symbol: 'BTC', amount: '-1.5', rate: '0.0001', at: 28_800_003 },
    { fundingId: 'BTCUSDT-2', symbol: 'BTC', amount: '2', rate: '0', at: 57_600_000 },
  ]);
});

describe('the stream', () => {
  const orderEvent = (changes: Record<string, unknown> = {}) => ({
    e: 'ORDER_TRADE_UPDATE',
    E: clock.now(),
    o: {
      s: 'BTCUSDT',
      c: CLIENT_ID,
      S: 'BUY',
      o: 'LIMIT',
      f: 'IOC',
      q: '0.100',
      p: '50000',
      ap: '49990.5',
      sp: '0',
      x: 'TRADE',
      X: 'FILLED',
      i: 5,
      l: '0.100',
      z: '0.100',
      L: '49990.5',
      n: '2.5',
      N: 'USDT',
      T: clock.now(),
      t: 11,
      m: false,
      R: false,
      ...changes,
    },
  });

  async function listen() {
    const opening = venue.exchange.openAccount(TRADER, { startBalance: decimal('0') });
    await clock.advance(0);
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('Expected a connection.');
    socket.events.open();
    await opening;
    return {
      url: socket.url,
      drop: () => socket.events.close(),
      hear: async (event: unknown) => {
        socket.events.message(JSON.stringify(event));
        await clock.advance(0);
      },
    };
  }

  test('goes to the private route of its listen key and tells a gap whenever it stands', async () => {
    const { url, drop } = await listen();
    expect(url).toBe('ws://venue/private/ws/listen');
    expect(events).toEqual([{ kind: 'gap', traderId: TRADER }]);
    drop();
    await clock.advance(500);
    sockets.at(-1)?.events.open();
    expect(events).toHaveLength(2);
  });

  test('tells fill and order of one event, with the trade number that reading tells too', async () => {
    const { hear } = await listen();
    await hear(orderEvent());
    expect(events.slice(1)).toMatchObject([
      { kind: 'fill', fill: { clientOrderId: CLIENT_ID, tradeId: 'BTCUSDT-11', fee: '2.5', quantity: '0.1' } },
      { kind: 'order', order: { state: 'filled', averagePrice: '49990.5', venueOrderId: '5' } },
    ]);
  });

  test('tells the fill of a fired trigger under the client id of the trigger', async () => {
    const { hear } = await listen();
    answers['GET /fapi/v1/algoOrder'] = () => ok(algoOrder({ algoStatus: 'FINISHED', actualOrderId: '9' }));
    answers['GET /fapi/v1/order'] = ({ orderId }) =>
      orderId === '9' ? ok(wireOrder({ orderId: 9, type: 'MARKET' })) : refusal(-2013, 'No.');
    await hear({ e: 'ALGO_UPDATE', E: clock.now(), o: { caid: CLIENT_ID, aid: 7, s: 'BTCUSDT', X: 'TRIGGERED', ai: '9' } });
    await hear(orderEvent({ c: 'venue-made', i: 9, o: 'MARKET' }));
    expect(events.slice(1)).toMatchObject([
      { kind: 'order', order: { venueOrderId: 'algo-7' } },
      { kind: 'fill', fill: { clientOrderId: CLIENT_ID } },
      { kind: 'order', order: { venueOrderId: 'algo-7', state: 'filled' } },
    ]);
  });

  test('reads funding when the account tells that it was paid', async () => {
    const { hear } = await listen();
    answers['GET /fapi/v1/income'] = () => ok([{ symbol: 'BTCUSDT', income: '-1.5', time: clock.now(), tranId: 1 }]);
    answers['GET /fapi/v1/fundingRate'] = () => ok([]);
    await hear({ e: 'ACCOUNT_UPDATE', E: clock.now(), a: { m: 'FUNDING_FEE', B: [] } });
    await hear({ e: 'ACCOUNT_UPDATE', E: clock.now(), a: { m: 'ORDER', B: [], P: [] } });
    expect(events.slice(1)).toMatchObject([{ kind: 'funding', funding: { amount: '-1.5' } }]);
  });

  test('tells a gap when an event cannot be read', async () => {
    const { hear } = await listen();
    await hear({ e: 'ORDER_TRADE_UPDATE', o: {} });
    await hear({ e: 'SOMETHING_NEW' });
    expect(events.map(({ kind }) => kind)).toEqual(['gap', 'gap']);
  });

  test('keeps its key alive, and takes a new one when it has ended', async () => {
    const { hear } = await listen();
    await hear({ e: 'listenKeyExpired', E: clock.now(), listenKey: 'listen' });
    await clock.advance(500);
    expect(calls().filter((call) => call === 'POST /fapi/v1/listenKey')).toHaveLength(2);
    await clock.advance(30 * 60_000);
    expect(calls()).toContain('PUT /fapi/v1/listenKey');
  });

  test('ends with the venue', async () => {
    await listen();
    await venue.stop();
    await clock.advance(60_000);
    expect(clock.waiting).toBe(0);
  });
});

describe('the market', () => {
  test('tells the instrument of each perpetual and follows best prices and mark on their routes', async () => {
    const market = await venue.openMarket();
    expect(market.instruments()).toMatchObject([
      { symbol: BTC, priceIncrement: '0.1', sizeIncrement: '0.001', notionalMin: '100', leverageMax: 20, maintenanceMarginRate: '0.025' },
    ]);
    expect(market.quote(BTC)).toMatchObject({ mark: '50000', bid: '49999.9', ask: '50000.1' });
    await clock.advance(0);
    expect(sockets.map(({ url }) => url)).toEqual([
      'ws://venue/public/stream?streams=btcusdt@bookTicker',
      'ws://venue/market/stream?streams=btcusdt@markPrice@1s',
    ]);
    const [book, mark] = sockets;
    book?.events.message(
      JSON.stringify({ stream: 'btcusdt@bookTicker', data: { e: 'bookTicker', s: 'BTCUSDT', b: '50010.1', a: '50010.2' } }),
    );
    mark?.events.message(JSON.stringify({ stream: 'btcusdt@markPrice@1s', data: { e: 'markPriceUpdate', s: 'BTCUSDT', p: '50011.5' } }));
    expect(market.quote(BTC)).toMatchObject({ mark: '50011.5', bid: '50010.1', ask: '50010.2' });
  });

  test('gives closed candles only', async () => {
    const row = (t: number) => [t, '1', '3', '0.5', '2', '7', t + 59_999, '14', 4, '1', '2', '0'];
    answers['GET /fapi/v1/klines'] = () => ok([row(clock.now() - 60_000), row(clock.now())]);
    const market = await venue.openMarket();
    market.candles(BTC, '1m', 5);
    await clock.advance(0);
    expect(market.candles(BTC, '1m', 5)).toEqual([
      { symbol: BTC, interval: '1m', openTime: clock.now() - 60_000, open: 1, high: 3, low: 0.5, close: 2, volume: 7 },
    ]);
  });
});

test('more than twenty symbols are refused', async () => {
  const symbols = Array.from({ length: 21 }, (_, i) => symbol(`S${i}`));
  const opening = openBinance({
    environment: 'testnet',
    clock,
    ids: seededIds(1),
    log: memoryLog(),
    credentialsOf: async () => null,
    symbols,
    transport,
    openSocket,
  });
  await expect(opening).rejects.toThrow(RangeError);
});
