import { type Candle, INTERVAL_MS, type Interval, type Symbol, timestamp } from '@hyperoru/domain';
import type { Clock } from '@hyperoru/engine';
import type { MarketReading, MarketSource, PriceChange } from '../live/market-source.ts';
import type { StartStream } from '../live/stream-port.ts';
import { jsonOf } from './answer.ts';
import type { BinanceApi } from './api.ts';
import { InstrumentList, symbolOf, wireSymbol } from './instruments.ts';
import { BOOK_TICKER, BOOK_TICKERS, KLINES, MARK_PRICE, PREMIUMS, STREAMED } from './wire.ts';

export interface BinanceMarketDeps {
  readonly api: BinanceApi;
  readonly clock: Clock;
  readonly wsUrl: string;
  readonly startStream: StartStream;
  readonly symbols: readonly Symbol[];
}

/** Prices of Binance USDT perpetuals: read all at once, then heard: best prices and marks on the two routes they have. */
export class BinanceMarketSource implements MarketSource {
  readonly label = 'Binance';
  readonly #deps: BinanceMarketDeps;
  readonly #instruments: InstrumentList;

  constructor(deps: BinanceMarketDeps) {
    this.#deps = deps;
    this.#instruments = new InstrumentList(deps.api);
  }

  /** Throws VenueUnavailable. */
  async read(): Promise<readonly MarketReading[]> {
    const { api, symbols } = this.#deps;
    const [instruments, books, premiums] = await Promise.all([
      this.#instruments.all(),
      api.readPublic('/fapi/v1/ticker/bookTicker', {}, BOOK_TICKERS),
      api.readPublic('/fapi/v1/premiumIndex', {}, PREMIUMS),
    ]);
    const bookOf = new Map(books.map((book) => [book.symbol, book]));
    const markOf = new Map(premiums.map(({ symbol, markPrice }) => [symbol, markPrice]));
    return symbols.flatMap((name) => {
      const instrument = instruments.get(name);
      const book = bookOf.get(wireSymbol(name));
      const mark = markOf.get(wireSymbol(name));
      if (instrument === undefined || book === undefined || mark === undefined) return [];
      return [{ instrument, mark, bid: book.bidPrice, ask: book.askPrice }];
    });
  }

  async candles(name: Symbol, interval: Interval, count: number): Promise<readonly Candle[]> {
    const now = this.#deps.clock.now();
    const parameters = {
      symbol: wireSymbol(name),
      interval,
      startTime: Math.max(0, now - (count + 1) * INTERVAL_MS[interval]),
      limit: count + 1,
    };
    const rows = await this.#deps.api.readPublic('/fapi/v1/klines', parameters, KLINES);
    const closed = rows.filter(([, , , , , , closeTime]) => closeTime < now);
    return closed.slice(-count).map(([openTime, open, high, low, close, volume]) => ({
      symbol: name,
      interval,
      openTime: timestamp(openTime),
      open: Number(open),
      high: Number(high),
      low: Number(low),
      close: Number(close),
      volume: Number(volume),
    }));
  }

  listen(onChange: (change: PriceChange) => void): () => void {
    const names = this.#deps.symbols.map((name) => wireSymbol(name).toLowerCase());
    const streams = [
      this.#follow(
        'public',
        names.map((name) => `${name}@bookTicker`),
        onChange,
      ),
      this.#follow(
        'market',
        names.map((name) => `${name}@markPrice@1s`),
        onChange,
      ),
    ];
    return () => {
      for (const stop of streams) stop();
    };
  }

  #follow(route: 'public' | 'market', names: readonly string[], onChange: (change: PriceChange) => void): () => void {
    const stream = this.#deps.startStream({
      name: `binance/${route}`,
      url: async () => `${this.#deps.wsUrl}/${route}/stream?streams=${names.join('/')}`,
      keepAlive: null,
      onOpen: () => undefined,
      onMessage: (text) => {
        const change = this.#changeOf(text);
        if (change !== null) onChange(change);
      },
    });
    return () => stream.stop();
  }

  #changeOf(text: string): PriceChange | null {
    const streamed = STREAMED.safeParse(jsonOf(text));
    if (!streamed.success) return null;
    const { stream, data } = streamed.data;
    const name = symbolOf(stream.slice(0, stream.indexOf('@')).toUpperCase());
    if (name === null) return null;
    const at = this.#deps.clock.now();
    const book = stream.endsWith('@bookTicker') ? BOOK_TICKER.safeParse(data) : null;
    if (book?.success === true) return { symbol: name, bid: book.data.b, ask: book.data.a, at };
    const mark = MARK_PRICE.safeParse(data);
    return mark.success ? { symbol: name, mark: mark.data.p, at } : null;
  }
}
