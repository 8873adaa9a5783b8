import { type Symbol, ZERO } from '@hyperoru/domain';
import type { DepthUpdate } from './depth-chains.ts';
import type { Desk } from './desk.ts';
import { barMsOf, barTexts, bestOf, nextFundingTime } from './market-routes.ts';
import type { KnownSymbol } from './symbols.ts';

/** The routed paths of market data: what a path does not carry stays silent on it. */
export type MarketRoute = 'public' | 'market';

/** One subscribed stream of market data. */
export interface MarketStream {
  readonly name: string;
  readonly route: MarketRoute;
  /** null = all symbols in one list. */
  readonly symbol: Symbol | null;
  readonly kind: 'markPrice' | 'bookTicker' | 'depth' | 'partialDepth' | 'aggTrade' | 'kline';
  readonly interval: string;
  readonly levels: number;
  /** Repeated in silence after this long, ms; 0 = only when something changes. */
  readonly everyMs: number;
}

/** A move of one price, as streams tell of it. */
export interface PriceUpdate {
  readonly symbol: Symbol;
  readonly depth: DepthUpdate | null;
  readonly tradeId: number;
}

const STREAM =
  /^(?:!(?<all>markPrice|bookTicker)(?:@arr)?|(?<symbol>[a-z0-9]+)@(?<kind>markPrice|bookTicker|depth|aggTrade|kline)(?<detail>\d*)(?:_(?<interval>\w+))?)(?:@(?<speed>\w+))?$/;
const MARK_EVERY_MS = 3000;
const MARK_EVERY_FAST_MS = 1000;
const PARTIAL_LEVELS = [5, 10, 20];

/** The stream of this name; null when the venue has none. */
export function marketStream(desk: Desk, name: string): MarketStream | null {
  const parts = STREAM.exec(name)?.groups;
  if (parts === undefined) return null;
  const symbol = parts['symbol'] === undefined ? null : desk.symbols.get(parts['symbol'].toUpperCase());
  const kind = kindOf(parts['all'] ?? parts['kind'] ?? '', parts['detail'] ?? '');
  const interval = parts['interval'] ?? '';
  if (kind === null || (symbol === null && parts['all'] === undefined)) return null;
  if ((kind === 'kline') !== (barMsOf(interval) !== null)) return null;
  return {
    name,
    route: kind === 'bookTicker' || kind === 'depth' || kind === 'partialDepth' ? 'public' : 'market',
    symbol: symbol?.name ?? null,
    kind,
    interval,
    levels: Number(parts['detail'] ?? 0),
    everyMs: kind !== 'markPrice' ? 0 : parts['speed'] === '1s' ? MARK_EVERY_FAST_MS : MARK_EVERY_MS,
  };
}

function kindOf(word: string, detail: string): MarketStream['kind'] | null {
  if (word === 'depth') return detail === '' ? 'depth' : PARTIAL_LEVELS.includes(Number(detail)) ? 'partialDepth' : null;
  if (detail !== '') return null;
  return word === 'markPrice' || word === 'bookTicker' || word === 'aggTrade' || word === 'kline' ? word : null;
}

/** What the stream tells of a move of a price; null when it is not about it. */
export function marketEvent(desk: Desk, stream: MarketStream, update: PriceUpdate): object | null {
  if (stream.symbol !== null && stream.symbol !== update.symbol) return null;
  const symbol = desk.symbols.get(update.symbol);
  if (symbol === null) return null;
  switch (stream.kind) {
    case 'markPrice':
      return stream.symbol === null ? [markPriceEvent(desk, symbol)] : markPriceEvent(desk, symbol);
    case 'bookTicker':
      return bookTickerEvent(desk, symbol);
    case 'depth':
      return update.depth === null ? null : depthEvent(desk, symbol, update.depth);
    case 'partialDepth':
      return partialDepthEvent(desk, symbol, stream.levels, update.depth);
    case 'aggTrade':
      return tradeEvent(desk, symbol, update.tradeId);
    case 'kline':
      return klineEvent(desk, symbol, stream.interval);
  }
}

/** What the stream repeats in silence. */
export function repeatedEvent(desk: Desk, stream: MarketStream): object | null {
  if (stream.symbol === null) return desk.symbols.all().map((symbol) => markPriceEvent(desk, symbol));
  const symbol = desk.symbols.get(stream.symbol);
  return symbol === null ? null : markPriceEvent(desk, symbol);
}

function markPriceEvent({ venue }: Desk, symbol: KnownSymbol): object {
  const price = venue.market.price(symbol.name);
  const now = venue.now();
  return {
    e: 'markPriceUpdate',
    E: now,
    s: symbol.name,
    p: price?.mark ?? ZERO,
    i: price?.oracle ?? ZERO,
    P: price?.oracle ?? ZERO,
    r: symbol.fundingRate,
    T: nextFundingTime(symbol, now),
  };
}

function bookTickerEvent(desk: Desk, { name }: KnownSymbol): object {
  const { lastUpdateId, bidPrice, bidQty, askPrice, askQty } = bestOf(desk, name);
  const now = desk.venue.now();
  return { e: 'bookTicker', u: lastUpdateId, E: now, T: now, s: name, b: bidPrice, B: bidQty, a: askPrice, A: askQty };
}

function depthEvent({ venue }: Desk, { name }: KnownSymbol, { U, u, pu, bids, asks }: DepthUpdate): object {
  return { e: 'depthUpdate', E: venue.now(), T: venue.now(), s: name, U, u, pu, b: bids, a: asks };
}

function partialDepthEvent(desk: Desk, symbol: KnownSymbol, levels: number, update: DepthUpdate | null): object {
  const { lastUpdateId, bids, asks } = desk.depth.snapshot(symbol.name);
  const ids = { U: update?.U ?? lastUpdateId, u: lastUpdateId, pu: update?.pu ?? lastUpdateId };
  return depthEvent(desk, symbol, { ...ids, bids: bids.slice(0, levels), asks: asks.slice(0, levels) });
}

/** One trade of others at the mark. */
function tradeEvent({ venue }: Desk, { name, instrument }: KnownSymbol, id: number): object {
  const now = venue.now();
  const p = venue.market.price(name)?.mark ?? ZERO;
  return { e: 'aggTrade', E: now, a: id, s: name, p, q: instrument.quantityMin, f: id, l: id, T: now, m: false };
}

function klineEvent({ venue }: Desk, { name }: KnownSymbol, interval: string): object | null {
  const barMs = barMsOf(interval);
  const now = venue.now();
  const bar = barMs === null ? undefined : venue.candles.bars(name, barMs, now - barMs, now).at(-1);
  if (bar === undefined || barMs === null) return null;
  const texts = barTexts(bar);
  const k = {
    t: bar.openTime,
    T: bar.openTime + barMs - 1,
    s: name,
    i: interval,
    f: 1,
    L: bar.trades,
    o: texts.open,
    c: texts.close,
    h: texts.high,
    l: texts.low,
    v: texts.volume,
    n: bar.trades,
    x: false,
    q: texts.quoteVolume,
    V: texts.takerVolume,
    Q: texts.takerQuoteVolume,
    B: '0',
  };
  return { e: 'kline', E: now, s: name, k };
}
