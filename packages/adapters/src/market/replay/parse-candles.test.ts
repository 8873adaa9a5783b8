import { symbol, timestamp } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { aggregateCandles } from './aggregate-candles.ts';
import { candleAt, closedCandles, DamagedCandles, indexOfOpen, rowsIn, rowsUntil } from './candle-series.ts';
import { parseCandles } from './parse-candles.ts';

const HEADER = 'ts,open,high,low,close,volume';
const BAR_MS = 14_400_000;
const source = { symbol: symbol('BTC'), interval: '4h', name: 'test.csv' } as const;
const parse = (...rows: readonly string[]) => parseCandles([HEADER, ...rows].join('\n'), source);

describe('parseCandles', () => {
  it('reads rows with and without a final line break', () => {
    const series = parseCandles(`${HEADER}\n0,1,3,0.5,2,10\n${BAR_MS},2,4,2,3,0\n`, source);
    expect(rowsIn(series)).toBe(2);
    expect(candleAt(series, 0)).toEqual({ symbol: 'BTC', interval: '4h', openTime: 0, open: 1, high: 3, low: 0.5, close: 2, volume: 10 });
    expect(rowsIn(parse('0,1,3,0.5,2,10'))).toBe(1);
  });

  it.each([
    ['increase', ['0,1,1,1,1,1', '0,1,1,1,1,1']],
    ['increase', [`${BAR_MS},1,1,1,1,1`, '0,1,1,1,1,1']],
    ['4h grid', ['1,1,1,1,1,1']],
    ['low ≤ open', ['0,1,3,1.1,2,10']],
    ['close ≤ high', ['0,1,1.9,1,2,10']],
    ['above zero', ['0,1,1,0,1,1']],
    ['zero or more', ['0,1,1,1,1,-1']],
    ['numbers only', ['0,1,1,1,one,1']],
    ['numbers only', ['0,1,,1,1,1']],
    ['6 columns', ['0,1,1,1,1']],
  ])('names the row that breaks the rule "%s"', (rule, rows) => {
    expect(() => parse(...rows)).toThrow(DamagedCandles);
    expect(() => parse(...rows)).toThrow(rule);
    expect(() => parse(...rows)).toThrow(`row ${rows.length} of test.csv`);
  });

  it.each([
    [-1, [0, 1, 2]],
    [0, [0, 1, 2]],
    [1, [1, 2]],
    [BAR_MS, [1, 2]],
    [2 * BAR_MS, [2]],
    [2 * BAR_MS + 1, [2]],
  ])('leaves out what opens before %d and keeps at least the last bar', (from, kept) => {
    const rows = [0, 1, 2].map((bar) => `${bar * BAR_MS},1,3,0.5,2,10`);
    const series = parseCandles([HEADER, ...rows].join('\n'), { ...source, from });
    expect([...Array(rowsIn(series)).keys()].map((row) => (series.openTime[row] ?? -1) / BAR_MS)).toEqual(kept);
  });

  it('names the row of the file, also when rows before it were left out', () => {
    const rows = [`0,1,3,0.5,2,10`, `${BAR_MS},1,1,1,one,1`];
    expect(() => parseCandles([HEADER, ...rows].join('\n'), { ...source, from: 1 })).toThrow('row 2 of test.csv');
  });

  it('refuses a file without the header or without rows', () => {
    expect(() => parseCandles('0,1,1,1,1,1', source)).toThrow(/header/);
    expect(() => parse()).toThrow(/1 to 1000000 rows/);
  });
});

describe('a series', () => {
  const series = parse('0,1,1,1,1,1', `${BAR_MS},2,2,2,2,1`, `${3 * BAR_MS},4,4,4,4,1`);

  it('counts the rows that opened by a moment and finds a bar by its open', () => {
    expect([-1, 0, BAR_MS - 1, BAR_MS, 9 * BAR_MS].map((at) => rowsUntil(series, at))).toEqual([0, 1, 1, 2, 3]);
    expect([0, 2 * BAR_MS, 3 * BAR_MS, 1].map((at) => indexOfOpen(series, at))).toEqual([0, -1, 2, -1]);
  });

  it('gives only bars that are closed, the newest of them, oldest first', () => {
    const opens = (at: number, count: number) => closedCandles(series, timestamp(at), count).map((candle) => candle.open);
    expect(opens(BAR_MS - 1, 5)).toEqual([]);
    expect(opens(BAR_MS, 5)).toEqual([1]);
    expect(opens(4 * BAR_MS, 2)).toEqual([2, 4]);
    expect(opens(4 * BAR_MS, 0)).toEqual([]);
  });
});

describe('aggregateCandles', () => {
  it('makes days on the UTC grid of the bars there are', () => {
    const series = parse('0,10,12,9,11,1', `${BAR_MS},11,15,11,14,2`, `${5 * BAR_MS},14,14,7,8,3`, `${6 * BAR_MS},8,9,8,9,4`);
    const days = aggregateCandles(series, '1d');
    expect(rowsIn(days)).toBe(2);
    expect(candleAt(days, 0)).toMatchObject({ interval: '1d', openTime: 0, open: 10, high: 15, low: 7, close: 8, volume: 6 });
    expect(candleAt(days, 1)).toMatchObject({ openTime: 86_400_000, open: 8, high: 9, low: 8, close: 9, volume: 4 });
  });
});
