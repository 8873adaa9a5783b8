import { existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import type { Clock, Log } from '@hyperoru/engine';
import type pg from 'pg';
import { locateBinaries } from './binaries.ts';
import { EMBEDDED_USER, ensureDataFolder, isAlive } from './data-folder.ts';
import { boundLogFile } from './log-file.ts';
import { type Place, preparePlace, socketFolder } from './place.ts';
import { connectIfOurs, PRESENCE_NAME } from './probe.ts';
import { type Server, spawnServer } from './spawn-server.ts';

/** Name of the product's database inside the server. */
const DATABASE = 'hyperoru';
const LOG_CHECK_MS = 60_000;
/** Wait for a clean end; PostgreSQL writes a checkpoint first. */
const STOP_WAIT_MS = 30_000;
const STOP_POLL_MS = 20;
/** Pause before a server that died is started again. */
const REVIVE_PAUSE_MS = 500;

type SupervisorClock = Pick<Clock, 'sleep' | 'every' | 'monotonicMs'>;

export interface EmbeddedConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** A running embedded server of which this process is one user. */
export interface EmbeddedPostgres {
  readonly connection: EmbeddedConnection;
  /** True when the server ran already: left by a crash, or shared with another process. */
  readonly adopted: boolean;
  /** Ends the server cleanly, unless another process uses it. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL in `dataDir`, or attaches to the one that serves it already, and keeps it alive until `stop`.
 * Throws EmbeddedDatabaseProblem with a message for people.
 */
export async function startEmbeddedPostgres(options: {
  readonly dataDir: string;
  readonly clock: SupervisorClock;
  readonly log: Log;
}): Promise<EmbeddedPostgres> {
  const { clock, log } = options;
  const place = preparePlace(options.dataDir, await locateBinaries());
  const running = existsSync(place.pgdata) ? await connectIfOurs(place.pgdata) : null;
  if (running === null) await ensureDataFolder(place);
  const server = running ?? (await spawnServer(place, socketFolder(place), clock, log));
  await ensureDatabase(server.client);
  log.info(running === null ? 'database.started' : 'database.attached', { folder: place.folder, pid: server.postmaster.pid });
  return supervise(place, server, running !== null, clock, log);
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (rowCount !== 0) return;
  try {
    await client.query(`create database ${DATABASE}`);
  } catch (cause) {
    // Two first starts at once: the other one created it.
    const again = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (again.rowCount === 0) throw cause;
  }
}

function supervise(place: Place, first: Server, adopted: boolean, clock: SupervisorClock, log: Log): EmbeddedPostgres {
  let server = first;
  let stopping: Promise<void> | null = null;
  const watch = () => {
    server.client.once('end', () => {
      if (stopping === null) void revive();
    });
  };
  const revive = async () => {
    log.error('database.connection_lost', { pid: server.postmaster.pid });
    while (stopping === null) {
      try {
        await clock.sleep(REVIVE_PAUSE_MS);
        if (stopping !== null) return;
        server = (await connectIfOurs(place.pgdata)) ?? (await spawnServer(place, first.postmaster.socketFolder, clock, log));
        log.info('database.revived', { pid: server.postmaster.pid });
        return watch();
      } catch (cause) {
        log.error('database.revive_failed', { message: cause instanceof Error ? cause.message : String(cause) });
      }
    }
  };
  watch();
  const cancelLogCheck = clock.every(LOG_CHECK_MS, () => boundLogFile(place.logFile));
  const stop = async () => {
    cancelLogCheck();
    await stopServer(place, server, clock, log);
  };
  return {
    connection: { host: first.postmaster.socketFolder, port: first.postmaster.port, user: EMBEDDED_USER, database: DATABASE },
    adopted,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** The last one to leave ends the server; SIGINT asks for a clean end at once. */
async function stopServer(place: Place, server: Server, clock: SupervisorClock, log: Log): Promise<void> {
  const { pid } = server.postmaster;
  const others = await countOthers(server.client);
  await server.client.end().catch(() => undefined);
  if (others > 0) {
    log.info('database.left_running', { pid, others });
    return;
  }
  if (!isAlive(pid)) return;
  process.kill(pid, 'SIGINT');
  const giveUpAt = clock.monotonicMs() + STOP_WAIT_MS;
  // The lock file goes last, also when the process stays as a zombie of someone else.
  while (existsSync(`${place.pgdata}/postmaster.pid`) && isAlive(pid) && clock.monotonicMs() < giveUpAt) await clock.sleep(STOP_POLL_MS);
  const sockets = server.postmaster.socketFolder;
  if (basename(sockets).startsWith('hyperoru-')) rmSync(sockets, { recursive: true, force: true });
  log.info('database.stopped', { pid });
}

async function countOthers(client: pg.Client): Promise<number> {
  try {
    const sql = 'select count(*)::int as others from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()';
    const { rows } = await client.query<{ others: number }>(sql, [PRESENCE_NAME]);
    return rows[0]?.others ?? 0;
  } catch {
    // The connection is gone; with the server down there is nobody to spare, with it up its next start adopts it.
    return 0;
  }
}
