import type { Order } from '@hyperoru/domain';
import type { AuditEntry, Ids, StreamEvent } from '@hyperoru/engine';
import type pg from 'pg';
import { type Db, openDb } from './database.ts';
import type { Statement } from './statement.ts';

/** One open transaction, shared by all parts of a StoreTx. */
export interface TxContext {
  readonly client: pg.PoolClient;
  readonly db: Db;
  readonly ids: Ids;
  /** Executes a prepared query in the transaction. */
  run<Rows>(statement: Statement<Rows>, values?: Readonly<Record<string, unknown>>): Promise<Rows>;
  /** What follows is written right before the commit, in few round trips and so that the locks it needs are held as short as possible. */
  readonly pendingHistory: Pick<Order, 'id' | 'updatedAt' | 'state' | 'reason'>[];
  readonly pendingEvents: Omit<StreamEvent, 'seq'>[];
  readonly pendingAudit: Omit<AuditEntry, 'seq' | 'previousHash' | 'hash'>[];
  /** Traders woken already: one wake per transaction is enough. */
  readonly woken: Set<string>;
  /** Runs after the commit, in order; must not throw. */
  readonly afterCommit: (() => void)[];
}

/**
 * Runs `work` between BEGIN and COMMIT at READ COMMITTED; `beforeCommit` writes what was collected and may leave its last statements
 * underway: the commit goes out once all of them were answered. Resolves only after the commit is on disk.
 * Throws what `work` throws, after everything was rolled back.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  ids: Ids,
  work: (context: TxContext) => Promise<T>,
  beforeCommit: (context: TxContext) => Promise<readonly Promise<unknown>[]>,
): Promise<T> {
  const client = await pool.connect();
  const gate: Gate = { isOpen: true };
  const context = openContext(client, ids, gate);
  let broken: Error | undefined;
  let result: T;
  try {
    // Waited for: a statement that went out with a BEGIN that failed would commit by itself.
    await client.query('begin');
    result = await work(context);
    // Waited for: one that failed before it reached the server would be missing in a commit that succeeds.
    await Promise.all(await beforeCommit(context));
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

interface Gate {
  isOpen: boolean;
}

function openContext(client: pg.PoolClient, ids: Ids, gate: Gate): TxContext {
  const guarded = onlyWhileOpen(client, gate);
  let db: Db | null = null;
  return {
    client: guarded,
    get db() {
      db ??= openDb(guarded);
      return db;
    },
    ids,
    run: async (statement, values = {}) => {
      assertOpen(gate);
      return statement(client).execute(values);
    },
    pendingHistory: [],
    pendingEvents: [],
    pendingAudit: [],
    woken: new Set(),
    afterCommit: [],
  };
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
function onlyWhileOpen(client: pg.PoolClient, gate: Gate): pg.PoolClient {
  const guarded: pg.PoolClient = Object.create(client);
  Object.defineProperty(guarded, 'query', {
    value: (...args: unknown[]) => {
      assertOpen(gate);
      return Reflect.apply(client.query, client, args);
    },
  });
  return guarded;
}

function assertOpen(gate: Gate): void {
  if (!gate.isOpen) throw new Error('Expected an open transaction, but it has ended: a statement in it was not awaited.');
}
