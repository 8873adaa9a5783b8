import { closeSync, copyFileSync, existsSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

/** Bytes after which the server's log is cut; one older part is kept. */
export const LOG_BYTES_MAX = 8 * 1024 * 1024;
/** Bytes of the log's end that an error message quotes. */
const TAIL_BYTES = 2_000;

/** Keeps the log within its bound. Safe while the server writes: the file is opened for appending. */
export function boundLogFile(file: string, bytesMax = LOG_BYTES_MAX): void {
  if (!existsSync(file) || statSync(file).size <= bytesMax) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file, 0);
}

/** The last lines, for people. */
export function logTail(file: string): string {
  if (!existsSync(file)) return '';
  const size = statSync(file).size;
  const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
  } finally {
    closeSync(descriptor);
  }
  return buffer.toString('utf8').trim();
}
