import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** The embedded server of a running product, seen from outside. */
export class Database {
  readonly #pgdata: string;
  #client: pg.Client | null = null;

  constructor(homeFolder: string) {
    this.#pgdata = join(homeFolder, 'postgres', 'pgdata');
  }

  /** A connection that lasts until the server is killed. */
  async client(): Promise<pg.Client> {
    if (this.#client !== null) return this.#client;
    const { port, socketFolder } = this.#postmaster();
    const client = new pg.Client({ host: socketFolder, port, user: 'hyperoru', database: 'hyperoru' });
    client.on('error', () => {
      this.#client = null;
    });
    await client.connect();
    this.#client = client;
    return client;
  }

  async end(): Promise<void> {
    await this.#client?.end().catch(() => undefined);
    this.#client = null;
  }

  /** Postmaster and backends; each is a process group of its own, so they have to be named one by one. */
  processes(): readonly number[] {
    const { pid } = this.#postmaster();
    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
    const children = table.split('\n').flatMap((line) => {
      const [child, parent] = line.trim().split(/\s+/).map(Number);
      return parent === pid && child !== undefined ? [child] : [];
    });
    return [pid, ...children];
  }

  /** Lines of `postmaster.pid`: pid, folder, start, port, socket folder. */
  #postmaster(): { readonly pid: number; readonly port: number; readonly socketFolder: string } {
    const [pid, , , port, socketFolder = ''] = readFileSync(join(this.#pgdata, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(pid), port: Number(port), socketFolder: socketFolder.trim() };
  }
}

/** kill -9; a process that is gone already is no failure. */
export function killNow(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}
