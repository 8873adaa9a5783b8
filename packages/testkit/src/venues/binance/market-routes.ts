import { type Decimal, decimal, decimalFromNumber, div, mul, round, sub, ZERO } from '@hyperoru/domain';
import type { VenueBar } from '../core/candle-history.ts';
import { ApiError, apiError } from './api-error.ts';
import { type Answer, type Call, type Desk, symbolOfCall, symbolsOfCall } from './desk.ts';
import type { KnownSymbol } from './symbols.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Bars per answer. */
const BARS_DEFAULT = 500;
const BARS_MAX = 1500;
const FUNDING_ROWS_DEFAULT = 100;
const FUNDING_ROWS_MAX = 1000;
const DEPTH_LIMITS = [5, 10, 20, 50, 100, 500, 1000];
const DEPTH_DEFAULT = 500;
const BAR_PLACES = 8;
/** Interest of one funding interval, as the venue's `interestRate`. */
const INTEREST_RATE = '0.0001';

const BAR_MS: Readonly<Record<string, number>> = {
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': 7 * DAY_MS,
};

/** null when the venue has no such interval. */
export const barMsOf = (interval: string): number | null => BAR_MS[interval] ?? null;

export const ping = (): Answer => ({});
export const getTime = ({ desk }: Call): Answer => ({ serverTime: desk.venue.now() });

/** `GET /fapi/v1/depth`. */
export function getDepth(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const limit = call.params.integer('limit') ?? DEPTH_DEFAULT;
  if (!DEPTH_LIMITS.includes(limit)) return apiError(-1130, 'limit');
  const { lastUpdateId, bids, asks } = call.desk.depth.snapshot(symbol.name);
  const now = call.desk.venue.now();
  return { lastUpdateId, E: now, T: now, bids: bids.slice(0, limit), asks: asks.slice(0, limit) };
}

/** `GET /fapi/v1/klines`: oldest first, the last one still forming. */
export function getKlines(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const barMs = barMsOf(call.params.text('interval') ?? '');
  if (barMs === null) return apiError(-1120);
  const since = call.params.integer('startTime');
  const until = call.params.integer('endTime') ?? Number.MAX_SAFE_INTEGER;
  const limit = Math.min(call.params.integer('limit') ?? BARS_DEFAULT, BARS_MAX);
  const bars = call.desk.venue.candles.bars(symbol.name, barMs, since ?? 0, until);
  return (since === null ? bars.slice(-limit) : bars.slice(0, limit)).map((bar) => klineRow(bar, barMs));
}

function klineRow(bar: VenueBar, barMs: number): readonly (string | number)[] {
  const { open, high, low, close, volume, quoteVolume, takerVolume, takerQuoteVolume } = barTexts(bar);
  const closeTime = bar.openTime + barMs - 1;
  return [bar.openTime, open, high, low, close, volume, closeTime, quoteVolume, bar.trades, takerVolume, takerQuoteVolume, '0'];
}

/** The numbers of a bar as the venue writes them. Half of the volume counts as bought by takers. */
export function barTexts(bar: VenueBar) {
  const text = (value: number): Decimal => decimalFromNumber(value, BAR_PLACES);
  const volume = text(bar.volume);
  const quoteVolume = mul(volume, text(bar.close));
  const half = decimal('0.5');
  return {
    open: text(bar.open),
    high: text(bar.high),
    low: text(bar.low),
    close: text(bar.close),
    volume,
    quoteVolume,
    takerVolume: mul(volume, half),
    takerQuoteVolume: mul(quoteVolume, half),
  };
}

/** `GET /fapi/v1/premiumIndex`: one object for one symbol, a list for all. */
export function getPremiumIndex(call: Call): Answer {
  return perSymbol(call, (symbol) => {
    const price = call.desk.venue.market.price(symbol.name);
    return {
      symbol: symbol.name,
      markPrice: price?.mark ?? ZERO,
      indexPrice: price?.oracle ?? ZERO,
      estimatedSettlePrice: price?.oracle ?? ZERO,
      lastFundingRate: symbol.fundingRate,
      interestRate: INTEREST_RATE,
      nextFundingTime: nextFundingTime(symbol, call.desk.venue.now()),
      time: call.desk.venue.now(),
    };
  });
}

/** The next boundary of the symbol's funding interval. */
export function nextFundingTime({ fundingEveryHours }: KnownSymbol, now: number): number {
  const everyMs = fundingEveryHours * HOUR_MS;
  return (Math.floor(now / everyMs) + 1) * everyMs;
}

/** `GET /fapi/v1/fundingRate`: past boundaries at the rate of today, oldest first. */
export function getFundingRate(call: Call): Answer {
  const symbols = symbolsOfCall(call);
  if (symbols instanceof ApiError) return symbols;
  const now = call.desk.venue.now();
  const until = Math.min(call.params.integer('endTime') ?? now, now);
  const limit = Math.min(call.params.integer('limit') ?? FUNDING_ROWS_DEFAULT, FUNDING_ROWS_MAX);
  const rows = symbols.flatMap((symbol) => {
    const everyMs = symbol.fundingEveryHours * HOUR_MS;
    const last = Math.floor(until / everyMs) * everyMs;
    const since = Math.max(call.params.integer('startTime') ?? 0, last - (limit - 1) * everyMs);
    const first = Math.ceil(since / everyMs) * everyMs;
    const count = Math.max(0, Math.floor((last - first) / everyMs) + 1);
    const markPrice = call.desk.venue.market.price(symbol.name)?.mark ?? ZERO;
    return Array.from({ length: count }, (_, index) => ({
      symbol: symbol.name,
      fundingTime: first + index * everyMs,
      fundingRate: symbol.fundingRate,
      markPrice,
    }));
  });
  return rows.sort((a, b) => a.fundingTime - b.fundingTime).slice(-limit);
}

/** `GET /fapi/v1/fundingInfo`. */
export function getFundingInfo({ desk }: Call): Answer {
  return desk.symbols.all().map((symbol) => ({
    symbol: symbol.name,
    adjustedFundingRateCap: '0.02',
    adjustedFundingRateFloor: '-0.02',
    fundingIntervalHours: symbol.fundingEveryHours,
    disclaimer: false,
  }));
}

/** `GET /fapi/v1/ticker/price` and `/fapi/v2/ticker/price`. */
export const getPriceTicker = (call: Call): Answer =>
  perSymbol(call, ({ name }) => ({
    symbol: name,
    price: call.desk.venue.market.price(name)?.mark ?? ZERO,
    time: call.desk.venue.now(),
  }));

/** `GET /fapi/v1/ticker/bookTicker`. */
export const getBookTicker = (call: Call): Answer =>
  perSymbol(call, ({ name }) => {
    const { bidPrice, bidQty, askPrice, askQty, lastUpdateId } = bestOf(call.desk, name);
    return { symbol: name, bidPrice, bidQty, askPrice, askQty, lastUpdateId, time: call.desk.venue.now() };
  });

/** The best level of each side; zeros when the book is empty. */
export function bestOf(desk: Desk, name: KnownSymbol['name']) {
  const { lastUpdateId, bids, asks } = desk.depth.snapshot(name);
  const [bidPrice, bidQty] = bids[0] ?? ['0', '0'];
  const [askPrice, askQty] = asks[0] ?? ['0', '0'];
  return { lastUpdateId, bidPrice, bidQty, askPrice, askQty };
}

/** `GET /fapi/v1/ticker/24hr`. */
export const getDayTicker = (call: Call): Answer =>
  perSymbol(call, ({ name }) => {
    const now = call.desk.venue.now();
    const minutes = call.desk.venue.candles.bars(name, 60_000, now - DAY_MS, now);
    const first = minutes[0];
    const last = call.desk.venue.market.price(name)?.mark ?? ZERO;
    const opened = first === undefined ? last : decimalFromNumber(first.open, BAR_PLACES);
    const change = sub(last, opened);
    const volume = decimalFromNumber(
      minutes.reduce((total, bar) => total + bar.volume, 0),
      BAR_PLACES,
    );
    return {
      symbol: name,
      priceChange: change,
      priceChangePercent: opened === ZERO ? ZERO : round(mul(div(change, opened), decimal('100')), 3),
      weightedAvgPrice: last,
      lastPrice: last,
      lastQty: '1',
      openPrice: opened,
      highPrice: decimalFromNumber(Math.max(...minutes.map((bar) => bar.high), Number(last)), BAR_PLACES),
      lowPrice: decimalFromNumber(Math.min(...minutes.map((bar) => bar.low), Number(last)), BAR_PLACES),
      volume,
      quoteVolume: mul(volume, last),
      openTime: now - DAY_MS,
      closeTime: now,
      firstId: 1,
      lastId: minutes.length,
      count: minutes.length,
    };
  });

/** One object when the request names a symbol, else a list. */
function perSymbol(call: Call, show: (symbol: KnownSymbol) => object): Answer {
  const symbols = symbolsOfCall(call);
  if (symbols instanceof ApiError) return symbols;
  const [first] = symbols;
  return call.params.has('symbol') && first !== undefined ? show(first) : symbols.map(show);
}
