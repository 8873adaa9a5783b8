import type { Candle, Decimal, Instrument, Interval, Symbol, Timestamp } from '@hyperoru/domain';

/** One symbol as a venue tells it in answer to a question. */
export interface MarketReading {
  readonly instrument: Instrument;
  readonly mark: Decimal;
  readonly bid: Decimal;
  readonly ask: Decimal;
}

/** What changed of a symbol; what is left out stays. */
export interface PriceChange {
  readonly symbol: Symbol;
  readonly mark?: Decimal;
  readonly bid?: Decimal;
  readonly ask?: Decimal;
  readonly at: Timestamp;
}

/** Where prices of a venue come from. */
export interface MarketSource {
  readonly label: string;
  /** Throws VenueUnavailable when the venue does not answer. */
  read(): Promise<readonly MarketReading[]>;
  /** Closed candles, oldest first; at most `count`. */
  candles(symbol: Symbol, interval: Interval, count: number): Promise<readonly Candle[]>;
  /** Tells changes until the returned function is called. */
  listen(onChange: (change: PriceChange) => void): () => void;
}
