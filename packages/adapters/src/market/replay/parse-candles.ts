import { INTERVAL_MS, type Interval, type Symbol } from '@hyperoru/domain';
import { type CandleSeries, DamagedCandles, emptySeries } from './candle-series.ts';

const HEADER = 'ts,open,high,low,close,volume';
const COLUMNS = 6;
/** Ten times the largest recording that ships; a file beyond it is not one of ours. */
const ROWS_MAX = 1_000_000;

/**
 * CSV text → bars. Checks every row: open times increase on the grid of the interval, prices are positive,
 * low ≤ open, close ≤ high, volume ≥ 0. Throws DamagedCandles naming the first row that breaks a rule.
 * Rows that open before `from` are passed over unread; at least the last row stays.
 */
export function parseCandles(
  text: string,
  source: { readonly symbol: Symbol; readonly interval: Interval; readonly name: string; readonly from?: number },
): CandleSeries {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines[0]?.trimEnd() !== HEADER) throw new DamagedCandles(`Expected the header "${HEADER}" in ${source.name}.`);
  const rows = lines.length - 1;
  if (rows < 1 || rows > ROWS_MAX) throw new DamagedCandles(`Expected 1 to ${ROWS_MAX} rows in ${source.name}, found ${rows}.`);
  const skipped = source.from === undefined ? 0 : rowsBefore(lines, source.from);
  const series = emptySeries(source.symbol, source.interval, rows - skipped);
  let previous = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows - skipped; row += 1) {
    const values = (lines[skipped + row + 1] ?? '').split(',');
    const problem = putRow(series, row, values) ?? problemOf(series, row, previous);
    if (problem !== null) throw new DamagedCandles(`Expected ${problem} in row ${skipped + row + 1} of ${source.name}.`);
    previous = series.openTime[row] ?? Number.NaN;
  }
  return series;
}

/** How many rows open before the moment, never all of them. */
function rowsBefore(lines: readonly string[], from: number): number {
  const rows = lines.length - 1;
  const first = lines.findIndex((line, index) => index > 0 && Number.parseInt(line, 10) >= from);
  return first === -1 ? rows - 1 : first - 1;
}

function putRow(series: CandleSeries, row: number, values: readonly string[]): string | null {
  if (values.length !== COLUMNS) return `${COLUMNS} columns`;
  const columns = [series.openTime, series.open, series.high, series.low, series.close, series.volume];
  for (const [index, column] of columns.entries()) {
    const text = values[index]?.trim() ?? '';
    const value = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) return 'numbers only';
    column[row] = value;
  }
  return null;
}

function problemOf(series: CandleSeries, row: number, previous: number): string | null {
  const at = (column: Float64Array): number => column[row] ?? Number.NaN;
  const [openTime, low, high] = [at(series.openTime), at(series.low), at(series.high)];
  const [open, close, volume] = [at(series.open), at(series.close), at(series.volume)];
  if (openTime % INTERVAL_MS[series.interval] !== 0) return `a bar opening on the ${series.interval} grid`;
  if (!(openTime > previous)) return 'open times that increase';
  if (!(low > 0)) return 'prices above zero';
  if (!(low <= Math.min(open, close) && Math.max(open, close) <= high)) return 'low ≤ open, close ≤ high';
  return volume >= 0 ? null : 'a volume of zero or more';
}
