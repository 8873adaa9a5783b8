import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { POSTGRES_MAJOR } from './binaries.ts';
import type { Place } from './place.ts';
import { EmbeddedDatabaseProblem } from './problem.ts';

/** Superuser of the embedded server; only this machine's owner of the socket folder can connect. */
export const EMBEDDED_USER = 'hyperoru';
const OUTPUT_CHARS_MAX = 4_000;

/** Makes the data folder if there is none, and refuses one that this server cannot run. */
export async function ensureDataFolder(place: Place): Promise<void> {
  removeUnfinished(place);
  if (!existsSync(place.pgdata)) await initialize(place);
  checkDataFolder(place.pgdata);
}

/** A new folder grows under another name and appears whole: a killed first start leaves nothing that looks finished. */
async function initialize(place: Place): Promise<void> {
  const unfinished = `${place.pgdata}.init-${process.pid}`;
  const args = ['-D', unfinished, '-U', EMBEDDED_USER, '--auth=trust', '--encoding=UTF8', '--locale=C', '--data-checksums'];
  const { code, output } = await run(join(place.native, 'bin', 'initdb'), args, place);
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new EmbeddedDatabaseProblem('init_failed', `The database folder ${place.pgdata} could not be created: ${output.trim()}`);
  }
  try {
    renameSync(unfinished, place.pgdata);
  } catch (cause) {
    // Another process was first; both go on with its folder.
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(join(place.pgdata, 'PG_VERSION'))) throw cause;
  }
}

function run(program: string, args: readonly string[], place: Place): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...place.runAs, cwd: place.folder, env: serverEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => {
      output = `${output}${chunk.toString()}`.slice(-OUTPUT_CHARS_MAX);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Nothing of this process' environment reaches the server: no secret, no PG* setting. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

function removeUnfinished(place: Place): void {
  const prefix = `${basename(place.pgdata)}.init-`;
  for (const name of readdirSync(dirname(place.pgdata))) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    rmSync(join(dirname(place.pgdata), name), { recursive: true, force: true });
  }
}

/** True while a process has the id, whoever owns it. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}

/** Throws EmbeddedDatabaseProblem('folder_damaged' | 'wrong_major'). */
export function checkDataFolder(pgdata: string): void {
  const missing = ['PG_VERSION', 'global', 'base', 'pg_wal', 'postgresql.conf'].filter((name) => !existsSync(join(pgdata, name)));
  if (missing.length > 0) {
    throw new EmbeddedDatabaseProblem(
      'folder_damaged',
      `The database folder ${pgdata} is damaged: ${missing.join(', ')} is missing. Move the folder away and run "hyperoru restore FILE" with your latest backup; nothing in it was changed.`,
    );
  }
  const major = readFileSync(join(pgdata, 'PG_VERSION'), 'utf8').trim();
  if (major !== POSTGRES_MAJOR) {
    throw new EmbeddedDatabaseProblem(
      'wrong_major',
      `The database folder ${pgdata} was made by PostgreSQL ${major}, this version runs PostgreSQL ${POSTGRES_MAJOR}. Start the version of Hyperoru that made it, run "hyperoru backup FILE", then "hyperoru restore FILE" with this version and another HYPERORU_HOME.`,
    );
  }
}
