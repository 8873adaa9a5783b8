import { type Candle, INTERVAL_MS, type Interval, type Symbol, timestamp } from '@hyperoru/domain';

/** Bars of one symbol in typed arrays: a row is an index, and 20,000 rows are one megabyte. */
export interface CandleSeries {
  readonly symbol: Symbol;
  readonly interval: Interval;
  readonly openTime: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** Recorded data that cannot be what it claims to be; the message names file, row and rule. */
export class DamagedCandles extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DamagedCandles';
  }
}

export function emptySeries(symbol: Symbol, interval: Interval, rows: number): CandleSeries {
  const column = (): Float64Array => new Float64Array(rows);
  return { symbol, interval, openTime: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
}

export const rowsIn = (series: CandleSeries): number => series.openTime.length;

/** The row as a record. The index must exist. */
export function candleAt(series: CandleSeries, index: number): Candle {
  const value = (column: Float64Array): number => column[index] ?? Number.NaN;
  return {
    symbol: series.symbol,
    interval: series.interval,
    openTime: timestamp(value(series.openTime)),
    open: value(series.open),
    high: value(series.high),
    low: value(series.low),
    close: value(series.close),
    volume: value(series.volume),
  };
}

/** Number of rows whose open time is at or before the moment. */
export function rowsUntil(series: CandleSeries, at: number): number {
  let low = 0;
  let high = rowsIn(series);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((series.openTime[middle] ?? Number.POSITIVE_INFINITY) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the bar that opened exactly at the moment, or −1. */
export function indexOfOpen(series: CandleSeries, openTime: number): number {
  const index = rowsUntil(series, openTime) - 1;
  return index >= 0 && series.openTime[index] === openTime ? index : -1;
}

/** Newest `count` bars that are closed at the moment, oldest first. */
export function closedCandles(series: CandleSeries, at: number, count: number): readonly Candle[] {
  const closed = rowsUntil(series, at - INTERVAL_MS[series.interval]);
  const first = Math.max(0, closed - count);
  return Array.from({ length: closed - first }, (_, offset) => candleAt(series, first + offset));
}
