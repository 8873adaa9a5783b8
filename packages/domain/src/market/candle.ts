import type { Timestamp } from '../time/timestamp.ts';
import type { Symbol } from './instrument.ts';

export const INTERVALS = ['1m', '5m', '15m', '1h', '4h', '1d'] as const;
export type Interval = (typeof INTERVALS)[number];

export const INTERVAL_MS: Readonly<Record<Interval, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/** A closed bar; `openTime` is its start. Numbers are float64: candles feed statistics and models, never an order. */
export interface Candle {
  readonly symbol: Symbol;
  readonly interval: Interval;
  readonly openTime: Timestamp;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}
