import { describe, expect, test } from 'vitest';
import { decimal } from '../money/decimal.ts';
import { timestamp } from '../time/timestamp.ts';
import { averageDurationHours } from './average-duration.ts';
import type { ClosedTrade } from './closed-trade.ts';
import { extremeTrades } from './extreme-trades.ts';
import { maxDrawdownPct } from './max-drawdown.ts';
import { profitFactor } from './profit-factor.ts';
import { SHARPE_TRADES_MIN, sharpeRatio } from './sharpe-ratio.ts';
import { totalPnl } from './total-pnl.ts';
import { averageReturnPct, tradeReturn } from './trade-return.ts';
import { winRate } from './win-rate.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/** A trade on 1,000 of notional with the given net result, closed at the given hour after one hour. */
function trade(net: string, hour = 1, change: Partial<ClosedTrade> = {}): ClosedTrade {
  return {
    grossPnl: decimal(net),
    fees: decimal('0'),
    funding: decimal('0'),
    entryNotional: decimal('1000'),
    openedAt: timestamp((hour - 1) * HOUR_MS),
    closedAt: timestamp(hour * HOUR_MS),
    ...change,
  };
}

const year = { from: timestamp(0), to: timestamp(YEAR_MS) };

describe('totalPnl', () => {
  test('is zero in every part without trades', () => {
    expect(totalPnl([])).toEqual({ net: '0', gross: '0', fees: '0', funding: '0' });
  });

  test('sums each part and nets fees and funding', () => {
    const trades = [
      trade('10', 1, { fees: decimal('0.4'), funding: decimal('-0.1') }),
      trade('-4', 2, { fees: decimal('0.4'), funding: decimal('0.3') }),
    ];
    expect(totalPnl(trades)).toEqual({ net: '5.4', gross: '6', fees: '0.8', funding: '0.2' });
  });
});

describe('winRate', () => {
  test('is null without trades', () => {
    expect(winRate([])).toBeNull();
  });

  test('counts a trade that broke even as no win', () => {
    expect(winRate([trade('5'), trade('0'), trade('-5'), trade('1')])).toBe('0.5');
  });

  test('judges by the result after fees', () => {
    expect(winRate([trade('1', 1, { fees: decimal('1.01') })])).toBe('0');
    expect(winRate([trade('1', 1, { fees: decimal('0.99') })])).toBe('1');
  });
});

describe('averageReturnPct', () => {
  test('is the mean of net results on entry notional, in percent', () => {
    // 20/1000 = 2 %, −10/500 = −2 %, 3/1000 = 0.3 % → 0.1 %
    expect(averageReturnPct([trade('20'), trade('-10', 2, { entryNotional: decimal('500') }), trade('3')])).toBe('0.1');
  });

  test('is null without trades, and leaves out a trade that entered nothing', () => {
    expect(averageReturnPct([])).toBeNull();
    expect(tradeReturn(trade('5', 1, { entryNotional: decimal('0') }))).toBeNull();
    expect(averageReturnPct([trade('10'), trade('5', 1, { entryNotional: decimal('0') })])).toBe('1');
  });
});

describe('sharpeRatio', () => {
  // Returns 1 %, 2 %, 3 %, 4 %, 5 %: mean 0.03, sample deviation √(0.001/4) = 0.0158113883; ratio 1.8973665961.
  const five = ['10', '20', '30', '40', '50'].map((net, index) => trade(net, index + 1));
  const PER_TRADE = 1.8973665961;

  test('is the mean over the sample deviation times the root of the trades per year', () => {
    expect(sharpeRatio(five, year)).toBeCloseTo(PER_TRADE * Math.sqrt(5), 8);
  });

  test('grows with the root of how often such trades come', () => {
    const month = { from: timestamp(0), to: timestamp(YEAR_MS / 12) };
    expect(sharpeRatio(five, month)).toBeCloseTo(PER_TRADE * Math.sqrt(60), 8);
  });

  test(`is null below ${SHARPE_TRADES_MIN} trades and a number from there on`, () => {
    expect(sharpeRatio(five.slice(1), year)).toBeNull();
    expect(sharpeRatio(five, year)).not.toBeNull();
  });

  test('is null when returns do not vary, and over an empty range', () => {
    expect(
      sharpeRatio(
        Array.from({ length: 6 }, (_, index) => trade('7', index + 1)),
        year,
      ),
    ).toBeNull();
    expect(sharpeRatio(five, { from: timestamp(5), to: timestamp(5) })).toBeNull();
  });

  test('turns its sign with the results', () => {
    const losses = five.map((won) => ({ ...won, grossPnl: decimal(`-${won.grossPnl}`) }));
    expect(sharpeRatio(losses, year)).toBeCloseTo(-PER_TRADE * Math.sqrt(5), 8);
  });
});

describe('maxDrawdownPct', () => {
  test('is the deepest fall from a peak of closed-trade equity', () => {
    // 1000 → 1200 → 900 (−25 % of 1200) → 1500 → 1200 (−20 % of 1500)
    expect(maxDrawdownPct([trade('200', 1), trade('-300', 2), trade('600', 3), trade('-300', 4)], decimal('1000'))).toBe('25');
  });

  test('goes by the time of the closes, not by the order of the list', () => {
    expect(maxDrawdownPct([trade('-300', 2), trade('200', 1)], decimal('1000'))).toBe('25');
  });

  test('is zero while equity only rises, and measures a first loss from the start', () => {
    expect(maxDrawdownPct([trade('1', 1), trade('2', 2)], decimal('1000'))).toBe('0');
    expect(maxDrawdownPct([trade('-100', 1)], decimal('1000'))).toBe('10');
  });

  test('is null without trades or without equity to fall from', () => {
    expect(maxDrawdownPct([], decimal('1000'))).toBeNull();
    expect(maxDrawdownPct([trade('1')], decimal('0'))).toBeNull();
  });
});

describe('profitFactor', () => {
  test('divides what was won by what was lost', () => {
    expect(profitFactor([trade('30'), trade('15'), trade('-18'), trade('0')])).toBe('2.5');
  });

  test('is zero when nothing was won and null when nothing was lost', () => {
    expect(profitFactor([trade('-1')])).toBe('0');
    expect(profitFactor([trade('1')])).toBeNull();
    expect(profitFactor([])).toBeNull();
  });
});

describe('extremeTrades', () => {
  test('names the best and the worst net result', () => {
    expect(extremeTrades([trade('3'), trade('-8'), trade('5', 1, { fees: decimal('1') })])).toEqual({ best: '4', worst: '-8' });
  });

  test('may be the same trade, and is null without one', () => {
    expect(extremeTrades([trade('-2')])).toEqual({ best: '-2', worst: '-2' });
    expect(extremeTrades([])).toBeNull();
  });
});

describe('averageDurationHours', () => {
  test('is the mean of the holding times in hours', () => {
    const long = trade('1', 5, { openedAt: timestamp(0), closedAt: timestamp(2.5 * HOUR_MS) });
    expect(averageDurationHours([trade('1'), long])).toBe('1.75');
  });

  test('is null without trades', () => {
    expect(averageDurationHours([])).toBeNull();
  });
});
