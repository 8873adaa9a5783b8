import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf, StartProblem } from '../start-problem.ts';

/** Bytes after which a new file is begun; one older file is kept, so the log never takes more than twice this. */
export const LOG_BYTES_MAX = 10 * 1024 * 1024;

/** Lines appended at once, so that the last ones survive a crash. A disk that refuses them costs the lines, never the product. */
export class LogFile {
  readonly #path: string;
  readonly #bytesMax: number;
  #descriptor: number;
  #size: number;
  /** Why the newest lines are missing; null while all were written. */
  #lostBecause: string | null = null;

  get lostBecause(): string | null {
    return this.#lostBecause;
  }

  constructor(path: string, bytesMax = LOG_BYTES_MAX) {
    this.#path = path;
    this.#bytesMax = bytesMax;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      this.#descriptor = openSync(path, 'a', 0o600);
      this.#size = fstatSync(this.#descriptor).size;
    } catch (error) {
      throw new StartProblem(
        `The log ${path} cannot be written: ${reasonOf(error)}. Make its folder writable for this user, or set HYPERORU_HOME to one that is.`,
        { cause: error },
      );
    }
  }

  write(line: string): void {
    try {
      if (this.#size > this.#bytesMax) this.#rotate();
      this.#size += writeSync(this.#descriptor, line);
    } catch (error) {
      this.#lostBecause = reasonOf(error);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    closeSync(this.#descriptor);
    renameSync(this.#path, `${this.#path}.1`);
    this.#descriptor = openSync(this.#path, 'a', 0o600);
    this.#size = 0;
  }
}
