import type { Json, Timestamp, TraderId } from '@hyperoru/domain';
import type { PaperAccountRow, PaperCommit, PaperFillRow, PaperFundingRow, PaperOrderRow, PaperRows } from '@hyperoru/engine';

/** PaperRows in memory, with commits that can be made to fail before or after they are stored. */
export class MemoryPaperRows implements PaperRows {
  readonly #accounts = new Map<TraderId, PaperAccountRow>();
  readonly #orders = new Map<string, PaperOrderRow>();
  readonly #fills = new Map<string, PaperFillRow>();
  readonly #funding = new Map<string, PaperFundingRow>();
  readonly #markets = new Map<string, Json>();
  #nextCommits: ('fails' | 'is_stored_then_fails')[] = [];
  #gate: Promise<void> = Promise.resolve();
  /** Commits that were stored. */
  commits = 0;

  /** The next commits fail in this way, one after the other. */
  failNext(...outcomes: readonly ('fails' | 'is_stored_then_fails')[]): void {
    this.#nextCommits.push(...outcomes);
  }

  /** Holds commits back until the returned function is called. */
  holdCommits(): () => void {
    let release = (): void => undefined;
    this.#gate = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  async loadAccounts(): Promise<readonly PaperAccountRow[]> {
    return [...this.#accounts.values()];
  }

  async loadMarket(id: string): Promise<Json | null> {
    return this.#markets.get(id) ?? null;
  }

  async commit(change: PaperCommit): Promise<void> {
    await this.#gate;
    const outcome = this.#nextCommits.shift();
    if (outcome === 'fails') throw new Error('The commit failed.');
    // A copy, as a database would hold: later changes of the caller's objects do not reach it.
    const { accounts, orders, fills, funding, market } = structuredClone(change);
    for (const row of accounts) this.#accounts.set(row.traderId, row);
    for (const row of orders) this.#orders.set(`${row.traderId} ${row.clientOrderId}`, row);
    for (const row of fills) this.#keep(this.#fills, `${row.traderId} ${row.tradeId}`, row);
    for (const row of funding) this.#keep(this.#funding, `${row.traderId} ${row.fundingId}`, row);
    for (const row of market) this.#markets.set(row.id, row.state);
    this.commits += 1;
    if (outcome === 'is_stored_then_fails') throw new Error('The connection broke after the commit.');
  }

  async fillsSince(traderId: TraderId, at: Timestamp): Promise<readonly PaperFillRow[]> {
    return sorted(
      [...this.#fills.values()].filter((row) => row.traderId === traderId && row.at >= at),
      (row) => row.tradeId,
    );
  }

  async fundingSince(traderId: TraderId, at: Timestamp): Promise<readonly PaperFundingRow[]> {
    return sorted(
      [...this.#funding.values()].filter((row) => row.traderId === traderId && row.at >= at),
      (row) => row.fundingId,
    );
  }

  async findOrder(traderId: TraderId, clientOrderId: string): Promise<PaperOrderRow | null> {
    return this.#orders.get(`${traderId} ${clientOrderId}`) ?? null;
  }

  async deleteAccount(traderId: TraderId): Promise<void> {
    this.#accounts.delete(traderId);
  }

  #keep<Row>(rows: Map<string, Row>, key: string, row: Row): void {
    if (!rows.has(key)) rows.set(key, row);
  }
}

function sorted<Row extends { readonly at: Timestamp }>(rows: readonly Row[], idOf: (row: Row) => string): readonly Row[] {
  return [...rows].sort((a, b) => a.at - b.at || (idOf(a) < idOf(b) ? -1 : 1));
}
