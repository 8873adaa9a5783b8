import { type Candle, symbol, timestamp } from '@hyperoru/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathPiece, pathPoints, priceAt } from './bar-path.ts';

const bar = (open: number, high: number, low: number, close: number): Candle => ({
  symbol: symbol('BTC'),
  interval: '4h',
  openTime: timestamp(0),
  open,
  high,
  low,
  close,
  volume: 1,
});

const aBar = fc
  .array(fc.double({ min: 1, max: 100_000, noNaN: true }), { minLength: 4, maxLength: 4 })
  .map((values) => values.toSorted((a, b) => a - b))
  .chain(([low = 1, a = 1, b = 1, high = 1]) => fc.constantFrom(bar(a, high, low, b), bar(b, high, low, a)));

describe('the path inside a bar', () => {
  it('goes to the nearer extreme first, and to the low when both are equally near', () => {
    expect(pathPoints(bar(10, 12, 5, 8))).toEqual([10, 12, 5, 8]);
    expect(pathPoints(bar(10, 20, 9, 8))).toEqual([10, 9, 20, 8]);
    expect(pathPoints(bar(10, 12, 8, 9))).toEqual([10, 8, 12, 9]);
  });

  it('stands on the recorded numbers at its points and in the middle between them', () => {
    const path = bar(10, 12, 5, 8);
    expect([0, 1 / 3, 2 / 3, 1].map((share) => priceAt(path, share))).toEqual([10, 12, 5, 8]);
    expect([1 / 6, 1 / 2, 5 / 6].map((share) => priceAt(path, share))).toEqual([11, 8.5, 6.5]);
  });

  it('tells the extremes a piece passed, and those at its ends', () => {
    const path = bar(10, 12, 5, 8);
    expect(pathPiece(path, 0, 1)).toEqual({ open: 10, high: 12, low: 5, close: 8 });
    expect(pathPiece(path, 1 / 6, 1 / 2)).toEqual({ open: 11, high: 12, low: 8.5, close: 8.5 });
    expect(pathPiece(path, 1 / 2, 5 / 6)).toEqual({ open: 8.5, high: 8.5, low: 5, close: 6.5 });
  });

  it('never leaves the bar, and pieces join without a jump', () => {
    fc.assert(
      fc.property(aBar, fc.double({ min: 0, max: 1, noNaN: true }), (path, share) => {
        const [before, after] = [pathPiece(path, 0, share), pathPiece(path, share, 1)];
        for (const piece of [before, after]) {
          expect(piece.low).toBeGreaterThanOrEqual(path.low);
          expect(piece.high).toBeLessThanOrEqual(path.high);
          expect(piece.low).toBeLessThanOrEqual(Math.min(piece.open, piece.close));
          expect(piece.high).toBeGreaterThanOrEqual(Math.max(piece.open, piece.close));
        }
        expect(before.close).toBe(after.open);
        expect([Math.max(before.high, after.high), Math.min(before.low, after.low)]).toEqual([path.high, path.low]);
      }),
    );
  });
});
