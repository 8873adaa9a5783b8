import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { BackupProblem } from './problem.ts';

/**
 * A backup is gzip'd text, one line each: `@hyperoru-backup {header}`, then per table `@table name` and its rows as JSON objects,
 * then `@end {trailer}` with the rows per table and the SHA-256 of every line before. PostgreSQL writes and reads the rows; here they
 * are only carried, so that no number is ever parsed into a float.
 */
export const HEADER_MARK = '@hyperoru-backup ';
export const TABLE_MARK = '@table ';
export const END_MARK = '@end ';
const FORMAT_VERSION = 1;

export interface BackupHeader {
  readonly version: number;
  readonly createdAt: string;
  /** Moment of the last migration of the schema that was read. */
  readonly schema: number;
}

export interface BackupTrailer {
  readonly rows: Readonly<Record<string, number>>;
  readonly sha256: string;
}

export const headerLine = (createdAt: string, schema: number): string =>
  HEADER_MARK + JSON.stringify({ version: FORMAT_VERSION, createdAt, schema });

/** Collects what the trailer says about the lines that went by. */
export class LineTally {
  readonly #hash = createHash('sha256');
  readonly #rows: Record<string, number> = {};
  #table: string | null = null;

  add(line: string): void {
    this.#hash.update(`${line}\n`);
    if (line.startsWith(TABLE_MARK)) {
      this.#table = line.slice(TABLE_MARK.length);
      this.#rows[this.#table] = 0;
    } else if (this.#table !== null) this.#rows[this.#table] = (this.#rows[this.#table] ?? 0) + 1;
  }

  trailer(): BackupTrailer {
    return { rows: { ...this.#rows }, sha256: this.#hash.copy().digest('hex') };
  }
}

/** The lines of a backup file, unpacked; the file is read in pieces. */
export async function* backupLines(file: string): AsyncGenerator<string> {
  const source = createReadStream(file);
  const unpacked = source.pipe(createGunzip());
  source.on('error', (cause) => unpacked.destroy(cause));
  try {
    yield* createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY });
    // readline ends quietly on an error of its input; the stream still knows.
    if (unpacked.errored !== null) throw unpacked.errored;
  } catch (cause) {
    throw fileProblem(file, cause);
  } finally {
    source.destroy();
  }
}

function fileProblem(file: string, cause: unknown): BackupProblem {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
    return new BackupProblem('file_unusable', `The backup ${file} cannot be read (${code}). Check the path and its permissions.`, {
      cause,
    });
  if (code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR')
    return new BackupProblem('damaged', `The backup ${file} is damaged or cut off. Use another copy of it; the database was not touched.`, {
      cause,
    });
  return new BackupProblem(
    'file_unusable',
    `The backup ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    { cause },
  );
}

/** Reads the whole file once and compares it with its trailer. Throws BackupProblem before anything is changed. */
export async function verifyBackup(file: string): Promise<{ readonly header: BackupHeader; readonly trailer: BackupTrailer }> {
  const tally = new LineTally();
  let header: BackupHeader | null = null;
  let trailer: string | null = null;
  for await (const line of backupLines(file)) {
    if (trailer !== null) throw damaged(file);
    header ??= readHeader(file, line);
    if (line.startsWith(END_MARK)) trailer = line.slice(END_MARK.length);
    else tally.add(line);
  }
  if (header === null) throw new BackupProblem('not_a_backup', `The file ${file} is empty. Choose a file that "hyperoru backup" wrote.`);
  const found = tally.trailer();
  if (trailer !== JSON.stringify(found)) throw damaged(file);
  return { header, trailer: found };
}

const damaged = (file: string) =>
  new BackupProblem(
    'damaged',
    `The backup ${file} is damaged: its content does not match its checksum. Use another copy of it; the database was not touched.`,
  );

function readHeader(file: string, line: string): BackupHeader {
  const wrong = () =>
    new BackupProblem('not_a_backup', `The file ${file} is no backup of Hyperoru. Choose a file that "hyperoru backup" wrote.`);
  if (!line.startsWith(HEADER_MARK)) throw wrong();
  const header: unknown = JSON.parse(line.slice(HEADER_MARK.length));
  if (typeof header !== 'object' || header === null || !('version' in header) || !('schema' in header) || !('createdAt' in header))
    throw wrong();
  const { version, schema, createdAt } = header;
  if (version !== FORMAT_VERSION || typeof schema !== 'number')
    throw new BackupProblem('newer', `The backup ${file} was written by a newer version of Hyperoru. Restore it with that version.`);
  return { version, schema, createdAt: String(createdAt) };
}
