import { INTERVAL_MS, type Interval } from '@hyperoru/domain';
import { type CandleSeries, emptySeries, rowsIn } from './candle-series.ts';

/**
 * Bars of a coarser interval on the UTC grid: first open, highest high, lowest low, last close, summed volume.
 * A bar of which parts are missing in the source is made of what is there.
 */
export function aggregateCandles(source: CandleSeries, interval: Interval): CandleSeries {
  const width = INTERVAL_MS[interval];
  const rows = rowsIn(source);
  const startOf = (row: number): number => Math.floor((source.openTime[row] ?? Number.NaN) / width) * width;
  let bars = 0;
  for (let row = 0; row < rows; row += 1) if (row === 0 || startOf(row) !== startOf(row - 1)) bars += 1;
  const target = emptySeries(source.symbol, interval, bars);
  let bar = -1;
  for (let row = 0; row < rows; row += 1) {
    const isFirst = row === 0 || startOf(row) !== startOf(row - 1);
    if (isFirst) bar += 1;
    addRow(source, row, target, bar, isFirst ? startOf(row) : null);
  }
  return target;
}

function addRow(source: CandleSeries, row: number, target: CandleSeries, bar: number, openTime: number | null): void {
  const from = (column: Float64Array): number => column[row] ?? Number.NaN;
  const sofar = (column: Float64Array): number => column[bar] ?? Number.NaN;
  if (openTime !== null) {
    target.openTime[bar] = openTime;
    target.open[bar] = from(source.open);
  }
  target.high[bar] = openTime === null ? Math.max(sofar(target.high), from(source.high)) : from(source.high);
  target.low[bar] = openTime === null ? Math.min(sofar(target.low), from(source.low)) : from(source.low);
  target.close[bar] = from(source.close);
  target.volume[bar] = (openTime === null ? sofar(target.volume) : 0) + from(source.volume);
}
