import type { AuditEntry, Ids, StreamEvent } from '@hyperoru/engine';
import type pg from 'pg';
import { type Db, openDb } from './database.ts';

/** One open transaction, shared by all parts of a StoreTx. */
export interface TxContext {
  readonly client: pg.PoolClient;
  readonly db: Db;
  readonly ids: Ids;
  /** Written right before the commit, so that the locks they need are held as short as possible. */
  readonly pendingEvents: Omit<StreamEvent, 'seq'>[];
  readonly pendingAudit: Omit<AuditEntry, 'seq' | 'previousHash' | 'hash'>[];
  /** Traders woken already: one wake per transaction is enough. */
  readonly woken: Set<string>;
  /** Runs after the commit, in order; must not throw. */
  readonly afterCommit: (() => void)[];
}

/**
 * Runs `work` between BEGIN and COMMIT at READ COMMITTED; `beforeCommit` writes what was collected. Resolves only after the commit is on disk.
 * Throws what `work` throws, after everything was rolled back.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  ids: Ids,
  work: (context: TxContext) => Promise<T>,
  beforeCommit: (context: TxContext) => Promise<void>,
): Promise<T> {
  const client = await pool.connect();
  const gate = { isOpen: true };
  const guarded = onlyWhileOpen(client, gate);
  const context: TxContext = {
    client: guarded,
    db: openDb(guarded),
    ids,
    pendingEvents: [],
    pendingAudit: [],
    woken: new Set(),
    afterCommit: [],
  };
  let broken: Error | undefined;
  let result: T;
  try {
    await client.query('begin');
    result = await work(context);
    await beforeCommit(context);
    gate.isOpen = false;
    const { command } = await client.query('commit');
    // After a failed statement whose error was swallowed, PostgreSQL answers COMMIT with a silent rollback.
    if (command !== 'COMMIT')
      throw new Error('Expected the transaction to commit, but a statement in it had failed and its error was ignored.');
  } catch (error) {
    gate.isOpen = false;
    broken = await rollback(client);
    throw error;
  } finally {
    client.release(broken);
  }
  for (const run of context.afterCommit) run();
  return result;
}

async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

/** A statement that someone forgot to await must not run in the transaction that gets the connection next. */
function onlyWhileOpen(client: pg.PoolClient, gate: { readonly isOpen: boolean }): pg.PoolClient {
  const guarded: pg.PoolClient = Object.create(client);
  Object.defineProperty(guarded, 'query', {
    value: (...args: unknown[]) => {
      if (!gate.isOpen) throw new Error('Expected an open transaction, but it has ended: a statement in it was not awaited.');
      return Reflect.apply(client.query, client, args);
    },
  });
  return guarded;
}
