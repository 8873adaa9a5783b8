import { type Candle, type Instrument, max, type Quote, type Symbol, type Timestamp, timestamp } from '@hyperoru/domain';
import type { MarketDataPort } from '@hyperoru/engine';
import type { SimulatedVenue } from '@hyperoru/testkit';
import type { Draw } from './draw.ts';
import type { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimClock } from './sim-clock.ts';

const TRAVEL_MS = { from: 2, to: 40 } as const;

/** The prices one process knows: they travel, and stop coming while it is blind. */
export class SimMarket implements MarketDataPort {
  readonly sourceLabel = 'simulation';
  readonly #venue: SimulatedVenue;
  readonly #clock: SimClock;
  readonly #quotes = new Map<Symbol, Quote>();
  readonly #listeners = new Set<(quotes: readonly Quote[]) => void>();

  constructor(world: {
    readonly venue: SimulatedVenue;
    readonly clock: SimClock;
    readonly scheduler: Scheduler;
    readonly draw: Draw;
    readonly life: Life;
    readonly isBlind: () => boolean;
  }) {
    this.#venue = world.venue;
    this.#clock = world.clock;
    const { life, scheduler, draw } = world;
    const take = (symbol: Symbol): void =>
      scheduler.after(draw.between(TRAVEL_MS.from, TRAVEL_MS.to), () => {
        if (life.isAlive) this.#take(symbol);
      });
    for (const { rules } of world.venue.market.instruments) take(rules.instrument.symbol);
    const unfollow = world.venue.onChange((change) => {
      if (!life.isAlive) unfollow();
      else if (change.kind === 'price' && !world.isBlind()) take(change.symbol);
    });
  }

  instruments(): readonly Instrument[] {
    return this.#venue.market.instruments.flatMap(({ rules }) => this.instrument(rules.instrument.symbol) ?? []);
  }

  instrument(symbol: Symbol): Instrument | null {
    const listed = this.#venue.market.instrument(symbol);
    const mark = this.#venue.market.price(symbol)?.mark;
    if (listed === null) return null;
    const { instrument } = listed.rules;
    // Prices may have to be coarser than the venue's increment, as with significant figures.
    const tick = listed.tickAt === undefined || mark === undefined ? instrument.priceIncrement : listed.tickAt(mark);
    return { ...instrument, priceIncrement: max(instrument.priceIncrement, tick) };
  }

  quote(symbol: Symbol): Quote | null {
    return this.#quotes.get(symbol) ?? null;
  }

  candles(): readonly Candle[] {
    return [];
  }

  intervals(): readonly [] {
    return [];
  }

  marketTime(): Timestamp {
    return timestamp(this.#venue.now());
  }

  onQuotes(listener: (quotes: readonly Quote[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #take(symbol: Symbol): void {
    const best = this.#venue.market.bestPrices(symbol);
    const mark = this.#venue.market.price(symbol)?.mark;
    if (best === null || mark === undefined) return;
    const quote: Quote = { symbol, ...best, mark, marketTime: timestamp(this.#venue.now()), receivedAt: this.#clock.now() };
    this.#quotes.set(symbol, quote);
    for (const listener of this.#listeners) listener([quote]);
  }
}
