import type { TraderId } from '@hyperoru/domain';
import { type Clock, type JobHandlers, type LaneLease, LeaseLost, type Log } from '@hyperoru/engine';
import type pg from 'pg';
import type { TxRegistry } from '../postgres-store.ts';
import { extend, holdsFor, type LiveJob } from './live-jobs.ts';
import { bossDb, HEARTBEAT_SECONDS, type JobQueues, LANE_QUEUE, type LaneData } from './queues.ts';
import { affectedBy } from './settle.ts';

/** The longest that a lease can be promised for: its length, less the margin at its end and the time that asking takes. */
export const HELD_FOR_MS_MAX = (HEARTBEAT_SECONDS - 3) * 1_000;
/** A pass that leaves runs open is followed by another one after this pause. */
const RECHECK_SECONDS = 1;

export interface LanePassDeps {
  readonly pool: pg.Pool;
  readonly queues: JobQueues;
  readonly registry: TxRegistry;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
}

/**
 * One pass over a trader's open work. Why no wake is lost: every wake is a row of its own, and only rows that were committed before
 * this pass began are swept up by it, so what they announced is visible to it; a later one waits for the next pass of the lane.
 */
export async function lanePass(deps: LanePassDeps, job: LiveJob, { traderId }: LaneData, onLane: JobHandlers['onLane']): Promise<void> {
  await onLane(laneLease(deps, job, traderId, await sweepAndRaise(deps.pool, job, traderId)));
  // Completed in a transaction that saw no open run: what came after it has a wake of its own.
  if (job.isSettled) return;
  const done = affectedBy(await deps.queues.boss.complete(LANE_QUEUE, { id: job.id, retryCount: job.retryCount }));
  if (done === 0) deps.log.warn('jobs.lane_lost', { traderId, attempt: job.retryCount });
  job.isSettled = true;
  await wakeIfOpen(deps, traderId);
}

async function wakeIfOpen({ pool, queues }: LanePassDeps, traderId: TraderId): Promise<void> {
  const { rowCount } = await pool.query("select 1 from hyperoru.runs where trader_id = $1 and state <> 'finished' limit 1", [traderId]);
  if (rowCount !== 0) await queues.sendWake(traderId, pool, RECHECK_SECONDS);
}

const SWEEP_AND_RAISE = `with swept as (
    delete from pgboss.job where name = $1 and singleton_key = $2::text and state = 'created' and id <> $3)
  insert into hyperoru.trader_sequences as own (trader_id, lane_epoch, nonce) values ($2::uuid, 1, 0)
  on conflict (trader_id) do update set lane_epoch = own.lane_epoch + 1 returning lane_epoch`;

/**
 * Many wakes before the lane runs are one. Every pass has an epoch of its own; whoever still works under an older one can send nothing
 * more.
 */
async function sweepAndRaise(pool: pg.Pool, job: LiveJob, traderId: TraderId): Promise<number> {
  const values = [LANE_QUEUE, traderId, job.id];
  const { rows } = await pool.query<{ lane_epoch: number }>({ name: 'lane_sweep_and_raise', text: SWEEP_AND_RAISE, values });
  const epoch = rows[0]?.lane_epoch;
  if (epoch === undefined) throw new Error('Expected an epoch, got no row.');
  return epoch;
}

function laneLease({ queues, registry, clock }: LanePassDeps, job: LiveJob, traderId: TraderId, epoch: number): LaneLease {
  const attempt = { id: job.id, retryCount: job.retryCount };
  const lost = () => {
    job.controller.abort(new LeaseLost(traderId));
    return new LeaseLost(traderId);
  };
  return {
    traderId,
    signal: job.controller.signal,
    retryCount: job.retryCount,
    epoch,
    completeIn: async (tx) => {
      if (job.controller.signal.aborted) throw lost();
      const context = registry.contextOf(tx);
      const done = affectedBy(await queues.boss.complete(LANE_QUEUE, attempt, null, { db: bossDb(context.client) }));
      if (done === 0) throw lost();
      context.afterCommit.push(() => {
        job.isSettled = true;
      });
    },
    assertHeldFor: async (ms) => {
      if (!(ms >= 0 && ms <= HELD_FOR_MS_MAX)) throw new RangeError(`Expected 0 to ${HELD_FOR_MS_MAX} ms, was ${ms}.`);
      if (job.controller.signal.aborted) throw lost();
      const sentAt = clock.monotonicMs();
      if (affectedBy(await queues.boss.touch(LANE_QUEUE, attempt)) === 0) throw lost();
      extend(job, sentAt);
      if (!holdsFor(job, ms, clock)) throw lost();
    },
  };
}

/** Wakes every trader with open runs and no job: after a crash between the two, a dead job, or a restored backup. */
export async function wakeStranded(pool: pg.Pool, queues: JobQueues): Promise<number> {
  const { rows } = await pool.query<{ trader_id: TraderId }>(
    `select distinct r.trader_id from hyperoru.runs r where r.state <> 'finished'
     and not exists (select 1 from pgboss.job j where j.name = $1 and j.singleton_key = r.trader_id::text and j.state in ('created', 'retry', 'active'))`,
    [LANE_QUEUE],
  );
  for (const row of rows) await queues.sendWake(row.trader_id, pool);
  return rows.length;
}
