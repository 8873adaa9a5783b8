import {
  bestPrices,
  type Candle,
  type Decimal,
  decimal,
  type Instrument,
  type Interval,
  type Json,
  type MatchingRules,
  max,
  min,
  type PriceStep,
  type Quote,
  type Symbol,
  type Timestamp,
  timestamp,
} from '@hyperoru/domain';
import type { Clock, MarketDataPort } from '@hyperoru/engine';

/** Market time at which a script begins: 2021-01-01T00:00:00Z. */
export const SCRIPT_START: Timestamp = timestamp(1_609_459_200_000);

/** A market whose prices the test sets by hand; market time moves only when the test says so. */
export class ScriptedMarket implements MarketDataPort {
  readonly sourceLabel = 'script of a test';
  readonly #rules: ReadonlyMap<Symbol, MatchingRules>;
  readonly #clock: Clock;
  readonly #quotes = new Map<Symbol, Quote>();
  readonly #candles: Candle[] = [];
  readonly #stepListeners = new Set<(steps: readonly PriceStep[]) => Promise<void>>();
  readonly #quoteListeners = new Set<(quotes: readonly Quote[]) => void>();
  #marketTime: Timestamp;

  constructor(options: { readonly rules: ReadonlyMap<Symbol, MatchingRules>; readonly clock: Clock; readonly saved?: Json | null }) {
    this.#rules = options.rules;
    this.#clock = options.clock;
    const saved = options.saved as
      | { readonly marketTime: Timestamp; readonly marks: readonly (readonly [Symbol, Decimal])[] }
      | null
      | undefined;
    this.#marketTime = saved?.marketTime ?? SCRIPT_START;
    for (const [symbol, mark] of saved?.marks ?? []) this.#quote(symbol, mark);
  }

  /** Moves the mark in one step; everyone who follows has settled it when the promise resolves. */
  async setMark(symbol: Symbol, mark: string, between: { readonly low?: string; readonly high?: string } = {}): Promise<void> {
    const to = decimal(mark);
    const from = this.#quotes.get(symbol)?.mark ?? to;
    const low = between.low === undefined ? min(from, to) : decimal(between.low);
    const high = between.high === undefined ? max(from, to) : decimal(between.high);
    await this.#tell({ symbol, open: from, low, high, mark: to });
  }

  /** Jumps: no price between the last mark and this one was ever seen. */
  async gapTo(symbol: Symbol, mark: string): Promise<void> {
    const to = decimal(mark);
    await this.#tell({ symbol, open: to, low: to, high: to, mark: to });
  }

  /** Lets market time pass and repeats every mark. */
  async passMarketTime(ms: number): Promise<void> {
    this.#marketTime = timestamp(this.#marketTime + ms);
    for (const { symbol, mark } of [...this.#quotes.values()]) await this.#tell({ symbol, open: mark, low: mark, high: mark, mark });
  }

  /** Adds closed candles, oldest first. */
  addCandles(...candles: readonly Candle[]): void {
    this.#candles.push(...candles);
  }

  savedState(): { readonly id: string; readonly state: Json } {
    const marks = [...this.#quotes.values()].map((quote) => [quote.symbol, quote.mark]);
    return { id: 'script', state: { marketTime: this.#marketTime, marks } };
  }

  instruments(): readonly Instrument[] {
    return [...this.#rules.values()].map((rules) => rules.instrument);
  }

  instrument(symbol: Symbol): Instrument | null {
    return this.#rules.get(symbol)?.instrument ?? null;
  }

  quote(symbol: Symbol): Quote | null {
    return this.#quotes.get(symbol) ?? null;
  }

  candles(symbol: Symbol, interval: Interval, count: number): readonly Candle[] {
    return this.#candles.filter((candle) => candle.symbol === symbol && candle.interval === interval).slice(-count);
  }

  intervals(): readonly Interval[] {
    return [...new Set(this.#candles.map((candle) => candle.interval))];
  }

  marketTime(): Timestamp {
    return this.#marketTime;
  }

  onSteps(listener: (steps: readonly PriceStep[]) => Promise<void>): () => void {
    this.#stepListeners.add(listener);
    return () => void this.#stepListeners.delete(listener);
  }

  onQuotes(listener: (quotes: readonly Quote[]) => void): () => void {
    this.#quoteListeners.add(listener);
    return () => void this.#quoteListeners.delete(listener);
  }

  async #tell(step: PriceStep): Promise<void> {
    const quote = this.#quote(step.symbol, step.mark);
    await Promise.all([...this.#stepListeners].map((listener) => listener([step])));
    for (const listener of this.#quoteListeners) listener([quote]);
  }

  #quote(symbol: Symbol, mark: Decimal): Quote {
    const rules = this.#rules.get(symbol);
    if (rules === undefined) throw new Error(`Expected rules of ${symbol}, found none.`);
    const quote = { symbol, ...bestPrices(mark, rules), mark, marketTime: this.#marketTime, receivedAt: this.#clock.now() };
    this.#quotes.set(symbol, quote);
    return quote;
  }
}
