import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@hyperoru/engine';
import type pg from 'pg';
import type { DatabaseConnection } from '../connection.ts';
import { openPool } from '../database.ts';
import { defaultMigrationsFolder, MIGRATIONS_SCHEMA, migrateSchema, schemaVersion } from '../migrate.ts';
import { type BackupHeader, type BackupTrailer, backupLines, TABLE_MARK, verifyBackup } from './format.ts';
import { BackupProblem } from './problem.ts';
import { backupTables, quoted } from './tables.ts';

/** One INSERT carries at most so many rows and characters. */
const BATCH_ROWS_MAX = 1_000;
const BATCH_CHARS_MAX = 4_000_000;

export interface RestoreOptions {
  readonly connection: DatabaseConnection;
  readonly file: string;
  /** Also into a database that holds records, which are lost. */
  readonly force: boolean;
  readonly log: Log;
  readonly migrationsFolder?: string;
}

export interface RestoreSummary {
  readonly createdAt: string;
  readonly rows: Readonly<Record<string, number>>;
  /** Traders that were active and are paused now. */
  readonly pausedTraders: number;
}

/**
 * Reads a backup into an empty database and pauses every trader: what was true at the moment of the backup may not be true at the venue
 * any more. Jobs are not part of it; the next start makes them from bindings and open runs. Throws BackupProblem.
 */
export async function restoreDatabase(options: RestoreOptions): Promise<RestoreSummary> {
  const folder = options.migrationsFolder ?? defaultMigrationsFolder();
  const { header, trailer } = await verifyBackup(options.file);
  if (header.schema > schemaVersion(folder)) {
    throw new BackupProblem(
      'newer',
      `The backup ${options.file} was written by a newer version of Hyperoru. Restore it with that version.`,
    );
  }
  const pool = openPool(options.connection, options.log);
  try {
    await refuseInUse(pool);
    if (!options.force) await refuseFilled(pool);
    for (const schema of ['hyperoru', MIGRATIONS_SCHEMA, 'pgboss']) await pool.query(`drop schema if exists ${schema} cascade`);
    await migrateTo(pool, folder, header);
    const pausedTraders = await load(pool, options.file, trailer);
    await migrateSchema(pool, folder);
    options.log.info('backup.restored', { file: options.file, pausedTraders });
    return { createdAt: header.createdAt, rows: trailer.rows, pausedTraders };
  } finally {
    await pool.end();
  }
}

async function refuseInUse(pool: pg.Pool): Promise<void> {
  const { rowCount } = await pool.query(
    "select 1 from pg_stat_activity where datname = current_database() and application_name in ('hyperoru listener', 'hyperoru worker', 'hyperoru backup') limit 1",
  );
  if (rowCount !== 0) throw new BackupProblem('in_use', 'The database is in use. Stop Hyperoru, then restore again; nothing was changed.');
}

async function refuseFilled(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    for (const table of await backupTables(client)) {
      const { rowCount } = await client.query(`select 1 from ${quoted(table)} limit 1`);
      if (rowCount !== 0)
        throw new BackupProblem(
          'not_empty',
          `The database holds records (${table}). Restore into an empty one, or with --force, which deletes them.`,
        );
    }
  } finally {
    client.release();
  }
}

/** The schema as it was when the backup was written; later migrations then treat its rows like any other. */
async function migrateTo(pool: pg.Pool, folder: string, header: BackupHeader): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'hyperoru-migrations-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const file = join(copy, 'meta', '_journal.json');
    const journal: { entries: { when: number }[] } = JSON.parse(readFileSync(file, 'utf8'));
    const entries = journal.entries.filter((entry) => entry.when <= header.schema);
    writeFileSync(file, JSON.stringify({ ...journal, entries }));
    await migrateSchema(pool, copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Everything in one transaction: a restore that is cut off leaves an empty database. */
async function load(pool: pg.Pool, file: string, trailer: BackupTrailer): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await insertRows(client, file);
    await setSequences(client);
    await compareCounts(client, file, trailer);
    const paused = await client.query('update hyperoru.traders set is_active = false, generation = generation + 1 where is_active');
    await client.query('commit');
    return paused.rowCount ?? 0;
  } catch (cause) {
    await client.query('rollback');
    throw cause;
  } finally {
    client.release();
  }
}

async function insertRows(client: pg.PoolClient, file: string): Promise<void> {
  let insert = '';
  let rows: string[] = [];
  let chars = 0;
  const flush = async () => {
    if (rows.length > 0) await client.query(insert, [rows]);
    rows = [];
    chars = 0;
  };
  for await (const line of backupLines(file)) {
    if (line.startsWith('@')) {
      await flush();
      if (line.startsWith(TABLE_MARK)) insert = await insertStatement(client, line.slice(TABLE_MARK.length));
      continue;
    }
    rows.push(line);
    chars += line.length;
    if (rows.length >= BATCH_ROWS_MAX || chars >= BATCH_CHARS_MAX) await flush();
  }
  await flush();
}

/** In a row's JSON a JSON null looks like a missing value; a column that must have one tells that it was the former. */
async function insertStatement(client: pg.PoolClient, table: string): Promise<string> {
  const { rows } = await client.query<{ name: string; json_only: boolean }>(
    `select quote_ident(column_name) as name, data_type = 'jsonb' and is_nullable = 'NO' as json_only
     from information_schema.columns where table_schema = 'hyperoru' and table_name = $1 order by ordinal_position`,
    [table],
  );
  const names = rows.map(({ name }) => name).join(', ');
  const values = rows.map(({ name, json_only }) => (json_only ? `coalesce(r.${name}, 'null'::jsonb)` : `r.${name}`)).join(', ');
  const row = `json_populate_record(null::${quoted(table)}, line::json)`;
  return `insert into ${quoted(table)} (${names}) overriding system value select ${values} from unnest($1::text[]) line, ${row} r`;
}

async function setSequences(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    "select table_name as table, column_name as column from information_schema.columns where table_schema = 'hyperoru' and is_identity = 'YES'",
  );
  for (const { table, column } of rows) {
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), (select coalesce(max("${column}"), 0) + 1 from ${quoted(table)}), false)`,
      [quoted(table), column],
    );
  }
}

async function compareCounts(client: pg.PoolClient, file: string, trailer: BackupTrailer): Promise<void> {
  for (const [table, expected] of Object.entries(trailer.rows)) {
    const { rows } = await client.query<{ total: number }>(`select count(*)::int as total from ${quoted(table)}`);
    if (rows[0]?.total !== expected)
      throw new BackupProblem(
        'damaged',
        `Expected ${expected} rows of ${table} from ${file}, but ${rows[0]?.total ?? 0} arrived; the database was left empty.`,
      );
  }
}
