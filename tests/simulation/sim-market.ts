import { type Candle, type Instrument, max, type Quote, type Symbol, type Timestamp, timestamp } from '@hyperoru/domain';
import type { MarketDataPort } from '@hyperoru/engine';
import { BTC, ETH } from '@hyperoru/testkit';
import type { Draw } from './draw.ts';
import type { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';
import type { Side } from './sides/side.ts';
import type { SimClock } from './sim-clock.ts';

const TRAVEL_MS = { from: 2, to: 40 } as const;
const SYMBOLS = [BTC, ETH] as const;

/** The prices one process knows: they travel, and stop coming while it is blind. */
export class SimMarket implements MarketDataPort {
  readonly sourceLabel = 'simulation';
  readonly #side: Side;
  readonly #clock: SimClock;
  readonly #quotes = new Map<Symbol, Quote>();
  readonly #arrivedAtMs = new Map<Symbol, number>();
  readonly #scheduler: Scheduler;
  readonly #listeners = new Set<(quotes: readonly Quote[]) => void>();

  constructor(world: {
    readonly side: Side;
    readonly clock: SimClock;
    readonly scheduler: Scheduler;
    readonly draw: Draw;
    readonly life: Life;
    readonly isBlind: () => boolean;
  }) {
    this.#side = world.side;
    this.#clock = world.clock;
    this.#scheduler = world.scheduler;
    const { life, scheduler, draw, side } = world;
    const take = (symbol: Symbol): void =>
      void scheduler.afterIn(life, draw.between(TRAVEL_MS.from, TRAVEL_MS.to), () => this.#take(symbol));
    for (const symbol of SYMBOLS) take(symbol);
    const unfollow = side.venue.onChange((change) => {
      if (!life.isAlive) unfollow();
      else if (change.kind === 'price' && !world.isBlind())
        for (const symbol of SYMBOLS) if (side.symbolAt(symbol) === change.symbol) take(symbol);
    });
  }

  instruments(): readonly Instrument[] {
    return SYMBOLS.flatMap((symbol) => this.instrument(symbol) ?? []);
  }

  instrument(symbol: Symbol): Instrument | null {
    const { market } = this.#side.venue;
    const listed = market.instrument(this.#side.symbolAt(symbol));
    const mark = market.price(this.#side.symbolAt(symbol))?.mark;
    if (listed === null) return null;
    const { instrument } = listed.rules;
    // Prices may have to be coarser than the venue's increment, as with significant figures.
    const tick = listed.tickAt === undefined || mark === undefined ? instrument.priceIncrement : listed.tickAt(mark);
    return { ...instrument, symbol, priceIncrement: max(instrument.priceIncrement, tick) };
  }

  quote(symbol: Symbol): Quote | null {
    return this.#quotes.get(symbol) ?? null;
  }

  /** How long ago the newest price of the symbol arrived; null = none did. */
  priceAgeMs(symbol: Symbol): number | null {
    const atMs = this.#arrivedAtMs.get(symbol);
    return atMs === undefined ? null : this.#scheduler.nowMs - atMs;
  }

  candles(): readonly Candle[] {
    return [];
  }

  intervals(): readonly [] {
    return [];
  }

  marketTime(): Timestamp {
    return timestamp(this.#side.venue.now());
  }

  onQuotes(listener: (quotes: readonly Quote[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #take(symbol: Symbol): void {
    const { market } = this.#side.venue;
    const best = market.bestPrices(this.#side.symbolAt(symbol));
    const mark = market.price(this.#side.symbolAt(symbol))?.mark;
    if (best === null || mark === undefined) return;
    const quote: Quote = { symbol, ...best, mark, marketTime: this.marketTime(), receivedAt: this.#clock.now() };
    this.#quotes.set(symbol, quote);
    this.#arrivedAtMs.set(symbol, this.#scheduler.nowMs);
    for (const listener of this.#listeners) listener([quote]);
  }
}
