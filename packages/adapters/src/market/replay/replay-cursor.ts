import { INTERVAL_MS } from '@hyperoru/domain';
import { type CandleSeries, indexOfOpen, rowsIn, rowsUntil } from './candle-series.ts';

/** A stretch of market time inside one slot of the bar grid. `from` is exclusive, `to` inclusive. */
export interface Segment {
  readonly slotOpen: number;
  readonly from: number;
  readonly to: number;
}

/** Slots one advance may pass; a speed beyond it is refused at the start. */
export const SLOTS_PER_ADVANCE_MAX = 100;

/** Market time over several recordings of one interval: knows where there are bars and where there are none. */
export class ReplayTimeline {
  readonly #series: readonly CandleSeries[];
  readonly #width: number;
  readonly firstOpen: number;
  /** Close of the last bar of all. */
  readonly end: number;

  constructor(series: readonly CandleSeries[]) {
    const [first] = series;
    if (first === undefined || series.some((other) => other.interval !== first.interval)) {
      throw new RangeError('Expected at least one recording, all of the same interval.');
    }
    this.#series = series;
    this.#width = INTERVAL_MS[first.interval];
    this.firstOpen = Math.min(...series.map((one) => one.openTime[0] ?? Number.NaN));
    this.end = Math.max(...series.map((one) => one.openTime[rowsIn(one) - 1] ?? Number.NaN)) + this.#width;
  }

  /** Open of the slot a moment lies in; a moment on the grid ends a slot rather than beginning one. */
  slotOf(cursor: number): number {
    return (Math.ceil(cursor / this.#width) - 1) * this.#width;
  }

  /** Share (0–1] of the slot that has passed at the moment. */
  shareOf(slotOpen: number, at: number): number {
    return (at - slotOpen) / this.#width;
  }

  /** The stretches from the cursor over `ms` of recorded time; slots without a bar of any symbol take no time. Empty at the end. */
  segments(cursor: number, ms: number): readonly Segment[] {
    const segments: Segment[] = [];
    let from = cursor;
    let rest = ms;
    while (rest > 0 && segments.length < SLOTS_PER_ADVANCE_MAX) {
      const slotOpen = this.#recordedSlotFrom(Math.floor(from / this.#width) * this.#width);
      if (slotOpen === null) break;
      from = Math.max(from, slotOpen);
      const to = Math.min(from + rest, slotOpen + this.#width);
      segments.push({ slotOpen, from, to });
      rest -= to - from;
      from = to;
    }
    return segments;
  }

  #recordedSlotFrom(slotOpen: number): number | null {
    if (this.#series.some((one) => indexOfOpen(one, slotOpen) >= 0)) return slotOpen;
    const next = this.#series.flatMap((one) => {
      const open = one.openTime[rowsUntil(one, slotOpen)];
      return open === undefined ? [] : [open];
    });
    return next.length === 0 ? null : Math.min(...next);
  }
}
