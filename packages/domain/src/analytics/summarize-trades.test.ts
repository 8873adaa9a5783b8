import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, type Decimal, decimal, round, sum, toNumber } from '../money/decimal.ts';
import { timestamp } from '../time/timestamp.ts';
import { type ClosedTrade, netPnl } from './closed-trade.ts';
import { groupTrades } from './group-trades.ts';
import { groupStatistics, summarizeTrades } from './summarize-trades.ts';

const range = { from: timestamp(0), to: timestamp(30 * 86_400_000) };

const cents = (limit: number): fc.Arbitrary<Decimal> =>
  fc.integer({ min: -limit, max: limit }).map((value) => decimal((value / 100).toFixed(2)));

const anyTrade: fc.Arbitrary<ClosedTrade & { readonly symbol: string }> = fc.record({
  grossPnl: cents(100_000),
  fees: cents(1_000),
  funding: cents(1_000),
  entryNotional: fc.integer({ min: 1, max: 1_000_000 }).map((value) => decimal(String(value))),
  openedAt: fc.integer({ min: 0, max: 1_000 }).map(timestamp),
  closedAt: fc.integer({ min: 1_000, max: 2_000 }).map(timestamp),
  symbol: fc.constantFrom('BTC', 'ETH', 'SOL'),
});

const plain: ClosedTrade = {
  grossPnl: decimal('10'),
  fees: decimal('0.123456789'),
  funding: decimal('0'),
  entryNotional: decimal('1000'),
  openedAt: timestamp(0),
  closedAt: timestamp(1_800_000),
};

describe('summarizeTrades', () => {
  test('has zeros for sums and null for everything else without trades', () => {
    expect(summarizeTrades([], { ...range, startEquity: decimal('1000') })).toEqual({
      trades: 0,
      winRate: null,
      pnl: 0,
      grossPnl: 0,
      fees: 0,
      funding: 0,
      sharpeRatio: null,
      averageReturnPct: null,
      maxDrawdownPct: null,
      profitFactor: null,
      bestTradePnl: null,
      worstTradePnl: null,
      averageDurationHours: null,
    });
  });

  test('rounds money to 8 and ratios to 6 places, last', () => {
    const summary = summarizeTrades([plain], { ...range, startEquity: decimal('1000') });
    expect(summary).toMatchObject({ pnl: 9.87654321, fees: 0.12345679, winRate: 1, averageReturnPct: 0.987654, averageDurationHours: 0.5 });
  });

  test('orders worst ≤ mean ≤ best and keeps rates and falls in their bounds', () => {
    fc.assert(
      fc.property(fc.array(anyTrade, { minLength: 1, maxLength: 30 }), (trades) => {
        const summary = summarizeTrades(trades, { ...range, startEquity: decimal('1000000') });
        const mean = summary.pnl / summary.trades;
        expect(summary.worstTradePnl).toBeLessThanOrEqual(mean + 1e-6);
        expect(summary.bestTradePnl).toBeGreaterThanOrEqual(mean - 1e-6);
        expect(summary.winRate).toBeGreaterThanOrEqual(0);
        expect(summary.winRate).toBeLessThanOrEqual(1);
        expect(summary.maxDrawdownPct).toBeGreaterThanOrEqual(0);
        expect(summary.profitFactor ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('nets exactly: PnL is the sum of the trades, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(anyTrade, { maxLength: 30 }), (trades) => {
        const exact = toNumber(round(sum(trades.map(netPnl)), 8));
        expect(groupStatistics(trades, range).pnl).toBe(exact);
        expect(groupStatistics(trades.toReversed(), range).pnl).toBe(exact);
      }),
    );
  });
});

describe('groupTrades', () => {
  const read = { key: (trade: { symbol: string }) => trade.symbol, trade: (trade: ClosedTrade & { symbol: string }) => trade };

  test('loses and doubles no trade and no cent', () => {
    fc.assert(
      fc.property(fc.array(anyTrade, { maxLength: 30 }), (trades) => {
        const groups = groupTrades(trades, range, read);
        expect(groups.reduce((count, group) => count + group.statistics.trades, 0)).toBe(trades.length);
        const total = groups.map((group) => decimal(group.statistics.pnl.toFixed(2))).reduce(add, decimal('0'));
        expect(total).toBe(sum(trades.map(netPnl)));
      }),
    );
  });

  test('puts the most profitable group first and describes it by its first member', () => {
    const groups = groupTrades(
      [
        { ...plain, symbol: 'BTC' },
        { ...plain, symbol: 'ETH', grossPnl: decimal('30') },
        { ...plain, symbol: 'BTC' },
      ],
      range,
      read,
    );
    expect(groups.map((group) => [group.first.symbol, group.statistics.trades])).toEqual([
      ['ETH', 1],
      ['BTC', 2],
    ]);
  });
});
