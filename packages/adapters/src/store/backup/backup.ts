import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { toIso } from '@hyperoru/domain';
import type { Clock, Log } from '@hyperoru/engine';
import type pg from 'pg';
import type { DatabaseConnection } from '../connection.ts';
import { dedicatedClient, messageOf } from '../database.ts';
import { defaultMigrationsFolder, schemaVersion } from '../migrate.ts';
import { type BackupTrailer, END_MARK, headerLine, LineTally, TABLE_MARK } from './format.ts';
import { BackupProblem } from './problem.ts';
import { backupTables, quoted } from './tables.ts';

/** Rows per FETCH: a model call may be 200 kB. */
const FETCH_ROWS = 100;

export interface BackupOptions {
  readonly connection: DatabaseConnection;
  readonly file: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly migrationsFolder?: string;
}

export interface BackupSummary {
  readonly file: string;
  readonly bytes: number;
  readonly rows: Readonly<Record<string, number>>;
}

/**
 * Writes every record of one moment into one file, while the product goes on working. Secrets stay encrypted; the key is not in it.
 * The file appears only when it is whole and on disk, readable for its owner alone. Throws BackupProblem.
 */
export async function backupDatabase(options: BackupOptions): Promise<BackupSummary> {
  const { file, log } = options;
  if (existsSync(file)) throw new BackupProblem('file_exists', `The file ${file} exists. Choose another name, or move it away.`);
  const client = dedicatedClient(options.connection, 'hyperoru backup');
  await client.connect();
  try {
    await client.query("set timezone to 'UTC'; begin isolation level repeatable read read only");
    const trailer = await writeFile(client, options);
    const { size } = await stat(file);
    log.info('backup.written', { file, bytes: size });
    return { file, bytes: size, rows: trailer.rows };
  } finally {
    await client.end();
  }
}

async function writeFile(client: pg.Client, options: BackupOptions): Promise<BackupTrailer> {
  const unfinished = `${options.file}.unfinished`;
  try {
    const tally = new LineTally();
    // `flush`: on disk before it is closed, and closed before it gets its name.
    const target = createWriteStream(unfinished, { mode: 0o600, flush: true });
    await pipeline(Readable.from(linesOf(client, options, tally)), createGzip(), target);
    await rename(unfinished, options.file);
    return tally.trailer();
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw new BackupProblem(
      'file_unusable',
      `The backup ${options.file} could not be written: ${messageOf(cause)}. Check the path, its permissions and the free space.`,
      { cause },
    );
  }
}

async function* linesOf(client: pg.Client, options: BackupOptions, tally: LineTally): AsyncGenerator<string> {
  const line = (text: string) => {
    tally.add(text);
    return `${text}\n`;
  };
  yield line(headerLine(toIso(options.clock.now()), schemaVersion(options.migrationsFolder ?? defaultMigrationsFolder())));
  for (const table of await backupTables(client)) {
    yield line(TABLE_MARK + table);
    await client.query(`declare backup_rows no scroll cursor for select row_to_json(t)::text as row from ${quoted(table)} t`);
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`fetch ${FETCH_ROWS} from backup_rows`);
      yield rows.map(({ row }) => line(row)).join('');
      if (rows.length < FETCH_ROWS) break;
    }
    await client.query('close backup_rows');
  }
  yield `${END_MARK}${JSON.stringify(tally.trailer())}\n`;
}
