import type { Ids } from '@hyperoru/engine';
import type { Owner, Transaction } from './core/transaction.ts';
import type { MemoryProcessOptions } from './process-options.ts';
import type { Tables } from './tables.ts';

/** What transactions need of the database. */
export interface Durable {
  readonly tables: Tables;
  readonly ids: Pick<Ids, 'hash'>;
  /** The next number of the database for rows without an id of their own. */
  readonly nextId: () => number;
  /** Tells every worker that jobs were committed. */
  readonly announceJobs: () => void;
}

/** The database as its processes know it. */
export interface Database extends Durable {
  /** Those that live. */
  readonly processes: Set<Host>;
}

/** A process as the database, its own jobs and its own reads know it. */
export interface Host extends Owner {
  readonly database: Database;
  readonly id: number;
  readonly options: MemoryProcessOptions;
  readonly jobs: { readonly isStarted: boolean; look(): void };
  /** One statement outside of a transaction, e.g. of the job runner. */
  statement<T>(point: string, act: (tx: Transaction) => T | Promise<T>): Promise<T>;
  die(cause: 'process' | 'power'): void;
}
