import type { Clock, Log } from '@hyperoru/engine';
import type pg from 'pg';
import type { DatabaseConnection } from '../connection.ts';
import { dedicatedClient, messageOf } from '../database.ts';
import { type JobQueues, LANE_QUEUE, SLOT_QUEUE } from './queues.ts';

/** Every worker process holds it shared for its life, on a connection of its own. */
const WORKERS_LOCK = 7_301_003;
/** A session of a process killed a moment ago may still be going away. */
const ALONE_TRIES_MAX = 5;
const ALONE_PAUSE_MS = 60;
const REJOIN_PAUSE_MS = 500;

/** Presence of this process among the workers. */
export interface WorkerPresence {
  leave(): Promise<void>;
}

/**
 * Joins the workers. If no other worker lives, which an exclusive lock proves, the jobs that a dead predecessor left active are given
 * back at once; else their heartbeat decides, a few seconds later. `onLost` is called when the connection that holds the lock breaks:
 * from then on a starting worker may think it is alone, so whatever this process holds counts as lost.
 */
export async function joinWorkers(
  connection: DatabaseConnection,
  queues: JobQueues,
  pool: pg.Pool,
  clock: Pick<Clock, 'sleep'>,
  log: Log,
  onLost: () => void,
): Promise<WorkerPresence> {
  const leaving = new AbortController();
  let client = await join();

  async function join(): Promise<pg.Client> {
    const fresh = dedicatedClient(connection, 'hyperoru worker');
    fresh.on('error', (cause) => log.warn('jobs.presence_lost', { message: cause.message }));
    await fresh.connect();
    if (await isAlone(fresh, clock)) {
      const freed = await freeActiveJobs(queues, pool);
      if (freed > 0) log.info('jobs.taken_over', { jobs: freed });
      await fresh.query('select pg_advisory_lock_shared($1)', [WORKERS_LOCK]);
      await fresh.query('select pg_advisory_unlock($1)', [WORKERS_LOCK]);
    } else {
      await fresh.query('select pg_advisory_lock_shared($1)', [WORKERS_LOCK]);
    }
    fresh.once('end', () => {
      if (leaving.signal.aborted) return;
      onLost();
      void rejoin();
    });
    return fresh;
  }

  async function rejoin(): Promise<void> {
    while (!leaving.signal.aborted) {
      try {
        await clock.sleep(REJOIN_PAUSE_MS, leaving.signal);
        client = await join();
        return;
      } catch (cause) {
        if (!leaving.signal.aborted) log.warn('jobs.rejoin_failed', { message: messageOf(cause) });
      }
    }
  }

  return {
    leave: async () => {
      leaving.abort(new Error('The worker left.'));
      await client.end();
    },
  };
}

/** Waits a moment for sessions of dead processes to end; a living worker never gives its lock away. */
async function isAlone(client: pg.Client, clock: Pick<Clock, 'sleep'>): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [WORKERS_LOCK]);
    if (rows[0]?.alone === true) return true;
    if (attempt >= ALONE_TRIES_MAX) return false;
    await clock.sleep(ALONE_PAUSE_MS);
  }
}

/** Ends the attempts of dead workers and makes their jobs due now; their next attempt has a higher count, which fences the old one. */
async function freeActiveJobs(queues: JobQueues, pool: pg.Pool): Promise<number> {
  let freed = 0;
  for (const queue of [LANE_QUEUE, SLOT_QUEUE]) {
    const { rows } = await pool.query<{ id: string }>("select id from pgboss.job where name = $1 and state = 'active'", [queue]);
    const jobs = rows.map((row) => row.id);
    if (jobs.length === 0) continue;
    await queues.boss.fail(queue, jobs, { message: 'The worker died.' });
    await pool.query("update pgboss.job set start_after = now() where name = $1 and id = any($2::uuid[]) and state = 'retry'", [
      queue,
      jobs,
    ]);
    freed += jobs.length;
  }
  return freed;
}
