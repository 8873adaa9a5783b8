import { createHash, type Hash } from 'node:crypto';

const WAITING_LENGTH_MAX = 16_384;

/** Everything that happened, as one hash: two runs of a seed are the same exactly when their hashes are. */
export class Trace {
  readonly #hash: Hash = createHash('sha256');
  readonly #keeps: boolean;
  /** Lines that are not hashed yet: one call for many is cheaper. */
  #waiting = '';
  readonly lines: string[] = [];

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  note(atMs: number, what: string): void {
    const line = `${atMs.toFixed(3)} ${what}`;
    this.#waiting += `${line}\n`;
    if (this.#waiting.length > WAITING_LENGTH_MAX) this.#flush();
    if (this.#keeps) this.lines.push(line);
  }

  digest(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#waiting);
    this.#waiting = '';
  }
}
