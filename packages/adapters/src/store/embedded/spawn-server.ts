import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log } from '@hyperoru/engine';
import type pg from 'pg';
import { serverEnvironment } from './data-folder.ts';
import { boundLogFile, logTail } from './log-file.ts';
import type { Place } from './place.ts';
import { connectIfOurs, type PostmasterFile, removeForeignLock } from './probe.ts';
import { EmbeddedDatabaseProblem } from './problem.ts';

/** A dead predecessor may hold its lock while it is a zombie; 40 × 300 ms outlast that. */
const ATTEMPTS_MAX = 40;
const RETRY_PAUSE_MS = 300;
/** From this failed attempt on, a lock whose pid belongs to another program is removed. */
const FOREIGN_LOCK_AFTER_ATTEMPTS = 3;
/** A start that fails for another reason than a lock does not get better by waiting. */
const OTHER_FAILURES_MAX = 3;
const PROBE_PAUSE_MS = 25;
/** Recovery after a crash replays at most 1 GB of log; far longer than that takes. */
const READY_WAIT_MS = 300_000;

const LOCKED = /lock file|shared memory|Address already in use|another server/;

/** Settings of `storage.md` §9: durable, small, and closed to the network. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  shared_buffers: '96MB',
  max_connections: '100',
  max_wal_size: '1GB',
  wal_keep_size: '64MB',
  synchronous_commit: 'on',
  fsync: 'on',
  autovacuum: 'on',
  idle_in_transaction_session_timeout: '60s',
  log_min_messages: 'warning',
  log_destination: 'stderr',
  logging_collector: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export interface Server {
  readonly client: pg.Client;
  readonly postmaster: PostmasterFile;
}

/**
 * Starts the server, or attaches when another process was first. It runs in a session of its own: a signal to the terminal's
 * process group must not take the database away before its users are done. Throws EmbeddedDatabaseProblem('start_failed').
 */
export async function spawnServer(place: Place, sockets: string, clock: Pick<Clock, 'sleep' | 'monotonicMs'>, log: Log): Promise<Server> {
  let otherFailures = 0;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const server = await spawnOnce(place, sockets, clock);
    if (server !== null) return server;
    const running = await connectIfOurs(place.pgdata);
    if (running !== null) return running;
    const isLocked = LOCKED.test(logTail(place.logFile));
    otherFailures += isLocked ? 0 : 1;
    if (otherFailures >= OTHER_FAILURES_MAX) break;
    log.debug('database.start_retry', { attempt, isLocked });
    if (isLocked && attempt >= FOREIGN_LOCK_AFTER_ATTEMPTS && removeForeignLock(place.pgdata))
      log.warn('database.foreign_lock_removed', { pgdata: place.pgdata });
    await clock.sleep(RETRY_PAUSE_MS);
  }
  throw new EmbeddedDatabaseProblem(
    'start_failed',
    `The embedded database in ${place.folder} does not start. Its log ${place.logFile} ends with:\n${logTail(place.logFile)}\nIf the disk is full, make room; if the folder is damaged, move it away and run "hyperoru restore FILE".`,
  );
}

/** null = the process ended before it served our folder. */
async function spawnOnce(place: Place, sockets: string, clock: Pick<Clock, 'sleep' | 'monotonicMs'>): Promise<Server | null> {
  boundLogFile(place.logFile);
  const output = openSync(place.logFile, 'a', 0o600);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(place.native, 'bin', 'postgres'), ['-D', place.pgdata, '-p', '5432', '-k', sockets, ...settings], {
    ...place.runAs,
    cwd: place.folder,
    env: serverEnvironment(),
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  let isDead = false;
  child.on('exit', () => {
    isDead = true;
  });
  child.on('error', () => {
    isDead = true;
  });
  const giveUpAt = clock.monotonicMs() + READY_WAIT_MS;
  while (!isDead && clock.monotonicMs() < giveUpAt) {
    const server = await connectIfOurs(place.pgdata);
    if (server !== null) return server;
    await clock.sleep(PROBE_PAUSE_MS);
  }
  return null;
}
