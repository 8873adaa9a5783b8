import type { Log } from '@hyperoru/engine';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { DatabaseConnection } from './connection.ts';

/** Drizzle over one connection or the pool; typed by the tables each query names. */
export type Db = NodePgDatabase;

export const POOL_CONNECTIONS_MAX = 10;
/** Longer than any healthy server needs; a start against a dead host must end. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Every session is set to what the code relies on, whatever the server's defaults: a commit is answered only after it is on disk,
 * moments are written in UTC and ISO form, and a transaction that is forgotten ends.
 */
const SESSION_SETTINGS = [
  'set synchronous_commit to on',
  "set timezone to 'UTC'",
  'set datestyle to iso',
  "set idle_in_transaction_session_timeout to '60s'",
  "set default_transaction_isolation to 'read committed'",
  'set search_path to public',
].join(';');

export function openPool(connection: DatabaseConnection, log: Log, connectionsMax = POOL_CONNECTIONS_MAX): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'hyperoru',
    // Queries of one connection follow each other without waiting for the answers in between; their order stays.
    pipeline: true,
    // The pool waits for it before it hands the connection out.
    onConnect: async (client) => {
      await client.query(SESSION_SETTINGS);
    },
  });
  // One that breaks in use ends the queries on it; without a listener its own event would end the process.
  pool.on('connect', (client) => client.on('error', (cause) => log.debug('database.connection_broke', { message: cause.message })));
  // An idle connection that breaks is replaced by the pool; whoever uses one sees the error of the query.
  pool.on('error', (cause) => log.warn('database.connection_lost', { message: cause.message }));
  return pool;
}

/** A connection of its own outside the pool, for LISTEN and session locks. */
export function dedicatedClient(connection: DatabaseConnection, name: string): pg.Client {
  return new pg.Client({ ...connection, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true, application_name: name });
}

export const openDb = (client: pg.Pool | pg.PoolClient): Db => drizzle(client);

export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Name of the unique constraint or index an error is about; null when it is about something else. */
export function violatedConstraint(error: unknown): string | null {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth++) {
    if ('code' in cause && cause.code === '23505') return 'constraint' in cause ? String(cause.constraint) : '';
  }
  return null;
}
