import type { AccountState, QuietBands, TraderId } from '@hyperoru/domain';

/** One account in memory with its lane: work on it runs one after the other, work on others is not waited for. */
export class PaperAccount {
  readonly traderId: TraderId;
  /** null until the account is opened and durable. */
  state: AccountState | null = null;
  isClosed = false;
  /** True after a commit whose fate is unknown: the rows must be read again before anything else happens. */
  isDoubtful = false;
  /** What prices it can sleep through; null = not known, for something changed. */
  quiet: QuietBands | null = null;
  #waiting = 0;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(traderId: TraderId) {
    this.traderId = traderId;
  }

  /** Runs the work after all work before it, whatever became of that. */
  inLane<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#tail.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#tail = result.catch(() => null);
    return result;
  }

  /** True while work runs or waits in the lane. */
  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  /** True when a price can do something to it. */
  get isExposed(): boolean {
    return this.state !== null && !this.isClosed && (this.state.positions.length > 0 || this.state.orders.length > 0);
  }
}
