import type { PublishedEvent, ReadModel, Store, StoreTx } from '@hyperoru/engine';
import type { TxContext } from './context.ts';
import { never, Transaction } from './core/transaction.ts';
import type { Database, Host } from './host.ts';
import { MemoryJobRunner } from './jobs/runner.ts';
import type { MemoryProcessOptions } from './process-options.ts';
import { memoryReadModel } from './reads/read-model.ts';
import { MemoryStoreTx } from './store-tx.ts';
import { flushJournal } from './tx/journal.ts';

/** One process at the database. After its death no promise of its handles ever settles. */
export class MemoryProcess implements Host, Store {
  readonly database: Database;
  readonly id: number;
  readonly options: MemoryProcessOptions;
  readonly readModel: ReadModel;
  readonly jobs: MemoryJobRunner;
  isDead = false;
  readonly #open = new Set<Transaction>();
  readonly #listeners = new Set<(events: readonly PublishedEvent[]) => void>();

  constructor(database: Database, id: number, options: MemoryProcessOptions) {
    this.database = database;
    this.id = id;
    this.options = options;
    this.readModel = memoryReadModel(this);
    this.jobs = new MemoryJobRunner(this);
  }

  get store(): Store {
    return this;
  }

  async transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T> {
    const begin = this.reach('transaction.begin');
    if (begin !== undefined) await begin;
    const context = this.#begin();
    const { tx } = context;
    let result: T;
    try {
      result = await work(new MemoryStoreTx(context));
      if (this.isDead) return never();
      await this.#commit(context);
    } catch (error) {
      if (this.isDead) return never();
      this.#open.delete(tx);
      tx.rollback();
      throw error;
    }
    const committed = this.reach('transaction.committed');
    if (committed !== undefined) await committed;
    for (const listener of context.pendingEvents.length === 0 ? [] : this.#listeners) listener(context.pendingEvents);
    for (const run of tx.afterCommit) run();
    return result;
  }

  onPublished(listener: (events: readonly PublishedEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async statement<T>(point: string, act: (tx: Transaction) => T | Promise<T>): Promise<T> {
    const tx = new Transaction(this);
    this.#open.add(tx);
    try {
      const result = await tx.call(point, () => act(tx));
      tx.checkReferences();
      this.#open.delete(tx);
      tx.apply();
      return result;
    } catch (error) {
      if (this.isDead) return never();
      this.#open.delete(tx);
      tx.rollback();
      throw error;
    }
  }

  /** The process ends where it stands. What it had committed stays, and so does a commit on its way to the disk. */
  crash(): void {
    this.die('process');
  }

  die(cause: 'process' | 'power'): void {
    if (this.isDead) return;
    this.isDead = true;
    this.database.processes.delete(this);
    for (const tx of this.#open) {
      if (cause === 'process' && tx.state === 'syncing') tx.apply();
      else tx.rollback();
    }
    this.#open.clear();
    this.#listeners.clear();
    this.jobs.die();
  }

  reach(point: string): Promise<void> | undefined {
    if (this.isDead) return never();
    const pause = this.options.onCall?.(point);
    if (this.isDead) return never();
    return pause === undefined ? undefined : this.#unlessDead(pause);
  }

  async #unlessDead(pause: Promise<void>): Promise<void> {
    try {
      await pause;
    } catch (error) {
      if (this.isDead) return never();
      throw error;
    }
    if (this.isDead) return never();
  }

  #begin(): TxContext {
    const { tables, ids, nextId, announceJobs } = this.database;
    const tx = new Transaction(this);
    this.#open.add(tx);
    return { tx, tables, ids, nextId, announceJobs, pendingEvents: [], pendingAudit: [], woken: new Set() };
  }

  async #commit(context: TxContext): Promise<void> {
    const { tx } = context;
    const commit = this.reach('transaction.commit');
    if (commit !== undefined) await commit;
    // After a failed statement whose error was swallowed, PostgreSQL answers COMMIT with a silent rollback.
    if (tx.failure !== null)
      throw new Error('Expected the transaction to commit, but a statement in it had failed and its error was ignored.', {
        cause: tx.failure,
      });
    tx.state = 'committing';
    await flushJournal(context);
    tx.checkReferences();
    tx.state = 'syncing';
    // What has written nothing has nothing to sync.
    const sync = tx.hasWritten ? this.reach('transaction.sync') : undefined;
    if (sync !== undefined) await sync;
    this.#open.delete(tx);
    tx.apply();
  }
}
