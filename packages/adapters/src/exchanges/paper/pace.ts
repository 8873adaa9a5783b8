import { setImmediate } from 'node:timers/promises';

/** Accounts advanced before others in the process get a turn; about 3 ms of work. */
const ACCOUNTS_PER_TURN = 10;

/** Spreads work on many accounts over turns of the event loop: the first ten at once, the next ten one turn later, and so on. */
export class Pace {
  #given = 0;
  #turn: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn. */
  nextTurn(): Promise<void> {
    if (this.#given > 0 && this.#given % ACCOUNTS_PER_TURN === 0) this.#turn = this.#turn.then(() => setImmediate());
    this.#given += 1;
    return this.#turn;
  }
}
