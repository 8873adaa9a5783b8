import { decimal, symbol } from '@hyperoru/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Fields, TestClient, textOf } from './test-client.ts';

const BTC = symbol('BTCUSDT');
const HOUR_MS = 3_600_000;
let client: TestClient;

beforeEach(() => {
  client = new TestClient();
});

const read = (path: string, fields: Fields = {}) => client.raw('GET', `${path}?${textOf(fields)}`);
const moveTo = (mark: string) => client.venue.movePrice(BTC, { mark: decimal(mark) });

describe('the listing', () => {
  it('tells limits, precision and filters of every symbol', () => {
    const { body } = read('/fapi/v1/exchangeInfo');
    expect(body['rateLimits']).toContainEqual({ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2400 });
    expect(body['rateLimits']).toContainEqual({ rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300 });
    expect(body['symbols']).toMatchObject([
      {
        symbol: BTC,
        status: 'TRADING',
        contractType: 'PERPETUAL',
        baseAsset: 'BTC',
        quoteAsset: 'USDT',
        pricePrecision: 2,
        quantityPrecision: 3,
        filters: [
          { filterType: 'PRICE_FILTER', minPrice: '0.1', maxPrice: '1000000', tickSize: '0.1' },
          { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '1000', stepSize: '0.001' },
          { filterType: 'MARKET_LOT_SIZE', minQty: '0.001', maxQty: '120', stepSize: '0.001' },
          { filterType: 'MAX_NUM_ORDERS', limit: 200 },
          { filterType: 'MIN_NOTIONAL', notional: '100' },
          { filterType: 'PERCENT_PRICE', multiplierUp: '1.05', multiplierDown: '0.95' },
          { filterType: 'POSITION_RISK_CONTROL' },
        ],
      },
      { symbol: 'ETHUSDT', filters: expect.arrayContaining([{ filterType: 'MIN_NOTIONAL', notional: '20' }]) },
    ]);
  });
});

describe('prices', () => {
  it('come for one symbol or for all', () => {
    expect(read('/fapi/v1/ticker/price', { symbol: BTC }).body).toMatchObject({ symbol: BTC, price: '50000' });
    expect(read('/fapi/v2/ticker/price').rows).toMatchObject([{ price: '50000' }, { price: '2500' }]);
    expect(read('/fapi/v1/ticker/bookTicker', { symbol: BTC }).body).toMatchObject({ bidPrice: '49999', askPrice: '50001' });
    expect(read('/fapi/v1/ticker/price', { symbol: 'DOGEUSDT' }).body['code']).toBe(-1121);
  });

  it('of mark and index are told apart, with the next funding', () => {
    client.venue.movePrice(BTC, { mark: decimal('50010'), oracle: decimal('50000') });
    expect(read('/fapi/v1/premiumIndex', { symbol: BTC }).body).toMatchObject({
      markPrice: '50010',
      indexPrice: '50000',
      lastFundingRate: '0.0001',
      nextFundingTime: Math.ceil(client.now() / (8 * HOUR_MS)) * 8 * HOUR_MS,
    });
    expect(read('/fapi/v1/premiumIndex').rows).toHaveLength(2);
  });

  it('of a day have open, high, low and last', () => {
    moveTo('50500');
    client.pass(60_000);
    moveTo('49500');
    expect(read('/fapi/v1/ticker/24hr', { symbol: BTC }).body).toMatchObject({
      openPrice: '50000',
      highPrice: '50500',
      lowPrice: '49500',
      lastPrice: '49500',
      priceChange: '-500',
      priceChangePercent: '-1',
    });
  });
});

describe('the book', () => {
  it('has both sides, best first, up to the limit', () => {
    const { body } = read('/fapi/v1/depth', { symbol: BTC, limit: 5 });
    const bids = body['bids'] as readonly (readonly string[])[];
    const asks = body['asks'] as readonly (readonly string[])[];
    expect([bids.length, asks.length]).toEqual([5, 5]);
    expect(bids[0]?.[0]).toBe('49999');
    expect(asks[0]?.[0]).toBe('50001');
    expect(Number(bids[1]?.[0])).toBeLessThan(Number(bids[0]?.[0]));
    expect(Number(asks[1]?.[0])).toBeGreaterThan(Number(asks[0]?.[0]));
    expect(read('/fapi/v1/depth', { symbol: BTC, limit: 7 }).body['code']).toBe(-1130);
  });
});

describe('bars', () => {
  it('are rows of twelve, oldest first, the last one forming', () => {
    const at = client.now();
    moveTo('50100');
    client.pass(60_000);
    moveTo('49900');
    const rows = read('/fapi/v1/klines', { symbol: BTC, interval: '1m' }).rows as unknown as readonly (readonly unknown[])[];
    expect(rows).toHaveLength(2);
    expect(rows[0]).toHaveLength(12);
    expect(rows[0]?.slice(0, 5)).toEqual([Math.floor(at / 60_000) * 60_000, '50000', '50100', '50000', '50100']);
    expect(rows[0]?.[6]).toBe(Math.floor(at / 60_000) * 60_000 + 59_999);
    expect(rows[1]?.slice(1, 5)).toEqual(['50100', '50100', '49900', '49900']);
  });

  it('are cut by start, end and limit', () => {
    const bars = [1, 2, 3].map((hour) => ({ openTime: hour * HOUR_MS, open: 1, high: 2, low: 1, close: 2, volume: 5, trades: 3 }));
    client.venue.candles.seed(BTC, HOUR_MS, bars);
    const times = (fields: Fields) =>
      (read('/fapi/v1/klines', { symbol: BTC, interval: '1h', endTime: 3 * HOUR_MS, ...fields }).rows as unknown as number[][]).map(
        (row) => row[0],
      );
    expect(times({})).toEqual([HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS]);
    expect(times({ limit: 2 })).toEqual([2 * HOUR_MS, 3 * HOUR_MS]);
    expect(times({ startTime: HOUR_MS, limit: 2 })).toEqual([HOUR_MS, 2 * HOUR_MS]);
    expect(times({ startTime: HOUR_MS + 1 })).toEqual([2 * HOUR_MS, 3 * HOUR_MS]);
  });

  it('need an interval that exists', () => {
    expect(read('/fapi/v1/klines', { symbol: BTC, interval: '7m' }).body['code']).toBe(-1120);
    expect(read('/fapi/v1/klines', { symbol: BTC }).body['code']).toBe(-1120);
  });
});

describe('funding rates', () => {
  it('are one row per boundary of eight hours', () => {
    const rows = read('/fapi/v1/fundingRate', { symbol: BTC, limit: 3 }).rows;
    expect(rows).toHaveLength(3);
    expect(rows.map((row) => Number(row['fundingTime']) % (8 * HOUR_MS))).toEqual([0, 0, 0]);
    expect(Number(rows[2]?.['fundingTime'])).toBeLessThanOrEqual(client.now());
    expect(rows[0]).toMatchObject({ symbol: BTC, fundingRate: '0.0001' });
    expect(read('/fapi/v1/fundingRate', { symbol: BTC, startTime: client.now() }).rows).toEqual([]);
    expect(read('/fapi/v1/fundingInfo').rows).toMatchObject([{ symbol: BTC, fundingIntervalHours: 8 }, {}]);
  });
});
