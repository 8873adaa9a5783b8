import type { SeededRandom } from '@hyperoru/testkit';

/** Draws from the one source of chance of a seed. */
export class Draw {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  chance(share: number): boolean {
    return share > 0 && this.#random.next() < share;
  }

  /** Uniform in [from, to). */
  between(from: number, to: number): number {
    return from + this.#random.next() * (to - from);
  }

  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  oneOf<T>(options: readonly [T, ...T[]]): T {
    return options[this.whole(0, options.length - 1)] ?? options[0];
  }
}
