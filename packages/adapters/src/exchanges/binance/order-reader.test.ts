import { timestamp } from '@hyperoru/domain';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  algoOrder,
  CLIENT_ID,
  ok,
  position,
  refusal,
  ScriptedBinance,
  TRADER,
  trade,
  wireOrder,
} from '../../../../../tests/setup/scripted-binance.ts';
import type { BinanceVenue } from '../../open-binance.ts';

let wire: ScriptedBinance;
let venue: BinanceVenue;

beforeEach(async () => {
  wire = new ScriptedBinance();
  venue = await wire.open();
});

describe('an order is found', () => {
  test('among the plain ones without being known', async () => {
    wire.answers['GET /fapi/v1/order'] = (parameters) =>
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
    wire.answers['GET /fapi/v1/algoOrder'] = () => ok(algoOrder({ algoStatus, actualOrderId }));
    wire.answers['GET /fapi/v1/order'] = ({ orderId }) =>
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
    wire.answers['GET /fapi/v1/algoOrder'] = () => ({ status: 502, body: '<html>' });
    await expect(venue.exchange.findOrder(TRADER, CLIENT_ID)).rejects.toMatchObject({ name: 'VenueUnavailable' });
  });
});

describe('fills', () => {
  test('carry the client order id of their order, asked for once', async () => {
    wire.answers['GET /fapi/v1/userTrades'] = () => ok([trade(wire.clock.now()), trade(wire.clock.now(), { id: 12 })]);
    wire.answers['GET /fapi/v1/order'] = () => ok(wireOrder());
    const fills = await venue.exchange.fillsSince(TRADER, timestamp(wire.clock.now() - 1000));
    expect(fills.map(({ clientOrderId, tradeId, fee }) => [clientOrderId, tradeId, fee])).toEqual([
      [CLIENT_ID, 'BTCUSDT-11', '2.499525'],
      [CLIENT_ID, 'BTCUSDT-12', '2.499525'],
    ]);
    expect(wire.calls.filter((call) => call === 'GET /fapi/v1/order')).toHaveLength(1);
  });

  test('of a fired trigger carry the client id of the trigger', async () => {
    wire.answers['GET /fapi/v1/userTrades'] = () => ok([trade(wire.clock.now(), { orderId: 9 })]);
    wire.answers['GET /fapi/v1/order'] = () => ok(wireOrder({ orderId: 9, clientOrderId: 'x-venue-made', type: 'MARKET' }));
    wire.answers['GET /fapi/v1/allAlgoOrders'] = () => ok([algoOrder({ algoStatus: 'FINISHED', actualOrderId: '9' })]);
    expect(await venue.exchange.fillsSince(TRADER, timestamp(wire.clock.now() - 1000))).toMatchObject([{ clientOrderId: CLIENT_ID }]);
  });

  test('of a liquidation are told as such', async () => {
    wire.answers['GET /fapi/v1/userTrades'] = () => ok([trade(wire.clock.now())]);
    wire.answers['GET /fapi/v1/order'] = () => ok(wireOrder({ clientOrderId: 'autoclose-1', type: 'LIMIT' }));
    expect(await venue.exchange.fillsSince(TRADER, timestamp(wire.clock.now() - 1000))).toMatchObject([{ isLiquidation: true }]);
  });

  test('of long ago are read by number, page by page', async () => {
    const all = Array.from({ length: 1500 }, (_, i) => trade(1000 + i, { id: i + 1 }));
    wire.answers['GET /fapi/v1/order'] = () => ok(wireOrder());
    wire.answers['GET /fapi/v1/userTrades'] = ({ fromId }) => ok(all.filter(({ id }) => Number(id) >= Number(fromId)).slice(0, 1000));
    expect(await venue.exchange.fillsSince(TRADER, timestamp(1001))).toHaveLength(1499);
  });
});

test('an account tells positions with their leverage, and equity that fits them', async () => {
  wire.answers['GET /fapi/v3/account'] = () => ok({ totalWalletBalance: '10000.00', availableBalance: '9390.00' });
  wire.answers['GET /fapi/v3/positionRisk'] = () => ok([position()]);
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
  wire.answers['GET /fapi/v1/income'] = () =>
    ok([
      { symbol: 'BTCUSDT', incomeType: 'FUNDING_FEE', income: '-1.5', asset: 'USDT', time: 28_800_003, tranId: 1 },
      { symbol: 'BTCUSDT', incomeType: 'FUNDING_FEE', income: '2', asset: 'USDT', time: 57_600_000, tranId: 2 },
    ]);
  wire.answers['GET /fapi/v1/fundingRate'] = () => ok([{ symbol: 'BTCUSDT', fundingRate: '0.00010000', fundingTime: 28_800_000 }]);
  expect(await venue.exchange.fundingSince(TRADER, timestamp(0))).toEqual([
    { fundingId: 'BTCUSDT-1', symbol: 'BTC', amount: '-1.5', rate: '0.0001', at: 28_800_003 },
    { fundingId: 'BTCUSDT-2', symbol: 'BTC', amount: '2', rate: '0', at: 57_600_000 },
  ]);
});
