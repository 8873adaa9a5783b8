import type { Settled, Transaction } from './transaction.ts';

/** How a row is held: `share` keeps changes away, `noKey` other holders too. New references to the row are free either way. */
export type LockMode = 'share' | 'noKey';

/** What a cell needs of the table it stands in. */
interface CellTable<Row> {
  /** Makes `kept` the only version of the cell. */
  settle(cell: Cell<Row>, kept: Row | null): void;
}

/** One row with its committed version, the version its writer has not committed yet, and who holds it. */
export class Cell<Row> implements Settled {
  readonly table: CellTable<Row>;
  readonly id: string;
  committed: Row | null = null;
  /** undefined = nothing written; null = deleted. */
  pending: Row | null | undefined = undefined;
  /** The one that may write; others wait for its end. */
  owner: Transaction | null = null;
  sharers: Set<Transaction> | null = null;

  constructor(table: CellTable<Row>, id: string) {
    this.table = table;
    this.id = id;
  }

  /** As READ COMMITTED sees it: one's own writes, else what is committed. */
  seenBy(tx: Transaction | null): Row | null {
    return this.pending !== undefined && this.owner === tx ? this.pending : this.committed;
  }

  /** A transaction that must end before this one may hold the row in this way; null = none. */
  blockerOf(tx: Transaction, mode: LockMode): Transaction | null {
    if (this.owner !== null && this.owner !== tx) return this.owner;
    if (mode === 'share' || this.sharers === null) return null;
    for (const sharer of this.sharers) if (sharer !== tx) return sharer;
    return null;
  }

  take(tx: Transaction, mode: LockMode): void {
    if (this.owner === tx) return;
    if (mode === 'share') {
      this.sharers ??= new Set();
      if (this.sharers.has(tx)) return;
      this.sharers.add(tx);
    } else {
      this.owner = tx;
    }
    tx.holds(this);
  }

  release(tx: Transaction): void {
    if (this.owner === tx) this.owner = null;
    this.sharers?.delete(tx);
  }

  apply(): void {
    this.table.settle(this, this.pending ?? null);
  }

  revert(): void {
    this.table.settle(this, this.committed);
  }
}
