import { describe, expect, test } from 'vitest';
import { symbol } from '../market/instrument.ts';
import { decimal } from '../money/decimal.ts';
import { addMs, timestamp } from '../time/timestamp.ts';
import { compareBooks, DIFFERENCE_MS_MIN, isSettled, keepSeen } from './compare-books.ts';

const [BTC, ETH] = [symbol('BTC'), symbol('ETH')];
const NOW = timestamp(1_000_000);
const ours = (balance: string, ...positions: readonly (readonly [typeof BTC, 'long' | 'short', string])[]) => ({
  balance: decimal(balance),
  positions: positions.map(([name, side, quantity]) => ({ symbol: name, side, quantity: decimal(quantity) })),
});
const theirs = (balance: string, ...positions: readonly (readonly [typeof BTC, string])[]) => ({
  balance: decimal(balance),
  positions: positions.map(([name, quantity]) => ({ symbol: name, quantity: decimal(quantity) })),
});

describe('compareBooks', () => {
  test('finds nothing where quantities are equal and the balance differs by rounding', () => {
    expect(compareBooks(ours('100', [BTC, 'short', '2']), theirs('100.00000001', [BTC, '-2']))).toEqual([]);
  });

  test('finds the balance beyond rounding', () => {
    expect(compareBooks(ours('100'), theirs('100.00000002'))).toEqual([{ symbol: null, recorded: '100', reported: '100.00000002' }]);
  });

  test('finds a size, a side, a position only here and one only there', () => {
    const found = compareBooks(ours('1', [BTC, 'long', '2']), theirs('1', [BTC, '-2'], [ETH, '1']));
    expect(found).toEqual([
      { symbol: BTC, recorded: '2', reported: '-2' },
      { symbol: ETH, recorded: '0', reported: '1' },
    ]);
    expect(compareBooks(ours('1', [ETH, 'long', '0.001']), theirs('1'))).toEqual([{ symbol: ETH, recorded: '0.001', reported: '0' }]);
  });
});

describe('a difference', () => {
  const difference = { symbol: BTC, recorded: decimal('1'), reported: decimal('2') };
  const first = keepSeen([], [difference], NOW);

  test('keeps the moment of its first sight while it stays the same', () => {
    expect(keepSeen(first, [difference], addMs(NOW, 9_000))).toEqual([{ ...difference, since: NOW }]);
  });

  test('begins anew when either side moved, and is forgotten when it is gone', () => {
    const moved = keepSeen(first, [{ ...difference, recorded: decimal('1.5') }], addMs(NOW, 9_000));
    expect(moved[0]?.since).toBe(addMs(NOW, 9_000));
    expect(keepSeen(first, [], addMs(NOW, 9_000))).toEqual([]);
  });

  test('is settled after ten seconds, not before', () => {
    const [seen] = first;
    if (seen === undefined) throw new Error('Expected a difference.');
    expect(isSettled(seen, addMs(NOW, DIFFERENCE_MS_MIN - 1))).toBe(false);
    expect(isSettled(seen, addMs(NOW, DIFFERENCE_MS_MIN))).toBe(true);
  });
});
