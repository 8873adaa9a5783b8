import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { aptInstall, canAptInstall } from './apt.ts';

const DEBIAN_SERVERS = '/usr/lib/postgresql';
const START_MS_MAX = 60_000;
const POLL_MS = 100;
/** PostgreSQL refuses to run as root; on Debian this is `nobody`. */
const NOBODY = 65_534;

export interface ExternalPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** A PostgreSQL of the system, not ours, started on loopback for the tests; installed when this is Debian and we may. */
export async function startExternalPostgres(): Promise<ExternalPostgres | { readonly problem: string }> {
  const bin = findServer() ?? installServer();
  if (bin === null)
    return { problem: 'The tests on another PostgreSQL need its server: install it (Debian, Ubuntu: sudo apt-get install postgresql).' };
  const folder = mkdtempSync(join(tmpdir(), 'hyperoru-external-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  execFileSync(join(bin, 'initdb'), ['-D', join(folder, 'data'), '-U', 'app', '--auth=trust', '--encoding=UTF8', '--locale=C'], {
    ...as,
    cwd: folder,
    stdio: 'pipe',
  });
  const port = await freePort();
  const args = ['-D', join(folder, 'data'), '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
  const server = spawn(join(bin, 'postgres'), args, { ...as, cwd: folder, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await untilReady(bin, port);
  return {
    url: `postgresql://app@127.0.0.1:${port}/postgres`,
    stop: async () => {
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function findServer(): string | null {
  if (!existsSync(DEBIAN_SERVERS)) return null;
  const folders = readdirSync(DEBIAN_SERVERS).map((version) => join(DEBIAN_SERVERS, version, 'bin'));
  return folders.find((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb'))) ?? null;
}

function installServer(): string | null {
  if (!canAptInstall()) return null;
  process.stdout.write('Installing PostgreSQL for the tests on another server (apt-get) …\n');
  const failure = aptInstall('postgresql');
  if (failure !== null) process.stdout.write(`${failure}\n`);
  return findServer();
}

async function untilReady(bin: string, port: number): Promise<void> {
  for (let waited = 0; waited < START_MS_MAX; waited += POLL_MS) {
    try {
      execFileSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      return;
    } catch {
      await sleep(POLL_MS);
    }
  }
  throw new Error(`Expected PostgreSQL on port ${port} within ${START_MS_MAX} ms.`);
}
