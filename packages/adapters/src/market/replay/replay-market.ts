import {
  bestPrices,
  type Candle,
  type Decimal,
  decimalFromNumber,
  INTERVAL_MS,
  INTERVALS,
  type Instrument,
  type Interval,
  type Json,
  type MatchingRules,
  type PriceStep,
  type Quote,
  type Symbol,
  type Timestamp,
  timestamp,
  toNumber,
} from '@hyperoru/domain';
import type { Clock, Log, MarketDataPort } from '@hyperoru/engine';
import { aggregateCandles } from './aggregate-candles.ts';
import { type PathPiece, pathPiece, priceAt } from './bar-path.ts';
import { type CandleSeries, candleAt, closedCandles, indexOfOpen, rowsUntil } from './candle-series.ts';
import { ReplayTimeline, type Segment, SLOTS_PER_ADVANCE_MAX } from './replay-cursor.ts';

/** Id under which the cursor is stored. */
export const REPLAY_MARKET_ID = 'replay';
const CANDLES_MAX = 1000;
/** Recorded prices have at most 8 places. */
const PRICE_PLACES = 8;

export interface ReplayOptions {
  readonly series: readonly CandleSeries[];
  readonly rules: ReadonlyMap<Symbol, MatchingRules>;
  readonly clock: Clock;
  readonly log: Log;
  /** Where to begin when nothing is stored. */
  readonly start: Timestamp;
  /** Market seconds per second of the clock, above 0; 1 = real time. */
  readonly speed: number;
  readonly tickMs: number;
  /** What `savedState` gave in an earlier life; null = begin at `start`. */
  readonly saved: Json | null;
}

export interface ReplayStatus {
  readonly label: string;
  readonly marketTime: Timestamp;
  readonly dataEnd: Timestamp;
  readonly speed: number;
  readonly isEnded: boolean;
  /** Ticks left out because the venue was still busy with the one before. */
  readonly skippedTicks: number;
}

/**
 * Recorded candles as a market: one cursor for all symbols, prices a pure function of the cursor, one tick per `tickMs`.
 * The market waits for its venue, and at the end of the recording it stops: quotes stay and grow stale.
 */
export class ReplayMarket implements MarketDataPort {
  readonly #options: ReplayOptions;
  readonly #timeline: ReplayTimeline;
  readonly #series: ReadonlyMap<Symbol, ReadonlyMap<Interval, CandleSeries>>;
  readonly #quotes = new Map<Symbol, Quote>();
  readonly #stepListeners = new Set<(steps: readonly PriceStep[]) => Promise<void>>();
  readonly #quoteListeners = new Set<(quotes: readonly Quote[]) => void>();
  #cursor: number;
  #skippedTicks = 0;
  #isBusy = false;
  #isStopped = false;
  #stopTicking: (() => void) | null = null;

  /** Throws RangeError when speed and tick would pass more than a hundred bars at once. */
  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#timeline = new ReplayTimeline(options.series);
    this.#series = new Map(options.series.map((one) => [one.symbol, withCoarser(one)]));
    const widthMs = INTERVAL_MS[options.series[0]?.interval ?? '1m'];
    const advanceMs = options.speed * options.tickMs;
    if (!(advanceMs > 0 && advanceMs <= widthMs * SLOTS_PER_ADVANCE_MAX)) {
      throw new RangeError(`Expected a speed above 0 that passes at most ${SLOTS_PER_ADVANCE_MAX} bars per tick, was ${options.speed}.`);
    }
    const cursor = cursorOf(options.saved) ?? options.start;
    this.#cursor = Math.min(Math.max(cursor, this.#timeline.firstOpen + 1), this.#timeline.end);
    for (const symbol of this.#series.keys()) this.#requote(symbol, this.#standingPrice(symbol));
  }

  get sourceLabel(): string {
    return this.#isEnded ? 'replay of recorded Coinbase spot candles (ended)' : 'replay of recorded Coinbase spot candles';
  }

  /** Begins to tick; a second call changes nothing. */
  start(): void {
    this.#isStopped = false;
    this.#stopTicking ??= this.#options.clock.every(this.#options.tickMs, () => {
      this.tick().catch((error: unknown) => this.#options.log.error('replay.tick_failed', { error }));
    });
  }

  /** No further bar is passed, not even by a tick that is underway: nobody would settle it. */
  stop(): void {
    this.#isStopped = true;
    this.#stopTicking?.();
    this.#stopTicking = null;
  }

  /** One tick: moves the cursor bar by bar, each move settled by the venue before quotes are told. */
  async tick(): Promise<void> {
    if (this.#isBusy) {
      this.#skippedTicks += 1;
      return;
    }
    this.#isBusy = true;
    try {
      const { speed, tickMs } = this.#options;
      for (const segment of this.#timeline.segments(this.#cursor, speed * tickMs)) {
        if (this.#isStopped) break;
        await this.#pass(segment);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  status(): ReplayStatus {
    return {
      label: this.sourceLabel,
      marketTime: this.marketTime(),
      dataEnd: timestamp(this.#timeline.end),
      speed: this.#options.speed,
      isEnded: this.#isEnded,
      skippedTicks: this.#skippedTicks,
    };
  }

  savedState(): { readonly id: string; readonly state: Json } {
    return { id: REPLAY_MARKET_ID, state: { cursor: this.#cursor } };
  }

  instruments(): readonly Instrument[] {
    return [...this.#series.keys()].flatMap((symbol) => this.instrument(symbol) ?? []);
  }

  instrument(symbol: Symbol): Instrument | null {
    return this.#series.has(symbol) ? (this.#options.rules.get(symbol)?.instrument ?? null) : null;
  }

  quote(symbol: Symbol): Quote | null {
    return this.#quotes.get(symbol) ?? null;
  }

  candles(symbol: Symbol, interval: Interval, count: number): readonly Candle[] {
    const series = this.#series.get(symbol)?.get(interval);
    return series === undefined ? [] : closedCandles(series, this.#cursor, Math.min(Math.max(0, count), CANDLES_MAX));
  }

  intervals(): readonly Interval[] {
    const [first] = this.#series.values();
    return INTERVALS.filter((interval) => first?.has(interval));
  }

  marketTime(): Timestamp {
    return timestamp(Math.floor(this.#cursor));
  }

  onSteps(listener: (steps: readonly PriceStep[]) => Promise<void>): () => void {
    this.#stepListeners.add(listener);
    return () => void this.#stepListeners.delete(listener);
  }

  onQuotes(listener: (quotes: readonly Quote[]) => void): () => void {
    this.#quoteListeners.add(listener);
    return () => void this.#quoteListeners.delete(listener);
  }

  get #isEnded(): boolean {
    return this.#cursor >= this.#timeline.end;
  }

  async #pass(segment: Segment): Promise<void> {
    this.#cursor = segment.to;
    const moved = [...this.#series.keys()].flatMap((symbol) => {
      const piece = this.#pieceOf(symbol, segment);
      const rules = this.#options.rules.get(symbol);
      return piece === null || rules === undefined ? [] : [stepOf(symbol, piece, rules)];
    });
    const quotes = moved.flatMap((step) => this.#requote(step.symbol, step.mark) ?? []);
    await Promise.all([...this.#stepListeners].map((listener) => listener(moved)));
    for (const listener of this.#quoteListeners) this.#notify(listener, quotes);
  }

  #notify(listener: (quotes: readonly Quote[]) => void, quotes: readonly Quote[]): void {
    try {
      listener(quotes);
    } catch (error) {
      this.#options.log.error('replay.listener_failed', { error });
    }
  }

  #pieceOf(symbol: Symbol, segment: Segment): PathPiece | null {
    const bar = this.#barAt(symbol, segment.slotOpen);
    if (bar === null) return null;
    return pathPiece(bar, this.#timeline.shareOf(segment.slotOpen, segment.from), this.#timeline.shareOf(segment.slotOpen, segment.to));
  }

  /** The price at the cursor when nothing has moved yet: on the path of its bar, or the last close before a gap. */
  #standingPrice(symbol: Symbol): Decimal | null {
    const rules = this.#options.rules.get(symbol);
    const source = this.#source(symbol);
    if (rules === undefined || source === null) return null;
    const slotOpen = this.#timeline.slotOf(this.#cursor);
    const bar = this.#barAt(symbol, slotOpen);
    if (bar !== null) return toPrice(priceAt(bar, this.#timeline.shareOf(slotOpen, this.#cursor)), rules);
    const before = rowsUntil(source, slotOpen) - 1;
    return before < 0 ? null : toPrice(candleAt(source, before).close, rules);
  }

  #barAt(symbol: Symbol, slotOpen: number): Candle | null {
    const source = this.#source(symbol);
    const index = source === null ? -1 : indexOfOpen(source, slotOpen);
    return source === null || index < 0 ? null : candleAt(source, index);
  }

  #source(symbol: Symbol): CandleSeries | null {
    const [source] = this.#series.get(symbol)?.values() ?? [];
    return source ?? null;
  }

  #requote(symbol: Symbol, mark: Decimal | null): Quote | null {
    const rules = this.#options.rules.get(symbol);
    if (mark === null || rules === undefined) return null;
    const quote = { symbol, ...bestPrices(mark, rules), mark, marketTime: this.marketTime(), receivedAt: this.#options.clock.now() };
    this.#quotes.set(symbol, quote);
    return quote;
  }
}

/** The recording itself first, then what can be made of it. */
function withCoarser(source: CandleSeries): ReadonlyMap<Interval, CandleSeries> {
  const coarser = INTERVALS.filter((interval) => INTERVAL_MS[interval] > INTERVAL_MS[source.interval]);
  return new Map([[source.interval, source], ...coarser.map((interval) => [interval, aggregateCandles(source, interval)] as const)]);
}

function stepOf(symbol: Symbol, piece: PathPiece, rules: MatchingRules): PriceStep {
  const price = (value: number): Decimal => toPrice(value, rules);
  return { symbol, open: price(piece.open), low: price(piece.low), high: price(piece.high), mark: price(piece.close) };
}

/** The nearest multiple of the price increment, at least one. */
function toPrice(value: number, rules: MatchingRules): Decimal {
  const increment = toNumber(rules.instrument.priceIncrement);
  return decimalFromNumber(Math.max(1, Math.round(value / increment)) * increment, PRICE_PLACES);
}

/** Where an earlier life stood, from its saved state; null when there is none. */
export function cursorOf(saved: Json | null): number | null {
  if (saved === null || typeof saved !== 'object' || Array.isArray(saved)) return null;
  const cursor = (saved as Readonly<Record<string, Json>>)['cursor'];
  return typeof cursor === 'number' && Number.isFinite(cursor) ? cursor : null;
}
