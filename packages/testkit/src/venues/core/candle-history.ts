import { INTERVAL_MS, type PriceStep, type Symbol, toNumber } from '@hyperoru/domain';

/** One bar as strings are made of it; numbers are enough for what only statistics read. */
export interface VenueBar {
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly trades: number;
}

/** Bars kept per symbol and interval; the venue itself keeps no more. */
export const BARS_MAX = 5000;
const MINUTE_MS = INTERVAL_MS['1m'];
/** Base volume that each move of the price adds to its bar. */
const VOLUME_PER_MOVE = 1;

/** Bars of every symbol: seeded by the test, then grown by each move of the price. */
export class CandleHistory {
  readonly #minutes = new Map<Symbol, VenueBar[]>();
  readonly #seeded = new Map<string, readonly VenueBar[]>();

  /** Sets the bars of one interval; they stand in front of what moves make. */
  seed(symbol: Symbol, intervalMs: number, bars: readonly VenueBar[]): void {
    this.#seeded.set(`${symbol}|${intervalMs}`, bars.slice(-BARS_MAX));
  }

  move(step: PriceStep, at: number): void {
    const minutes = this.#minutes.get(step.symbol) ?? [];
    this.#minutes.set(step.symbol, minutes);
    const openTime = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const bar = barOf(step, openTime);
    const last = minutes.at(-1);
    if (last !== undefined && last.openTime >= openTime) minutes[minutes.length - 1] = merged(last, bar);
    else minutes.push(bar);
    if (minutes.length > BARS_MAX) minutes.shift();
  }

  /** Bars that open within the range, oldest first; the last may still be forming. */
  bars(symbol: Symbol, intervalMs: number, fromMs: number, toMs: number): readonly VenueBar[] {
    const bars = new Map<number, VenueBar>();
    for (const bar of this.#seeded.get(`${symbol}|${intervalMs}`) ?? []) bars.set(bar.openTime, bar);
    for (const minute of this.#minutes.get(symbol) ?? []) {
      const openTime = Math.floor(minute.openTime / intervalMs) * intervalMs;
      const known = bars.get(openTime);
      bars.set(openTime, known === undefined ? { ...minute, openTime } : merged(known, minute));
    }
    const inRange = [...bars.values()].filter((bar) => bar.openTime >= fromMs && bar.openTime <= toMs);
    return inRange.sort((a, b) => a.openTime - b.openTime).slice(-BARS_MAX);
  }
}

function barOf(step: PriceStep, openTime: number): VenueBar {
  const { open, high, low, mark } = step;
  return {
    openTime,
    open: toNumber(open),
    high: toNumber(high),
    low: toNumber(low),
    close: toNumber(mark),
    volume: VOLUME_PER_MOVE,
    trades: 1,
  };
}

const merged = (first: VenueBar, next: VenueBar): VenueBar => ({
  ...first,
  high: Math.max(first.high, next.high),
  low: Math.min(first.low, next.low),
  close: next.close,
  volume: first.volume + next.volume,
  trades: first.trades + next.trades,
});
