import type { Clock } from '@hyperoru/engine';

/** One timer, for the earliest of the moments it is set to. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #next: { readonly at: number; readonly cancel: AbortController } | null = null;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  set(at: number): void {
    const now = this.#clock.now();
    if (this.#next !== null && this.#next.at <= at && this.#next.at > now) return;
    this.#next?.cancel.abort(new Error('Another job is due earlier.'));
    const next = { at, cancel: new AbortController() };
    this.#next = next;
    this.#clock.sleep(Math.max(1, at - now), next.cancel.signal).then(
      () => {
        this.#next = null;
        this.#ring();
      },
      // Canceled: an earlier job or the end took over.
      () => undefined,
    );
  }

  cancel(): void {
    this.#next?.cancel.abort(new Error('The worker stopped.'));
    this.#next = null;
  }
}
