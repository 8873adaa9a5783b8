import { Cell, type LockMode } from './cell.ts';
import { IndexMap, type KeyOf } from './index-map.ts';
import { type Reference, type TableOptions, UniqueViolation } from './table-options.ts';
import type { Referable, Transaction } from './transaction.ts';

/** The name of the rule that says each id is there once. */
export const PRIMARY_KEY = 'primary key';

/** Rows by id, with READ COMMITTED versions, row locks and unique rules that wait for writers that have not ended. */
export class Table<Row> implements Referable {
  readonly name: string;
  readonly #idOf: (row: Row) => string;
  readonly #stored: (row: Row) => Row;
  readonly #cells = new Map<string, Cell<Row>>();
  readonly #indexes: IndexMap<Row>[] = [];
  readonly #references: readonly Reference<Row>[];

  constructor(options: TableOptions<Row>) {
    this.name = options.name;
    this.#idOf = options.idOf;
    this.#stored = options.stored ?? ((row) => row);
    this.#references = options.references ?? [];
    for (const [rule, keyOf] of Object.entries(options.unique ?? {})) this.#indexes.push(new IndexMap(rule, true, keyOf));
  }

  /** An index that only makes finding cheap. To be made before the first row. */
  index(keyOf: KeyOf<Row>): IndexMap<Row> {
    const made = new IndexMap(this.name, false, keyOf);
    this.#indexes.push(made);
    return made;
  }

  /** The index behind a unique rule. */
  rule(name: string): IndexMap<Row> {
    const found = this.#indexes.find((index) => index.isUnique && index.name === name);
    if (found === undefined) throw new Error(`Expected a unique rule of ${this.name}, was ${name}.`);
    return found;
  }

  get(tx: Transaction | null, id: string): Row | null {
    return this.#cells.get(id)?.seenBy(tx) ?? null;
  }

  has(id: string, tx: Transaction): boolean {
    return this.get(tx, id) !== null;
  }

  all(tx: Transaction | null): Row[] {
    return rowsOf(this.#cells.values(), tx);
  }

  under(tx: Transaction | null, index: IndexMap<Row>, key: string): Row[] {
    const rows: Row[] = [];
    for (const cell of index.under(key)) {
      const row = cell.seenBy(tx);
      if (row !== null && index.keyOf(row) === key) rows.push(row);
    }
    return rows;
  }

  /** Every row that the index has under any key. */
  indexed(tx: Transaction | null, index: IndexMap<Row>): Row[] {
    return rowsOf(index.cells(), tx).filter((row) => index.keyOf(row) !== null);
  }

  find(tx: Transaction | null, index: IndexMap<Row>, key: string): Row | null {
    return this.under(tx, index, key)[0] ?? null;
  }

  /** The name of the rule that forbids it, or null when the row was inserted. Waits for writers of the same keys to end. */
  async insert(tx: Transaction, given: Row): Promise<string | null> {
    const row = this.#stored(given);
    const id = this.#idOf(row);
    for (;;) {
      const cell = this.#cells.get(id);
      const blocker = cell?.blockerOf(tx, 'noKey') ?? null;
      // A row that is only locked is there and stays there.
      if (cell !== undefined && (blocker === null || cell.pending === undefined) && cell.seenBy(tx) !== null) return PRIMARY_KEY;
      const problem = blocker ?? this.#problemOf(tx, row, cell ?? null);
      if (typeof problem === 'string') return problem;
      if (problem === null) {
        const own = cell ?? this.#newCell(id);
        own.take(tx, 'noKey');
        this.#write(tx, own, row);
        return null;
      }
      await tx.waitFor(problem);
    }
  }

  /** As insert, for rules that nobody expects to break. */
  async insertNew(tx: Transaction, row: Row): Promise<void> {
    const rule = await this.insert(tx, row);
    if (rule !== null) throw new UniqueViolation(rule);
  }

  /** The newest committed version, held until the transaction ends. null = there is none to see. */
  async lock(tx: Transaction, id: string, mode: LockMode): Promise<Row | null> {
    for (;;) {
      const cell = this.#cells.get(id);
      if (cell === undefined || cell.seenBy(tx) === null) return null;
      const blocker = cell.blockerOf(tx, mode);
      if (blocker === null) {
        cell.take(tx, mode);
        return cell.seenBy(tx);
      }
      await tx.waitFor(blocker);
    }
  }

  /**
   * Changes the row if it is there and `applies`; says whether it did. As an UPDATE at READ COMMITTED: what does not apply at first
   * sight is left alone without waiting, what does is looked at again once it is held.
   */
  async update(tx: Transaction, id: string, change: (row: Row) => Row | null, applies: (row: Row) => boolean = always): Promise<boolean> {
    const seen = this.get(tx, id);
    if (seen === null || !applies(seen)) return false;
    const held = await this.lock(tx, id, 'noKey');
    if (held === null || !applies(held)) return false;
    const changed = change(held);
    const next = changed === null ? null : this.#stored(changed);
    for (;;) {
      const cell = this.#cells.get(id);
      if (cell === undefined) return false;
      const problem = next === null ? null : this.#problemOf(tx, next, cell);
      if (problem === null) {
        this.#write(tx, cell, next);
        return true;
      }
      if (typeof problem === 'string') throw new UniqueViolation(problem);
      await tx.waitFor(problem);
    }
  }

  /** Inserts, or replaces the row of the same id. */
  async put(tx: Transaction, row: Row, merge: (old: Row) => Row = () => row): Promise<void> {
    for (;;) {
      const rule = await this.insert(tx, row);
      if (rule === null) return;
      if (rule !== PRIMARY_KEY) throw new UniqueViolation(rule);
      if (await this.update(tx, this.#idOf(row), merge)) return;
    }
  }

  /** True while no other transaction holds the row: what SKIP LOCKED would pick. */
  isFree(tx: Transaction, id: string): boolean {
    const owner = this.#cells.get(id)?.owner ?? null;
    return owner === null || owner === tx;
  }

  /** Changes a row that nobody holds at once, outside of any transaction. */
  patch(id: string, change: (row: Row) => Row): void {
    const cell = this.#cells.get(id);
    if (cell === undefined || cell.owner !== null || cell.committed === null) return;
    const next = change(cell.committed);
    for (const index of this.#indexes) index.beforeWrite(cell, next);
    this.settle(cell, next);
  }

  /** Makes `kept` the only version of the cell. */
  settle(cell: Cell<Row>, kept: Row | null): void {
    for (const index of this.#indexes) index.beforeSettle(cell, kept);
    cell.committed = kept;
    cell.pending = undefined;
    if (kept === null) this.#cells.delete(cell.id);
  }

  #newCell(id: string): Cell<Row> {
    const cell = new Cell(this, id);
    this.#cells.set(id, cell);
    return cell;
  }

  #write(tx: Transaction, cell: Cell<Row>, next: Row | null): void {
    tx.assertNotEnded();
    if (cell.pending === undefined) tx.wrote(cell);
    for (const index of this.#indexes) index.beforeWrite(cell, next);
    if (next !== null) {
      const before = cell.seenBy(tx);
      for (const reference of this.#references) {
        const id = reference.idOf(next);
        if (id !== null && (before === null || reference.idOf(before) !== id)) tx.refersTo(reference.name, reference.to, id);
      }
    }
    cell.pending = next;
  }

  /** A broken unique rule, or the transaction whose end decides whether it is. */
  #problemOf(tx: Transaction, row: Row, self: Cell<Row> | null): string | Transaction | null {
    let waiting: Transaction | null = null;
    for (const index of this.#indexes) {
      if (!index.isUnique) continue;
      const key = index.keyOf(row);
      if (key === null) continue;
      for (const cell of index.under(key)) {
        if (cell === self) continue;
        if (cell.owner !== null && cell.owner !== tx && cell.pending !== undefined) waiting ??= cell.owner;
        else if (index.keyOfVersion(cell.seenBy(tx)) === key) return index.name;
      }
    }
    return waiting;
  }
}

const always = () => true;

function rowsOf<Row>(cells: Iterable<Cell<Row>>, tx: Transaction | null): Row[] {
  const rows: Row[] = [];
  for (const cell of cells) {
    const row = cell.seenBy(tx);
    if (row !== null) rows.push(row);
  }
  return rows;
}
