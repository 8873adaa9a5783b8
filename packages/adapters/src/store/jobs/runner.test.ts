import { jobRunnerContract, plantWorld, runOf } from '@hyperoru/testkit';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../../tests/setup/quiet-log.ts';
import { startScript } from '../../../../../tests/setup/start-script.ts';
import { systemClock } from '../../system/clock.ts';
import { systemIds } from '../../system/ids.ts';
import { type OpenedStore, openStore } from '../open-store.ts';
import { HELD_FOR_MS_MAX } from './lane-pass.ts';

const open = ({ connection }: FreshDatabase) => openStore({ connection, clock: systemClock, ids: systemIds, log: quietLog });

async function query<Row extends pg.QueryResultRow>({ connection }: FreshDatabase, sql: string): Promise<Row[]> {
  const client = new pg.Client({ ...connection });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

jobRunnerContract('the runner on PostgreSQL', async () => {
  const database = await freshDatabase();
  return {
    clock: systemClock,
    heldForMsMax: HELD_FOR_MS_MAX,
    open: () => open(database),
    // The attempt's count moves on.
    takeOver: async (traderId) => {
      await query(database, `update pgboss.job set retry_count = retry_count + 1 where singleton_key = '${traderId}' and state = 'active'`);
    },
    close: () => database.drop(),
  };
});

describe('the runner on PostgreSQL, beyond the contract', () => {
  let database: FreshDatabase;
  let opened: OpenedStore;

  beforeEach(async () => {
    database = await freshDatabase();
    opened = await open(database);
  });

  afterEach(async () => {
    await opened.jobs.stop(0);
    await opened.close();
    await database.drop();
  });

  it('gives the lane of a killed process to the next one before its heartbeat is missed', async () => {
    const world = await plantWorld(opened);
    await opened.store.transaction(async (tx) => {
      await tx.runs.insert(runOf(world));
      await tx.jobs.wake(world.trader.id);
    });
    const worker = startScript('tests/setup/hanging-worker.ts', [JSON.stringify(database.connection)]);
    await worker.says('taken');
    await worker.kill();
    const taken = new Promise<number>((resolve) => {
      void opened.jobs.start({
        onLane: async (lease) => {
          await opened.store.transaction((tx) => lease.completeIn(tx));
          resolve(lease.retryCount);
        },
        onSlot: async () => undefined,
      });
    });
    expect(await taken).toBe(1);
    const [job] = await query<{ early: boolean }>(
      database,
      "select completed_on < created_on + interval '10 seconds' as early from pgboss.job where name = 'lane' and state = 'completed'",
    );
    expect(job?.early).toBe(true);
  });

  it('leaves no slot to be done that was done', async () => {
    const world = await plantWorld(opened);
    const slot = { bindingId: world.binding.id, triggerIndex: 0, at: systemClock.now() };
    await opened.store.transaction((tx) => tx.jobs.scheduleSlot(slot));
    await new Promise<void>((resolve) => {
      void opened.jobs.start({ onLane: async () => undefined, onSlot: async () => resolve() });
    });
    await opened.jobs.stop(1_000);
    expect(await query(database, "select state from pgboss.job where name = 'slot'")).toEqual([{ state: 'completed' }]);
  });
});
