import type { Clock } from '@hyperoru/engine';

/** The measurement is repeated after this long, while the old one stays in use. */
const MEASUREMENT_MS_MAX = 60_000;

/**
 * The venue's clock, measured by asking: at most half a round trip off. It runs with the monotonic clock, so a jump of the wall
 * clock does not move it.
 */
export class VenueClock {
  readonly #clock: Clock;
  readonly #ask: () => Promise<number>;
  #measured: { readonly venueMs: number; readonly atMs: number } | null = null;
  #measuring: Promise<void> | null = null;

  /** `ask` resolves to the venue's time, ms. */
  constructor(clock: Clock, ask: () => Promise<number>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Milliseconds of the venue's clock. Waits for a measurement only when there is none; throws what `ask` throws. */
  async now(): Promise<number> {
    if (this.#measured === null) await this.measure();
    else if (this.#clock.monotonicMs() - this.#measured.atMs > MEASUREMENT_MS_MAX) this.measure().catch(() => undefined);
    if (this.#measured === null) throw new Error('Expected a measurement.');
    return Math.floor(this.#measured.venueMs + this.#clock.monotonicMs() - this.#measured.atMs);
  }

  measure(): Promise<void> {
    this.#measuring ??= this.#measureOnce().finally(() => {
      this.#measuring = null;
    });
    return this.#measuring;
  }

  async #measureOnce(): Promise<void> {
    const askedMs = this.#clock.monotonicMs();
    const venueMs = await this.#ask();
    const answeredMs = this.#clock.monotonicMs();
    this.#measured = { venueMs, atMs: (askedMs + answeredMs) / 2 };
  }
}
