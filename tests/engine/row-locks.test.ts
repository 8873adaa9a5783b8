import type { Order, OrderId } from '@hyperoru/domain';
import { cancelOrder, ownerScope, setStatus } from '@hyperoru/engine';
import { type Bound, buy, gate, type Pipeline, wants } from '@hyperoru/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../setup/fresh-database.ts';
import { openPipeline } from './harness/pipeline.ts';
import { until } from './harness/until.ts';

let database: FreshDatabase;
let opened: Awaited<ReturnType<typeof openPipeline>>;
let p: Pipeline;
let watcher: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  watcher = new pg.Client({ ...database.connection });
  await watcher.connect();
  opened = await openPipeline(database);
  p = opened.pipeline;
});
afterAll(async () => {
  await watcher.end();
  await opened.close();
});
beforeEach(() => p.price('50000'));
afterEach(() => {
  p.assertHeldFor = () => undefined;
});

const rests = { ...buy, time_in_force: 'gtc', max_price: 49500 };
const me = () => ownerScope(p.records.ownerId, p.clock.now());

async function resting(count: number): Promise<readonly { readonly bound: Bound; readonly entry: Order }[]> {
  const made = [];
  for (let index = 0; index < count; index++) {
    const bound = await p.newTrader();
    await p.run(bound, wants(rests));
    const [entry] = (await p.records.openOrders(bound.trader.id)).filter(({ purpose }) => purpose === 'entry');
    if (entry === undefined) throw new Error('Expected an entry that rests.');
    made.push({ bound, entry });
  }
  return made;
}

/** True while a session of the database waits for a row or a lock of another. */
async function somebodyWaits(): Promise<boolean> {
  const { rowCount } = await watcher.query(
    "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' limit 1",
  );
  return rowCount === 1;
}

const deadlocks = () => p.log.entries.filter(({ fields }) => String(fields['cause']).includes('40P01'));

describe('rows of a trader', () => {
  test('are taken after the trader when an order is marked as sent: who holds the trader may take the order next', async () => {
    const bound = await p.newTrader();
    const held = gate();
    let holding: Promise<readonly Order[]> | null = null;
    p.assertHeldFor = async () => {
      holding ??= p.opened.store.transaction(async (tx) => {
        await tx.traders.lock(bound.trader.id);
        held.open();
        await until('the order waits for its trader', somebodyWaits);
        const open = await tx.orders.listOpen(bound.trader.id);
        for (const { id } of open) await tx.orders.lock(id);
        return open;
      });
      await held.passed;
    };
    expect((await p.run(bound, wants(buy))).outcome).toBe('traded');
    expect(await holding).toHaveLength(3);
  });

  test('lead no two transactions into a circle when orders fill, are canceled and their traders are paused at once', async () => {
    const outcomes: PromiseSettledResult<unknown>[] = [];
    for (let round = 0; round < 3; round++) {
      const all = await resting(10);
      const cancel = (orderId: OrderId) => cancelOrder(p.deps, me(), { orderId });
      const acts = all.flatMap(({ bound, entry }, index) => [
        cancel(entry.id),
        index % 2 === 0 ? cancel(entry.id) : setStatus(p.deps, me(), { traderId: bound.trader.id, status: 'paused' }),
      ]);
      outcomes.push(...(await Promise.allSettled([p.price('49400'), ...acts])));
      await p.price('50000');
      for (const { bound } of all) await p.assertConsistent(bound);
    }
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(deadlocks()).toEqual([]);
  });
});
