import type { Clock } from '@hyperoru/engine';

/**
 * Orders bring their stored number, about the moment they are sent. Other actions of the same wallet must never take a number
 * that an order in flight carries, so theirs lie this far in the past, further than any order lives. The venue takes a number
 * once, and none below the hundred highest it has seen of a wallet.
 */
const LAG_MS = 10_000;

/** Numbers of the actions that are no orders: cancels and leverage. They can be sent again under another number. */
export class SideNonces {
  readonly #clock: Clock;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): number {
    this.#last = Math.max(this.#clock.now() - LAG_MS, this.#last + 1);
    return this.#last;
  }
}
