import { decimal, symbol, timestamp } from '@hyperoru/domain';
import type { OrderRequest } from '@hyperoru/engine';
import { beforeEach, describe, expect, test } from 'vitest';
import { BTC, CLIENT_ID, ok, position, refusal, ScriptedBinance, SKEW_MS, TRADER } from '../../../tests/setup/scripted-binance.ts';
import type { BinanceVenue } from './open-binance.ts';

let wire: ScriptedBinance;
let venue: BinanceVenue;

beforeEach(async () => {
  wire = new ScriptedBinance();
  venue = await wire.open();
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
  deadline: timestamp(wire.clock.now() + 5000),
  nonce: nonce++,
  ...changes,
});
const place = (changes: Partial<OrderRequest> = {}) => venue.exchange.placeOrder(TRADER, request(changes));
const stopLoss = { kind: 'trigger', trigger: 'stop_loss', triggerPrice: decimal('49000') } as const;

describe('an order', () => {
  test('is signed, dies at its deadline and keeps the number of the venue exact', async () => {
    const order = request();
    expect(await venue.exchange.placeOrder(TRADER, order)).toEqual({ kind: 'accepted', venueOrderId: '8389765535838234000' });
    const { parameters, headers } = wire.sentTo('POST /fapi/v1/order');
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
    expect(Number(parameters['timestamp'])).toBe(wire.clock.now() + SKEW_MS);
    expect(Number(parameters['timestamp']) + Number(parameters['recvWindow'])).toBe(order.deadline);
    expect(headers).toEqual({ 'X-MBX-APIKEY': 'the-key' });
    expect(JSON.stringify(wire.sent)).not.toContain('the-secret');
  });

  test('may leave at its deadline on the clock of the venue and not after', async () => {
    expect(await place({ deadline: timestamp(wire.clock.now() + SKEW_MS) })).toMatchObject({ kind: 'accepted' });
    const { parameters } = wire.sentTo('POST /fapi/v1/order');
    expect(parameters).toMatchObject({ timestamp: String(wire.clock.now() + SKEW_MS - 1), recvWindow: '1' });
    expect(await place({ deadline: timestamp(wire.clock.now() + SKEW_MS - 1) })).toMatchObject({
      kind: 'rejected',
      code: 'expired_deadline',
    });
    expect(wire.calls.filter((call) => call === 'POST /fapi/v1/order')).toHaveLength(1);
  });

  test('far from its deadline gets the longest window there is, and dies earlier', async () => {
    await place({ deadline: timestamp(wire.clock.now() + 3_600_000) });
    expect(wire.sentTo('POST /fapi/v1/order').parameters).toMatchObject({
      recvWindow: '60000',
      timestamp: String(wire.clock.now() + SKEW_MS),
    });
  });

  test('that waits for a trigger goes to the list of such orders and watches the mark', async () => {
    expect(await place({ side: 'sell', reduceOnly: true, type: stopLoss })).toEqual({ kind: 'accepted', venueOrderId: 'algo-7' });
    expect(wire.sentTo('POST /fapi/v1/algoOrder').parameters).toMatchObject({
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
    expect(wire.calls.filter((call) => call === 'POST /fapi/v1/order')).toHaveLength(1);
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
    expect(wire.calls.filter((call) => call.startsWith('POST') && !call.endsWith('listenKey'))).toEqual([]);
  });

  test('that the venue refuses comes back in our words', async () => {
    wire.answers['POST /fapi/v1/order'] = () => refusal(-2019, 'Margin is insufficient.');
    expect(await place()).toEqual({ kind: 'rejected', code: 'insufficient_margin', message: 'Margin is insufficient.' });
  });

  test('outside the window makes the clock be measured again', async () => {
    wire.answers['POST /fapi/v1/order'] = () => refusal(-1021, 'Timestamp for this request is outside of the recvWindow.');
    expect(await place()).toMatchObject({ kind: 'rejected', code: 'expired_deadline' });
    expect(wire.calls.at(-1)).toBe('GET /fapi/v1/time');
  });

  test('is not sent while the clock of the venue cannot be measured', async () => {
    wire.answers['GET /fapi/v1/time'] = () => ({ status: 502, body: '<html>' });
    expect(await place({ reduceOnly: true })).toMatchObject({ kind: 'not_sent' });
  });
});

describe('leverage', () => {
  test('is changed and read back before an order that opens', async () => {
    wire.leverage = 3;
    expect(await place({ leverage: 2 })).toMatchObject({ kind: 'accepted' });
    expect(wire.calls.filter((call) => /leverage|symbolConfig|order$/.test(call))).toEqual([
      'GET /fapi/v1/symbolConfig',
      'POST /fapi/v1/leverage',
      'GET /fapi/v1/symbolConfig',
      'POST /fapi/v1/order',
    ]);
  });

  test('that the venue does not report afterwards keeps the order back', async () => {
    wire.leverage = 3;
    wire.answers['POST /fapi/v1/leverage'] = () => ok({ leverage: 2 });
    expect(await place({ leverage: 2 })).toMatchObject({ kind: 'rejected', code: 'leverage_not_set' });
    expect(wire.calls).not.toContain('POST /fapi/v1/order');
  });

  test('of an open position is never raised', async () => {
    wire.leverage = 3;
    wire.answers['GET /fapi/v3/positionRisk'] = () => ok([position()]);
    expect(await place({ leverage: 10 })).toMatchObject({ kind: 'rejected', code: 'leverage_not_set' });
    expect(wire.calls).not.toContain('POST /fapi/v1/leverage');
  });
});

describe('the market', () => {
  test('tells the instrument of each perpetual and follows best prices and mark on their routes', async () => {
    const market = await venue.openMarket();
    expect(market.instruments()).toMatchObject([
      { symbol: BTC, priceIncrement: '0.1', sizeIncrement: '0.001', notionalMin: '100', leverageMax: 20, maintenanceMarginRate: '0.025' },
    ]);
    expect(market.quote(BTC)).toMatchObject({ mark: '50000', bid: '49999.9', ask: '50000.1' });
    await wire.clock.advance(0);
    expect(wire.sockets.map(({ url }) => url)).toEqual([
      'ws://venue/public/stream?streams=btcusdt@bookTicker',
      'ws://venue/market/stream?streams=btcusdt@markPrice@1s',
    ]);
    const [book, mark] = wire.sockets;
    book?.events.message(
      JSON.stringify({ stream: 'btcusdt@bookTicker', data: { e: 'bookTicker', s: 'BTCUSDT', b: '50010.1', a: '50010.2' } }),
    );
    mark?.events.message(JSON.stringify({ stream: 'btcusdt@markPrice@1s', data: { e: 'markPriceUpdate', s: 'BTCUSDT', p: '50011.5' } }));
    expect(market.quote(BTC)).toMatchObject({ mark: '50011.5', bid: '50010.1', ask: '50010.2' });
  });

  test('gives closed candles only', async () => {
    const row = (t: number) => [t, '1', '3', '0.5', '2', '7', t + 59_999, '14', 4, '1', '2', '0'];
    wire.answers['GET /fapi/v1/klines'] = () => ok([row(wire.clock.now() - 60_000), row(wire.clock.now())]);
    const market = await venue.openMarket();
    market.candles(BTC, '1m', 5);
    await wire.clock.advance(0);
    expect(market.candles(BTC, '1m', 5)).toEqual([
      { symbol: BTC, interval: '1m', openTime: wire.clock.now() - 60_000, open: 1, high: 3, low: 0.5, close: 2, volume: 7 },
    ]);
  });
});

test('more than twenty symbols are refused', async () => {
  await expect(wire.open(Array.from({ length: 21 }, (_, i) => symbol(`S${i}`)))).rejects.toThrow(RangeError);
});
