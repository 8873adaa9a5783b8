import type { Cell } from './cell.ts';

/** null = the row is not in the index. */
export type KeyOf<Row> = (row: Row) => string | null;

/** Cells by a key of their rows. A cell stands under the keys of its committed and of its written version. */
export class IndexMap<Row> {
  readonly name: string;
  readonly isUnique: boolean;
  readonly keyOf: KeyOf<Row>;
  readonly #cells = new Map<string, Set<Cell<Row>>>();

  constructor(name: string, isUnique: boolean, keyOf: KeyOf<Row>) {
    this.name = name;
    this.isUnique = isUnique;
    this.keyOf = keyOf;
  }

  under(key: string): Iterable<Cell<Row>> {
    return this.#cells.get(key) ?? NOTHING;
  }

  keys(): Iterable<string> {
    return this.#cells.keys();
  }

  *cells(): Iterable<Cell<Row>> {
    for (const cells of this.#cells.values()) yield* cells;
  }

  keyOfVersion(row: Row | null | undefined): string | null {
    return row === null || row === undefined ? null : this.keyOf(row);
  }

  /** Before the cell's written version becomes `next`. */
  beforeWrite(cell: Cell<Row>, next: Row | null): void {
    const committed = this.keyOfVersion(cell.committed);
    const written = this.keyOfVersion(cell.pending);
    const key = this.keyOfVersion(next);
    if (written !== null && written !== committed && written !== key) this.#remove(written, cell);
    if (key !== null) this.#add(key, cell);
  }

  /** Before `kept` becomes the only version. */
  beforeSettle(cell: Cell<Row>, kept: Row | null): void {
    const key = this.keyOfVersion(kept);
    for (const version of [cell.committed, cell.pending]) {
      const old = this.keyOfVersion(version);
      if (old !== null && old !== key) this.#remove(old, cell);
    }
  }

  #add(key: string, cell: Cell<Row>): void {
    const cells = this.#cells.get(key);
    if (cells === undefined) this.#cells.set(key, new Set([cell]));
    else cells.add(cell);
  }

  #remove(key: string, cell: Cell<Row>): void {
    const cells = this.#cells.get(key);
    cells?.delete(cell);
    if (cells?.size === 0) this.#cells.delete(key);
  }
}

const NOTHING: readonly never[] = [];
