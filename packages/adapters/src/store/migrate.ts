import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type pg from 'pg';
import { EVENTS_PER_TRANSACTION_MAX } from './tx/event-order.ts';

/** Any number that nothing else in the database locks. */
const INSTALL_LOCK = 7_301_001;
export const MIGRATIONS_SCHEMA = 'hyperoru_migrations';
/** A table that must exist when all went well: an empty migration would be accepted silently. */
const PROOF_TABLE = 'hyperoru.event_stream';

/** The database cannot be used by this version; the message says what to do. */
export class SchemaProblem extends Error {
  readonly code: 'schema_newer' | 'schema_incomplete' | 'migrations_missing';

  constructor(code: SchemaProblem['code'], message: string) {
    super(message);
    this.name = 'SchemaProblem';
    this.code = code;
  }
}

/** `migrations` beside this file, both from sources and in a bundle whose build copies the folder. */
export const defaultMigrationsFolder = (): string => fileURLToPath(new URL('./migrations', import.meta.url));

/** Identity of the schema a folder of migrations leads to: the number of its last one. */
export function schemaVersion(folder: string): number {
  return migrationMoments(folder).at(-1) ?? 0;
}

/** Several processes may start together: one installs at a time, the others then find it done. */
export async function installAlone<T>(pool: pg.Pool, install: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('select pg_advisory_lock($1)', [INSTALL_LOCK]);
    return await install();
  } finally {
    // A connection that cannot be unlocked is closed, which unlocks it.
    await client.query('select pg_advisory_unlock($1)', [INSTALL_LOCK]).catch((cause: Error) => {
      broken = cause;
    });
    client.release(broken);
  }
}

/** Brings the schema up to date; call it through {@link installAlone}. Throws SchemaProblem. */
export async function migrateSchema(pool: pg.Pool, folder: string): Promise<void> {
  const known = migrationMoments(folder);
  const client = await pool.connect();
  try {
    await refuseNewer(client, known);
    await migrate(drizzle(client), { migrationsFolder: folder, migrationsSchema: MIGRATIONS_SCHEMA });
    await proveSchema(client);
    await keepEventOrder(client);
  } finally {
    client.release();
  }
}

function migrationMoments(folder: string): readonly number[] {
  if (!existsSync(join(folder, 'meta', '_journal.json'))) {
    throw new SchemaProblem(
      'migrations_missing',
      `The folder ${folder} holds no migrations. Install Hyperoru again; its build copies them there.`,
    );
  }
  return readMigrationFiles({ migrationsFolder: folder }).map((migration) => migration.folderMillis);
}

async function refuseNewer(client: pg.PoolClient, known: readonly number[]): Promise<void> {
  const table = `${MIGRATIONS_SCHEMA}.__drizzle_migrations`;
  const { rows: found } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
  if (found[0]?.there !== true) return;
  const { rows } = await client.query<{ created_at: string }>(`select created_at from ${table}`);
  if (rows.every((row) => known.includes(Number(row.created_at)))) return;
  throw new SchemaProblem(
    'schema_newer',
    'The database was written by a newer version of Hyperoru. Start that version again, or restore a backup made by this one into an empty database.',
  );
}

async function proveSchema(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [PROOF_TABLE]);
  if (rows[0]?.there === true) return;
  throw new SchemaProblem(
    'schema_incomplete',
    `The migrations ran, but ${PROOF_TABLE} is missing. Install Hyperoru again and restore a backup into an empty database.`,
  );
}

/** Transaction ids of a younger server (after a restore or a move) are smaller: the offset keeps `events.seq` growing. */
async function keepEventOrder(client: pg.PoolClient): Promise<void> {
  const perTransaction = sql.raw(String(EVENTS_PER_TRANSACTION_MAX));
  await drizzle(client).execute(sql`
    update hyperoru.event_stream set xid_offset = greatest(xid_offset, (select coalesce(max(seq), 0) / ${perTransaction} + 1 from hyperoru.events) - pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    where id = 1 and (select coalesce(max(seq), 0) from hyperoru.events) >= (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + xid_offset) * ${perTransaction}`);
}
