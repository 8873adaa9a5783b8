import type { BindingId, Timestamp, TraderId } from '@hyperoru/domain';
import type { Ids, Log } from '@hyperoru/engine';
import type pg from 'pg';
import { type Db as BossDb, PgBoss } from 'pg-boss';
import { messageOf } from '../database.ts';

export const LANE_QUEUE = 'lane';
export const SLOT_QUEUE = 'slot';
const DEAD_SUFFIX = '-dead';

/** Lease of a job without a heartbeat, seconds; the least that pg-boss allows. */
export const HEARTBEAT_SECONDS = 10;
/** One pass of a lane; a longer one is taken for hanging and given to another worker. */
export const LANE_EXPIRY_SECONDS = 900;
export const SLOT_EXPIRY_SECONDS = 60;
const RETRY_LIMIT = 20;
const RETRY_DELAY_SECONDS = 1;
const RETRY_DELAY_MAX_SECONDS = 30;
const LANE_KEPT_SECONDS = 600;
/** A slot asked for again within this time is known; after it the trigger's own id tells that it is a repeated one. */
const SLOT_KEPT_SECONDS = 3_600;
/** How often jobs that are kept no longer are removed: a thousand traders leave two thousand a minute. */
const CLEANUP_SECONDS = 300;
/** A slot may lie far ahead: monthly crons, with room. */
const RETENTION_SECONDS = 400 * 86_400;

export interface LaneData {
  readonly traderId: TraderId;
}
export interface SlotData {
  readonly bindingId: BindingId;
  readonly triggerIndex: number;
  readonly at: Timestamp;
}

/** Sending side of the jobs: knows pg-boss, not who works. */
export interface JobQueues {
  readonly boss: PgBoss;
  sendWake(traderId: TraderId, client: Pick<pg.PoolClient, 'query'>, startAfterSeconds?: number): Promise<void>;
  sendSlot(slot: SlotData, client: Pick<pg.PoolClient, 'query'>): Promise<void>;
  /** After the commit of a wake: tells the workers of this process and of all others. */
  readonly announceWake: () => void;
  announceSlot(at: Timestamp): void;
  /** Called on every announcement made in this process, with the moment from which work is due. */
  onAnnounced: ((due: Timestamp | null) => void) | null;
  /** Tells the workers of other processes. */
  onWakeCommitted: (() => void) | null;
}

/** Texts of pg-boss that get a name, so that the server parses each once per connection; there are a few dozen. */
const NAMED_MAX = 200;
const names = new Map<string, string>();

/** pg-boss runs its statements on any connection: the pool, or the one that holds our transaction. */
export const bossDb = (client: Pick<pg.PoolClient, 'query'>): BossDb => ({
  executeSql: async (text, values = []) => {
    // Without values a text may be several statements, which cannot be prepared.
    if (values.length === 0) return client.query(text);
    const name = names.get(text) ?? (names.size < NAMED_MAX ? `boss_${names.size}` : null);
    if (name === null) return client.query(text, [...values]);
    names.set(text, name);
    return client.query({ name, text, values: [...values] });
  },
});

/** Installs the queues; idempotent. pg-boss cannot be installed by two processes at once: call it through `installAlone`. */
export async function openQueues(pool: pg.Pool, ids: Ids, log: Log): Promise<JobQueues> {
  // Maintenance is driven by the runner, schedules by our own slots: processes that only send do neither.
  const boss = new PgBoss({
    db: bossDb(pool),
    supervise: false,
    schedule: false,
    monitorIntervalSeconds: 2,
    maintenanceIntervalSeconds: CLEANUP_SECONDS,
    monitorVacuum: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  boss.on('error', (error) => log.error('jobs.error', { message: messageOf(error) }));
  boss.on('warning', (warning) => log.warn('jobs.warning', { message: warning.message }));
  await boss.start();
  const shared = {
    retryLimit: RETRY_LIMIT,
    retryDelay: RETRY_DELAY_SECONDS,
    retryBackoff: true,
    retryDelayMax: RETRY_DELAY_MAX_SECONDS,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    retentionSeconds: RETENTION_SECONDS,
  };
  for (const queue of [LANE_QUEUE, SLOT_QUEUE]) await boss.createQueue(queue + DEAD_SUFFIX, { retentionSeconds: RETENTION_SECONDS });
  // One active job per key = one worker per trader; waiting wakes are unlimited, so none is lost (see lane-pass.ts).
  await boss.createQueue(LANE_QUEUE, {
    ...shared,
    policy: 'singleton',
    expireInSeconds: LANE_EXPIRY_SECONDS,
    deleteAfterSeconds: LANE_KEPT_SECONDS,
    deadLetter: LANE_QUEUE + DEAD_SUFFIX,
  });
  await boss.createQueue(SLOT_QUEUE, {
    ...shared,
    policy: 'standard',
    expireInSeconds: SLOT_EXPIRY_SECONDS,
    deleteAfterSeconds: SLOT_KEPT_SECONDS,
    deadLetter: SLOT_QUEUE + DEAD_SUFFIX,
  });
  const queues: JobQueues = {
    boss,
    sendWake: async (traderId, client, startAfterSeconds = 0) => {
      const data: LaneData = { traderId };
      await boss.send(LANE_QUEUE, data, { singletonKey: traderId, startAfter: startAfterSeconds, db: bossDb(client) });
    },
    sendSlot: async (slot, client) => {
      // The id is derived from the slot: asking again hits the row that is there.
      const id = ids.derived('slot', slot.bindingId, String(slot.triggerIndex), String(slot.at));
      const data: SlotData = { bindingId: slot.bindingId, triggerIndex: slot.triggerIndex, at: slot.at };
      await boss.send(SLOT_QUEUE, data, { id, startAfter: new Date(slot.at), db: bossDb(client) });
    },
    announceWake: () => {
      queues.onAnnounced?.(null);
      queues.onWakeCommitted?.();
    },
    announceSlot: (at) => queues.onAnnounced?.(at),
    onAnnounced: null,
    onWakeCommitted: null,
  };
  return queues;
}
