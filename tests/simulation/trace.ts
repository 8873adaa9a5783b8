import { createHash, type Hash } from 'node:crypto';

/** Everything that happened, as one hash: two runs of a seed are the same exactly when their hashes are. */
export class Trace {
  readonly #hash: Hash = createHash('sha256');
  readonly #keeps: boolean;
  readonly lines: string[] = [];

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  note(atMs: number, what: string): void {
    const line = `${atMs.toFixed(3)} ${what}`;
    this.#hash.update(line).update('\n');
    if (this.#keeps) this.lines.push(line);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}
