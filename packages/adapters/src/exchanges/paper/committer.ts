import type { PaperCommit, PaperMarketRow, PaperRows } from '@hyperoru/engine';

/** Changes of one account that become durable together. */
export type AccountChange = Omit<PaperCommit, 'market'>;

/** Changes written in one transaction at most, so that a burst cannot make a statement without bound. */
const BATCH_CHANGES_MAX = 200;

interface Waiting {
  readonly change: AccountChange;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes changes of many accounts in few transactions: what arrives while one is being written goes together into the next.
 * Each carries the market's state, which therefore never lags behind an account and never runs backwards.
 */
export class Committer {
  readonly #rows: PaperRows;
  readonly #market: () => PaperMarketRow;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(rows: PaperRows, market: () => PaperMarketRow) {
    this.#rows = rows;
    this.#market = market;
  }

  /** Resolves once the change is synced; rejects when it is not known to be. */
  submit(change: AccountChange): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      if (this.#isWriting) return;
      this.#isWriting = true;
      // Its promise never rejects: each failure is told to the changes it concerns.
      void this.#write();
    });
  }

  /** Stores the market's state alone. */
  submitMarket(): Promise<void> {
    return this.submit({ accounts: [], orders: [], fills: [], funding: [] });
  }

  async #write(): Promise<void> {
    // One turn later everything that happened at the same moment is here.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH_CHANGES_MAX);
      try {
        await this.#rows.commit({
          accounts: batch.flatMap((waiting) => waiting.change.accounts),
          orders: batch.flatMap((waiting) => waiting.change.orders),
          fills: batch.flatMap((waiting) => waiting.change.fills),
          funding: batch.flatMap((waiting) => waiting.change.funding),
          market: [this.#market()],
        });
        for (const waiting of batch) waiting.resolve();
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.#isWriting = false;
  }
}
