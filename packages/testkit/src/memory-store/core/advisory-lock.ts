import type { Transaction } from './transaction.ts';

/** A lock on nothing but its name, held until the transaction ends. */
export class AdvisoryLock {
  #owner: Transaction | null = null;

  async take(tx: Transaction): Promise<void> {
    while (this.#owner !== null && this.#owner !== tx) await tx.waitFor(this.#owner);
    if (this.#owner === tx) return;
    this.#owner = tx;
    tx.holds(this);
  }

  release(tx: Transaction): void {
    if (this.#owner === tx) this.#owner = null;
  }
}
