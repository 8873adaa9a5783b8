import type { Candle } from '@hyperoru/domain';

/** Prices of a piece of a bar. */
export interface PathPiece {
  readonly open: number;
  readonly low: number;
  readonly high: number;
  readonly close: number;
}

/** The four points of the path stand at these shares of the bar; between them the price moves in straight lines. */
const POINT_SHARES = [0, 1 / 3, 2 / 3, 1] as const;

/** Open → the nearer of high and low → the other → close. Equally near: low first. */
export function pathPoints(bar: Candle): readonly [number, number, number, number] {
  const isHighNearer = bar.high - bar.open < bar.open - bar.low;
  return isHighNearer ? [bar.open, bar.high, bar.low, bar.close] : [bar.open, bar.low, bar.high, bar.close];
}

/** Price at a share (0–1) of the bar. */
export function priceAt(bar: Candle, share: number): number {
  const [open, first, second, close] = pathPoints(bar);
  if (share <= POINT_SHARES[1]) return between(open, first, share * 3);
  if (share <= POINT_SHARES[2]) return between(first, second, share * 3 - 1);
  return between(second, close, share * 3 - 2);
}

/** The path from one share to a later one, with the extremes it passed. */
export function pathPiece(bar: Candle, from: number, to: number): PathPiece {
  const open = priceAt(bar, from);
  const close = priceAt(bar, to);
  const passed = pathPoints(bar).filter((_, index) => {
    const share = POINT_SHARES[index] ?? 1;
    return share > from && share < to;
  });
  return { open, close, low: Math.min(open, close, ...passed), high: Math.max(open, close, ...passed) };
}

function between(a: number, b: number, share: number): number {
  // At the ends exactly the recorded numbers, whatever rounding does in between.
  if (share <= 0) return a;
  return share >= 1 ? b : a + (b - a) * share;
}
