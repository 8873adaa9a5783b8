import { Conflict } from '@hyperoru/engine';
import { DeadlockDetected } from './deadlock.ts';

/** A promise that never settles: what a dead process waits for. One for each who waits, for it keeps everyone who waits for it. */
export const never = (): Promise<never> => new Promise(() => undefined);

/** The process a transaction belongs to. */
export interface Owner {
  readonly isDead: boolean;
  /** Reached this named point; may wait, throw or never come back. undefined = nothing to wait for. */
  reach(point: string): Promise<void> | undefined;
}

/** What a transaction does with every row it wrote, when it ends. */
export interface Settled {
  /** The written version is the committed one from now on. */
  apply(): void;
  /** The written version never was. */
  revert(): void;
}

/** What a reference needs of the table it leads to. */
export interface Referable {
  has(id: string, tx: Transaction): boolean;
}

interface Held {
  release(tx: Transaction): void;
}
interface Checked {
  readonly name: string;
  readonly to: Referable;
  readonly id: string;
}

/** `guarded`: behind a savepoint, so that a failure harms nothing. `local`: asks the database for nothing. */
export type CallKind = 'statement' | 'guarded' | 'local';

/** `syncing`: on its way to the disk, where only a power loss stops it. */
type State = 'open' | 'committing' | 'syncing' | 'ended';

/** Locks, writes and waits of one transaction. Knows no table. */
export class Transaction {
  readonly owner: Owner;
  state: State = 'open';
  /** The error of a statement after which nothing but the end is possible. */
  failure: unknown = null;
  /** Run when the writes become visible, in order. */
  readonly onApply: (() => void)[] = [];
  /** Run after the commit was answered. */
  readonly afterCommit: (() => void)[] = [];
  readonly #written: Settled[] = [];
  readonly #held: Held[] = [];
  readonly #references: Checked[] = [];
  readonly #waiters: (() => void)[] = [];
  #waitsFor: Transaction | null = null;

  constructor(owner: Owner) {
    this.owner = owner;
  }

  get hasWritten(): boolean {
    return this.#written.length > 0 || this.onApply.length > 0;
  }

  /** Runs one call of the store: passes its named point, and remembers when it fails. */
  async call<T>(point: string, act: () => T | Promise<T>, kind: CallKind = 'statement'): Promise<T> {
    this.#assertOpen();
    try {
      const pause = this.owner.reach(point);
      if (pause !== undefined) await pause;
      this.#assertOpen();
      if (this.failure !== null && kind !== 'local')
        throw new Error('current transaction is aborted, commands ignored until end of transaction block');
      const result = await act();
      return this.owner.isDead ? await never() : result;
    } catch (error) {
      if (this.owner.isDead) return never();
      // What was refused before it reached the database does not harm the transaction.
      if (!(kind !== 'statement' || error instanceof Conflict || error instanceof RangeError)) this.#fail(error);
      throw error;
    }
  }

  /** Takes note of a lock. A transaction that was ended, as by the death of its process, can take none: nobody would free it. */
  holds(cell: Held): void {
    if (this.state === 'ended') cell.release(this);
    this.assertNotEnded();
    this.#held.push(cell);
  }

  /** A transaction that was ended while it waited for a row can write nothing: nobody would apply or revert it. */
  assertNotEnded(): void {
    if (this.state === 'ended') throw new Error('Expected an open transaction, but it has ended.');
  }

  wrote(cell: Settled): void {
    this.#written.push(cell);
  }

  refersTo(name: string, to: Referable, id: string): void {
    this.#references.push({ name, to, id });
  }

  /** Waits until the other has ended. Throws DeadlockDetected when it waits, directly or through others, for this one. */
  async waitFor(other: Transaction): Promise<void> {
    for (let next: Transaction | null = other; next !== null; next = next.#waitsFor) if (next === this) throw new DeadlockDetected();
    this.#waitsFor = other;
    await new Promise<void>((resolve) => other.#waiters.push(resolve));
    this.#waitsFor = null;
    if (this.owner.isDead) await never();
  }

  /**
   * References are checked at the commit: rows of one transaction may be written in any order. No lock of a row keeps others from
   * referring to it, so nothing is waited for.
   */
  checkReferences(): void {
    for (const { name, to, id } of this.#references)
      if (!to.has(id, this)) throw new Error(`insert or update violates foreign key constraint "${name}"`);
  }

  /** Everything written becomes visible at once. */
  apply(): void {
    for (const cell of this.#written) cell.apply();
    for (const act of this.onApply) act();
    this.#end();
  }

  rollback(): void {
    if (this.state === 'ended') return;
    this.#undo();
    this.#end();
  }

  /** As in PostgreSQL: what the transaction did is undone and its locks are free at once; only its end is left. */
  #fail(error: unknown): void {
    if (this.failure !== null || this.state === 'ended') return;
    this.failure = error;
    this.#undo();
    this.#release();
  }

  #undo(): void {
    for (const cell of this.#written.splice(0)) cell.revert();
  }

  #end(): void {
    this.state = 'ended';
    this.#release();
  }

  #release(): void {
    for (const cell of this.#held.splice(0)) cell.release(this);
    for (const wake of this.#waiters.splice(0)) wake();
  }

  #assertOpen(): void {
    if (this.state !== 'open') throw new Error('Expected an open transaction, but it has ended: a statement in it was not awaited.');
  }
}
