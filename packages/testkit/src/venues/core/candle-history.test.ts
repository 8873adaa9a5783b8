import { decimal, symbol, timestamp } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { BARS_MAX, CandleHistory, type VenueBar } from './candle-history.ts';

const BTC = symbol('BTC');
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const START = 1_767_225_600_000;
const step = (open: string, low: string, high: string, mark: string) => ({
  symbol: BTC,
  open: decimal(open),
  low: decimal(low),
  high: decimal(high),
  mark: decimal(mark),
});
const bar = (openTime: number, close: number): VenueBar => ({
  openTime,
  open: close,
  high: close,
  low: close,
  close,
  volume: 5,
  trades: 3,
});

describe('candles of the venue', () => {
  it('grow with each move of the price within their interval', () => {
    const history = new CandleHistory();
    history.move(step('100', '99', '101', '100'), timestamp(START));
    history.move(step('100', '98', '100', '98'), timestamp(START + MINUTE_MS - 1));
    history.move(step('98', '98', '105', '104'), timestamp(START + MINUTE_MS));
    expect(history.bars(BTC, MINUTE_MS, START, START + HOUR_MS)).toEqual([
      { openTime: START, open: 100, high: 101, low: 98, close: 98, volume: 2, trades: 2 },
      { openTime: START + MINUTE_MS, open: 98, high: 105, low: 98, close: 104, volume: 1, trades: 1 },
    ]);
    expect(history.bars(BTC, HOUR_MS, START, START + HOUR_MS)).toEqual([
      { openTime: START, open: 100, high: 105, low: 98, close: 104, volume: 3, trades: 3 },
    ]);
  });

  it('stand behind what the test has seeded and go on with the seeded bar that is forming', () => {
    const history = new CandleHistory();
    history.seed(BTC, HOUR_MS, [bar(START - HOUR_MS, 90), bar(START, 95)]);
    history.move(step('100', '99', '101', '100'), timestamp(START + 5));
    expect(history.bars(BTC, HOUR_MS, START - HOUR_MS, START).map(({ close, high }) => [close, high])).toEqual([
      [90, 90],
      [100, 101],
    ]);
    expect(history.bars(BTC, HOUR_MS, START, START)).toHaveLength(1);
    expect(history.bars(symbol('ETH'), HOUR_MS, 0, START)).toEqual([]);
  });

  it('are the latest five thousand', () => {
    const history = new CandleHistory();
    for (let index = 0; index <= BARS_MAX; index++) history.move(step('1', '1', '1', '1'), timestamp(START + index * MINUTE_MS));
    const bars = history.bars(BTC, MINUTE_MS, 0, Number.MAX_SAFE_INTEGER);
    expect([bars.length, bars[0]?.openTime]).toEqual([BARS_MAX, START + MINUTE_MS]);
  });
});
