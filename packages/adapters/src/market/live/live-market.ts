import {
  type Candle,
  INTERVAL_MS,
  INTERVALS,
  type Instrument,
  type Interval,
  isPositive,
  type Quote,
  type Symbol,
  type Timestamp,
} from '@hyperoru/domain';
import type { Clock, Log, MarketDataPort } from '@hyperoru/engine';
import type { MarketSource, PriceChange } from '../../exchanges/live/market-source.ts';

/** Everything is read again this often: increments move with the price, and a stream may miss something. */
const READ_MS = 30_000;
/** Listeners hear of changes at most this often. */
const TELL_MS = 250;
/** Candles kept per symbol and interval, as many as one question may ask for. */
const CANDLES_MAX = 1_000;
/** A closed candle is asked for this long after its end; venues need a moment. */
const SETTLING_MS = 2_000;

interface CandleRow {
  candles: readonly Candle[];
  readUntil: number;
  isReading: boolean;
}

/**
 * Prices of a live venue from memory. Candles of a symbol and interval are read when they are first asked for, so the first
 * answer is empty; afterwards they are read again whenever one has closed and somebody asks.
 */
export class LiveMarket implements MarketDataPort {
  readonly sourceLabel: string;
  readonly #source: MarketSource;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #instruments = new Map<Symbol, Instrument>();
  readonly #quotes = new Map<Symbol, Quote>();
  readonly #candles = new Map<string, CandleRow>();
  readonly #changed = new Set<Symbol>();
  readonly #listeners = new Set<(quotes: readonly Quote[]) => void>();
  readonly #stopped = new AbortController();
  #ends: (() => void)[] = [];

  private constructor(source: MarketSource, clock: Clock, log: Log) {
    this.sourceLabel = source.label;
    this.#source = source;
    this.#clock = clock;
    this.#log = log;
  }

  /** Reads the market once and begins to listen. Throws VenueUnavailable when the venue does not answer. */
  static async open(source: MarketSource, { clock, log }: { readonly clock: Clock; readonly log: Log }): Promise<LiveMarket> {
    const market = new LiveMarket(source, clock, log);
    await market.refresh();
    market.#ends = [
      source.listen((change) => market.#take(change)),
      clock.every(READ_MS, () => void market.refresh().catch((error: unknown) => market.#warn('market.not_read', error))),
    ];
    return market;
  }

  stop(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#stopped.abort();
  }

  /** Reads instruments and prices now. Throws VenueUnavailable when the venue does not answer. */
  async refresh(): Promise<void> {
    for (const { instrument, ...prices } of await this.#source.read()) {
      this.#instruments.set(instrument.symbol, instrument);
      this.#take({ symbol: instrument.symbol, ...prices, at: this.#clock.now() });
    }
  }

  instruments(): readonly Instrument[] {
    return [...this.#instruments.values()];
  }

  instrument(symbol: Symbol): Instrument | null {
    return this.#instruments.get(symbol) ?? null;
  }

  quote(symbol: Symbol): Quote | null {
    return this.#quotes.get(symbol) ?? null;
  }

  candles(symbol: Symbol, interval: Interval, count: number): readonly Candle[] {
    const key = `${symbol}/${interval}`;
    const row = this.#candles.get(key) ?? { candles: [], readUntil: 0, isReading: false };
    this.#candles.set(key, row);
    if (this.#instruments.has(symbol)) this.#readCandles(row, symbol, interval);
    return row.candles.slice(-count);
  }

  intervals(): readonly Interval[] {
    return INTERVALS;
  }

  marketTime(): Timestamp {
    return this.#clock.now();
  }

  onQuotes(listener: (quotes: readonly Quote[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #take({ symbol, at, ...changes }: PriceChange): void {
    const before = this.#quotes.get(symbol);
    const mark = changes.mark ?? before?.mark;
    const bid = changes.bid ?? before?.bid;
    const ask = changes.ask ?? before?.ask;
    if (mark === undefined || bid === undefined || ask === undefined || !isPositive(mark)) return;
    this.#quotes.set(symbol, { symbol, mark, bid, ask, marketTime: at, receivedAt: this.#clock.now() });
    if (this.#changed.size === 0)
      this.#clock.sleep(TELL_MS, this.#stopped.signal).then(
        () => this.#tell(),
        () => undefined,
      );
    this.#changed.add(symbol);
  }

  #tell(): void {
    const quotes = [...this.#changed].flatMap((symbol) => this.#quotes.get(symbol) ?? []);
    this.#changed.clear();
    for (const listener of this.#listeners) listener(quotes);
  }

  #readCandles(row: CandleRow, symbol: Symbol, interval: Interval): void {
    const now = this.#clock.now();
    if (row.isReading || now < row.readUntil) return;
    row.isReading = true;
    const length = INTERVAL_MS[interval];
    // The next one is there once the bar that is open now has closed.
    const next = Math.floor(now / length) * length + length + SETTLING_MS;
    this.#source
      .candles(symbol, interval, CANDLES_MAX)
      .then((candles) => {
        row.candles = candles;
        row.readUntil = next;
      })
      .catch((error: unknown) => this.#warn('market.candles_not_read', error))
      .finally(() => {
        row.isReading = false;
      });
  }

  #warn(event: string, error: unknown): void {
    this.#log.warn(event, { source: this.sourceLabel, message: error instanceof Error ? error.message : String(error) });
  }
}
