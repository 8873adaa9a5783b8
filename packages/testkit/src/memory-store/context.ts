import type { AuditEntry, Ids, PublishedEvent } from '@hyperoru/engine';
import type { Transaction } from './core/transaction.ts';
import type { Tables } from './tables.ts';

/** One open transaction, shared by all parts of a StoreTx. */
export interface TxContext {
  readonly tx: Transaction;
  readonly tables: Tables;
  readonly ids: Pick<Ids, 'hash'>;
  /** The next number of the database for rows without an id of their own. */
  readonly nextId: () => number;
  /** Written right before the commit. */
  readonly pendingEvents: PublishedEvent[];
  readonly pendingAudit: Omit<AuditEntry, 'seq' | 'previousHash' | 'hash'>[];
  /** Traders woken already: one wake per transaction is enough. */
  readonly woken: Set<string>;
  /** Tells every worker that jobs were committed. */
  readonly announceJobs: () => void;
}
