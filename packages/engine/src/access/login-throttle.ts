import type { Clock } from '../ports/clock.ts';

/** Failures in a row that cost nothing; the next one starts the back-off. */
const FREE_FAILURES = 4;
const DELAY_FIRST_MS = 1_000;
const DELAY_MAX_MS = 15 * 60_000;
/** A key without a failure for this long starts afresh. */
const FORGET_AFTER_MS = 30 * 60_000;
/** Keys remembered at once; beyond it the one that failed longest ago is dropped. */
const KEYS_MAX = 10_000;

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

/**
 * Back-off for guessing passwords and tokens, in memory: from the fifth failure in a row of a key (a login name, an
 * address) each further try must wait 1 s, 2 s, 4 s … 15 min. A try counts as failed from its start, so that many at once gain nothing.
 */
export class LoginThrottle {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** In order of the last failure, oldest first. */
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Milliseconds to wait, or 0 when the try may go on; then it is counted as a failure of every key until {@link succeed}. */
  begin(keys: readonly string[]): number {
    const wait = Math.max(0, ...keys.map((key) => this.#waitMs(key)));
    if (wait > 0) return wait;
    for (const key of keys) this.#count(key);
    return 0;
  }

  /** The try was right: the first key (the person) is clean again, the others (addresses) lose only this try. */
  succeed(keys: readonly string[]): void {
    keys.forEach((key, index) => {
      const found = this.#failures.get(key);
      if (found === undefined) return;
      if (index === 0 || found.count <= 1) this.#failures.delete(key);
      else this.#failures.set(key, { ...found, count: found.count - 1 });
    });
  }

  #waitMs(key: string): number {
    const found = this.#failures.get(key);
    if (found === undefined || found.count <= FREE_FAILURES) return 0;
    const elapsed = this.#clock.monotonicMs() - found.lastMs;
    if (elapsed >= FORGET_AFTER_MS) return 0;
    const delay = Math.min(DELAY_MAX_MS, DELAY_FIRST_MS * 2 ** (found.count - FREE_FAILURES - 1));
    return Math.max(0, Math.ceil(delay - elapsed));
  }

  #count(key: string): void {
    const now = this.#clock.monotonicMs();
    const found = this.#failures.get(key);
    const isForgotten = found === undefined || now - found.lastMs >= FORGET_AFTER_MS;
    this.#failures.delete(key);
    this.#failures.set(key, { count: isForgotten ? 1 : found.count + 1, lastMs: now });
    if (this.#failures.size <= KEYS_MAX) return;
    const oldest = this.#failures.keys().next();
    if (!oldest.done) this.#failures.delete(oldest.value);
  }
}
