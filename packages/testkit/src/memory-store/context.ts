import type { AuditEntry, PublishedEvent } from '@hyperoru/engine';
import type { Transaction } from './core/transaction.ts';
import type { Durable } from './host.ts';

/** One open transaction, shared by all parts of a StoreTx. */
export interface TxContext extends Durable {
  readonly tx: Transaction;
  /** Written right before the commit. */
  readonly pendingEvents: PublishedEvent[];
  readonly pendingAudit: Omit<AuditEntry, 'seq' | 'previousHash' | 'hash'>[];
  /** Traders woken already: one wake per transaction is enough. */
  readonly woken: Set<string>;
}
