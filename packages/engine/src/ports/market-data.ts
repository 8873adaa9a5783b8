import type { Candle, Instrument, Interval, Quote, Symbol, Timestamp } from '@hyperoru/domain';

/** Prices and candles of one venue. Answers come from memory; nothing here waits for a network. */
export interface MarketDataPort {
  /** e.g. `replay of recorded candles`; shown wherever the prices are. */
  readonly sourceLabel: string;
  instruments(): readonly Instrument[];
  instrument(symbol: Symbol): Instrument | null;
  /** The newest quote, or null before the first; its age is the caller's to judge. */
  quote(symbol: Symbol): Quote | null;
  /** Newest `count` (1–1,000) closed candles, oldest first; fewer when the data begin later; none of an interval finer than the source. */
  candles(symbol: Symbol, interval: Interval, count: number): readonly Candle[];
  intervals(): readonly Interval[];
  /** Now of the market: wall time when live, the cursor when replayed. */
  marketTime(): Timestamp;
  /** Called after every change of quotes; returns the unsubscriber. */
  onQuotes(listener: (quotes: readonly Quote[]) => void): () => void;
}
