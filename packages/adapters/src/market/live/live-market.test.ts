import { type Candle, decimal, type Instrument, symbol, timestamp } from '@hyperoru/domain';
import { FakeClock, memoryLog } from '@hyperoru/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import type { MarketReading, MarketSource, PriceChange } from '../../exchanges/live/market-source.ts';
import { LiveMarket } from './live-market.ts';

const BTC = symbol('BTC');
const INSTRUMENT: Instrument = {
  symbol: BTC,
  quoteCurrency: 'USDC',
  priceIncrement: decimal('1'),
  sizeIncrement: decimal('0.001'),
  quantityMin: decimal('0.001'),
  notionalMin: decimal('10'),
  leverageMax: 40,
  maintenanceMarginRate: decimal('0.0125'),
  takerFeeRate: decimal('0.0005'),
  makerFeeRate: decimal('0.0002'),
};
const reading = (mark: string): MarketReading => ({ instrument: INSTRUMENT, mark: decimal(mark), bid: decimal('99'), ask: decimal('101') });
const candle = (openTime: number): Candle => ({
  symbol: BTC,
  interval: '1m',
  openTime: timestamp(openTime),
  open: 1,
  high: 2,
  low: 1,
  close: 2,
  volume: 5,
});

let clock: FakeClock;
let tell: (change: PriceChange) => void;
let isListening: boolean;
let read: () => Promise<readonly MarketReading[]>;
let candles: readonly Candle[];
let candlesAsked: number;
let market: LiveMarket;

const source: MarketSource = {
  label: 'test',
  read: () => read(),
  candles: async () => {
    candlesAsked += 1;
    return candles;
  },
  listen: (onChange) => {
    isListening = true;
    tell = onChange;
    return () => {
      isListening = false;
    };
  },
};

beforeEach(async () => {
  clock = new FakeClock();
  candles = [];
  candlesAsked = 0;
  read = async () => [reading('100')];
  market = await LiveMarket.open(source, { clock, log: memoryLog() });
});

test('opens with instruments and quotes', () => {
  expect(market.instruments()).toEqual([INSTRUMENT]);
  expect(market.instrument(symbol('ETH'))).toBeNull();
  expect(market.quote(BTC)).toEqual({ symbol: BTC, mark: '100', bid: '99', ask: '101', marketTime: clock.now(), receivedAt: clock.now() });
  expect(market.quote(symbol('ETH'))).toBeNull();
});

test('does not open while the venue does not answer', async () => {
  read = () => Promise.reject(new Error('down'));
  await expect(LiveMarket.open(source, { clock, log: memoryLog() })).rejects.toThrow('down');
});

describe('a change', () => {
  test('replaces what it tells and keeps the rest', async () => {
    await clock.advance(10);
    tell({ symbol: BTC, mark: decimal('105'), at: timestamp(5) });
    expect(market.quote(BTC)).toEqual({ symbol: BTC, mark: '105', bid: '99', ask: '101', marketTime: 5, receivedAt: clock.now() });
  });

  test('of a symbol without a first quote is no quote, nor is a mark of zero', () => {
    tell({ symbol: symbol('ETH'), mark: decimal('5'), at: timestamp(5) });
    tell({ symbol: BTC, mark: decimal('0'), at: timestamp(5) });
    expect(market.quote(symbol('ETH'))).toBeNull();
    expect(market.quote(BTC)?.mark).toBe('100');
  });

  test('reaches listeners within a quarter of a second, several at once', async () => {
    const heard: string[][] = [];
    const end = market.onQuotes((quotes) => heard.push(quotes.map(({ mark }) => mark)));
    await clock.advance(250);
    tell({ symbol: BTC, mark: decimal('101'), at: timestamp(5) });
    tell({ symbol: BTC, mark: decimal('102'), at: timestamp(6) });
    await clock.advance(249);
    expect(heard).toEqual([['100']]);
    await clock.advance(1);
    expect(heard).toEqual([['100'], ['102']]);
    end();
    tell({ symbol: BTC, mark: decimal('103'), at: timestamp(7) });
    await clock.advance(250);
    expect(heard).toHaveLength(2);
  });
});

test('everything is read again every 30 s, and a failure changes nothing', async () => {
  read = async () => [reading('110')];
  await clock.advance(30_000);
  expect(market.quote(BTC)?.mark).toBe('110');
  read = () => Promise.reject(new Error('down'));
  await clock.advance(30_000);
  expect(market.quote(BTC)?.mark).toBe('110');
});

describe('candles', () => {
  test('are read when first asked for, and again once one has closed', async () => {
    candles = [candle(0), candle(60_000)];
    expect(market.candles(BTC, '1m', 1)).toEqual([]);
    await clock.advance(0);
    expect(market.candles(BTC, '1m', 1)).toEqual([candle(60_000)]);
    expect(market.candles(BTC, '1m', 10)).toHaveLength(2);
    await clock.advance(61_999);
    market.candles(BTC, '1m', 1);
    expect(candlesAsked).toBe(1);
    await clock.advance(1);
    market.candles(BTC, '1m', 1);
    expect(candlesAsked).toBe(2);
  });

  test('of a symbol that is not traded are none', async () => {
    market.candles(symbol('ETH'), '1m', 1);
    await clock.advance(0);
    expect(candlesAsked).toBe(0);
  });
});

test('stopped, it neither listens nor reads', async () => {
  market.stop();
  await clock.advance(60_000);
  expect(isListening).toBe(false);
  expect(clock.waiting).toBe(0);
});
