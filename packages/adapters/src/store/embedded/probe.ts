import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { EMBEDDED_USER, isAlive } from './data-folder.ts';

const PROBE_TIMEOUT_MS = 2_000;
/** Name of the one connection that every process attached to the server keeps. */
export const PRESENCE_NAME = 'hyperoru presence';

/** The facts a running or dead postmaster left in `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly socketFolder: string;
}

export function readPostmasterFile(pgdata: string): PostmasterFile | null {
  const file = join(pgdata, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const [pid, , , port, socket] = lines;
  return { pid: Number(pid), port: Number(port ?? 0), socketFolder: socket ?? '' };
}

/**
 * Connects to whatever listens where the file says and keeps the connection only if it serves exactly this folder:
 * a live pid proves nothing after a reboot. null = nothing of ours answers (yet).
 */
export async function connectIfOurs(pgdata: string): Promise<{ readonly client: pg.Client; readonly postmaster: PostmasterFile } | null> {
  const postmaster = readPostmasterFile(pgdata);
  if (postmaster === null || postmaster.socketFolder === '' || !existsSync(join(postmaster.socketFolder, `.s.PGSQL.${postmaster.port}`)))
    return null;
  const client = new pg.Client({
    host: postmaster.socketFolder,
    port: postmaster.port,
    user: EMBEDDED_USER,
    database: 'postgres',
    application_name: PRESENCE_NAME,
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
  });
  // A connection that breaks later is noticed by `end`; while probing, by the rejected query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    const served = rows[0]?.data_directory;
    if (served !== undefined && realpathSync(served) === realpathSync(pgdata)) return { client, postmaster };
  } catch {
    // Starting up, shutting down or a stale socket: nothing of ours answers.
    await client.end().catch(() => undefined);
    return null;
  }
  await client.end();
  return null;
}

/**
 * Removes a lock file whose pid now belongs to another program (after a reboot). PostgreSQL itself cannot tell and refuses to start for ever.
 * Only where the system shows the working folder of a process; a postmaster always works in its data folder.
 */
export function removeForeignLock(pgdata: string): boolean {
  const postmaster = readPostmasterFile(pgdata);
  if (postmaster === null || !isAlive(postmaster.pid)) return false;
  const link = `/proc/${postmaster.pid}/cwd`;
  try {
    if (!existsSync('/proc/self/cwd') || readlinkSync(link) === realpathSync(pgdata)) return false;
  } catch {
    // Not ours to look at, or gone meanwhile: leave the decision to PostgreSQL.
    return false;
  }
  rmSync(join(pgdata, 'postmaster.pid'), { force: true });
  return true;
}
