import { addMs, type Timestamp, timestamp } from '@hyperoru/domain';
import type { Clock } from '@hyperoru/engine';

/** 2026-01-01T00:00:00Z: where virtual time starts unless the test says otherwise. */
export const FAKE_EPOCH: Timestamp = timestamp(1_767_225_600_000);

/** A callback that starts a timer of 0 ms for ever would never let `advance` end. */
const FIRINGS_MAX = 1_000_000;

interface Timer {
  dueMs: number;
  readonly everyMs: number | null;
  readonly fire: () => void;
}

/** Virtual time: it stands still until `advance`, then sleeps and intervals fire in order of their time. */
export class FakeClock implements Clock {
  #wall: Timestamp;
  #monotonic = 0;
  readonly #timers = new Set<Timer>();

  constructor(start: Timestamp = FAKE_EPOCH) {
    this.#wall = start;
  }

  now(): Timestamp {
    return this.#wall;
  }

  monotonicMs(): number {
    return this.#monotonic;
  }

  /** Number of sleeps and intervals that wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Time until the next sleep ends or interval fires, ms; null when nothing waits. Lets a test see which limit has begun. */
  get nextDueMs(): number | null {
    const dues = [...this.#timers].map((timer) => timer.dueMs - this.#monotonic);
    return dues.length === 0 ? null : Math.min(...dues);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!(ms >= 0 && ms <= 2_147_483_647)) return Promise.reject(new RangeError(`Expected 0 to 2147483647 ms, was ${ms}.`));
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#timers.delete(timer);
        reject(signal?.reason);
      };
      const timer: Timer = {
        dueMs: this.#monotonic + ms,
        everyMs: null,
        fire: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#timers.add(timer);
    });
  }

  every(ms: number, callback: () => void): () => void {
    if (!(ms > 0 && ms <= 2_147_483_647)) throw new RangeError(`Expected 1 to 2147483647 ms, was ${ms}.`);
    const timer: Timer = { dueMs: this.#monotonic + ms, everyMs: ms, fire: callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Lets `ms` pass. After each firing everything that is ready runs before time goes on. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonic + ms;
    await settled();
    for (let firings = 0; ; firings++) {
      if (firings > FIRINGS_MAX) throw new Error(`More than ${FIRINGS_MAX} timers fired within ${ms} ms.`);
      const next = this.#next(endMs);
      if (next === null) break;
      this.#moveTo(next.dueMs);
      if (next.everyMs === null) this.#timers.delete(next);
      else next.dueMs += next.everyMs;
      next.fire();
      await settled();
    }
    this.#moveTo(endMs);
    await settled();
  }

  /** The wall clock is set by someone; monotonic time does not notice. */
  jumpWall(ms: number): void {
    this.#wall = addMs(this.#wall, ms);
  }

  #moveTo(monotonicMs: number): void {
    this.#wall = addMs(this.#wall, monotonicMs - this.#monotonic);
    this.#monotonic = monotonicMs;
  }

  /** Earliest due timer; of equals the one that was set first. */
  #next(endMs: number): Timer | null {
    let earliest: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.dueMs <= endMs && (earliest === null || timer.dueMs < earliest.dueMs)) earliest = timer;
    }
    return earliest;
  }
}

/** One turn of the event loop: all promise callbacks that are ready have run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
