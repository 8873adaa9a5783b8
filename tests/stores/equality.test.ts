import { type OpenedStore, openStore, systemClock, systemIds } from '@hyperoru/adapters';
import { canonicalJson } from '@hyperoru/domain';
import type { ReadModel, Store } from '@hyperoru/engine';
import { FakeClock, MemoryDatabase } from '@hyperoru/testkit';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../setup/fresh-database.ts';
import { quietLog } from '../setup/quiet-log.ts';
import { contentsOf } from './contents.ts';
import type { Operation } from './operation.ts';
import { orderReads, orderWrites, portfolioReads, portfolioWrites } from './order-operations.ts';
import { journalOperations, safetyOperations, strategyOperations, traderHolds } from './other-operations.ts';
import { type Pool, plantPool } from './pool.ts';
import { type Entry, runAlone, runPair, type Script } from './script.ts';

/** Examples for each change; a longer search sets HYPERORU_STORE_RUNS. */
const RUNS = Number(process.env['HYPERORU_STORE_RUNS'] ?? 12);
const SEED = Number(process.env['HYPERORU_STORE_SEED'] ?? 20_260_101);
const STEPS_MAX = 12;
const TIME_MS_MAX = 240_000;

/** Each has to be met at least once. */
const SITUATIONS = ['done', 'waits', 'aborted', 'rolled back', 'unique rule', 'foreign key', 'conflict client_order_id_exists'];

interface Subject {
  readonly store: Store;
  readonly readModel: ReadModel;
  /** Resolves when a statement that was not answered surely waits for a lock. */
  untilWaiting(): Promise<void>;
}

let database: FreshDatabase;
let opened: OpenedStore;
let watcher: pg.Client;
let subjects: readonly [Subject, Subject];

beforeAll(async () => {
  database = await freshDatabase();
  watcher = new pg.Client({ ...database.connection });
  await watcher.connect();
  const patienceMs = await noticeDeadlocksSoon();
  opened = await openStore({ connection: database.connection, clock: systemClock, ids: systemIds, log: quietLog });
  const memory = new MemoryDatabase({ ids: systemIds }).open({ clock: new FakeClock(), log: quietLog });
  subjects = [
    { store: memory.store, readModel: memory.readModel, untilWaiting: () => new Promise((resolve) => setImmediate(resolve)) },
    { store: opened.store, readModel: opened.readModel, untilWaiting: () => untilLocked(patienceMs) },
  ];
});

afterAll(async () => {
  await opened.close();
  await watcher.end();
  await database.drop();
});

/**
 * PostgreSQL looks for a deadlock once, some time after a wait began: whoever waits first must have looked before the other begins to
 * wait, so that the same one gives up as in memory. Only an administrator may shorten the time.
 */
async function noticeDeadlocksSoon(): Promise<number> {
  try {
    await watcher.query(`alter database ${database.connection.database} set deadlock_timeout = '1ms'`);
    return 5;
  } catch {
    return 1_100;
  }
}

async function untilLocked(patienceMs: number): Promise<void> {
  for (;;) {
    const { rows } = await watcher.query<{ waiting: number }>(
      "select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (rows[0]?.waiting !== 0) return systemClock.sleep(patienceMs);
  }
}

interface Step {
  readonly scripts: readonly [Script] | readonly [Script, Script];
  readonly turns: readonly number[];
}

const anything = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(...orderWrites) },
  { weight: 5, arbitrary: fc.oneof(...portfolioWrites) },
  { weight: 2, arbitrary: fc.oneof(...orderReads, ...portfolioReads) },
  { weight: 3, arbitrary: fc.oneof(...safetyOperations) },
  { weight: 4, arbitrary: fc.oneof(...strategyOperations, ...traderHolds) },
  { weight: 2, arbitrary: fc.oneof(...journalOperations) },
);
/** What others wait for. */
const contended = fc.oneof(...orderWrites, ...traderHolds, ...portfolioWrites);

const scriptOf = (operations: fc.Arbitrary<Operation>): fc.Arbitrary<Script> =>
  fc.record({
    operations: fc.array(operations, { minLength: 2, maxLength: 6 }),
    end: fc.constantFrom('commit' as const, 'commit' as const, 'commit' as const, 'rollback' as const),
  });
const pairOf = (operations: fc.Arbitrary<Operation>): fc.Arbitrary<Step> =>
  fc.record({
    scripts: fc.tuple(scriptOf(operations), scriptOf(operations)),
    turns: fc.array(fc.nat({ max: 1 }), { minLength: 4, maxLength: 14 }),
  });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ scripts: fc.tuple(scriptOf(anything)), turns: fc.constant([]) }),
  pairOf(anything),
  pairOf(contended),
);

/** What the step did and what everybody sees after it; events in order when one transaction made them. */
async function take(subject: Subject, pool: Pool, { scripts, turns }: Step) {
  const { store, readModel, untilWaiting } = subject;
  const before = await readModel.lastEventSeq();
  const [first, second] = scripts;
  const entries: readonly Entry[] =
    second === undefined ? await runAlone(store, pool, first) : await runPair(store, pool, [first, second], turns, untilWaiting);
  const events = (await readModel.eventsAfter(before, 1_000)).map(({ seq: _, ...event }) => canonicalJson(event));
  return { entries, events: second === undefined ? events : events.sort(), contents: await contentsOf(subject, pool) };
}

it(
  'the store in memory does and shows what PostgreSQL does and shows, whatever is asked, alone and side by side',
  async () => {
    const [memory, postgres] = subjects;
    const both: Pick<Store, 'transaction'> = {
      transaction: async (work) => {
        await memory.store.transaction(work);
        return postgres.store.transaction(work);
      },
    };
    const happened = new Set<string>();
    const sameInBoth = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: STEPS_MAX }), async (steps) => {
      const pool = await plantPool(both);
      for (const one of steps) {
        const expected = await take(postgres, pool, one);
        expect(await take(memory, pool, one)).toEqual(expected);
        for (const { outcome } of expected.entries)
          happened.add(outcome === 'waits' ? outcome : 'failure' in outcome ? outcome.failure : 'done');
      }
    });
    await fc.assert(sameInBoth, { numRuns: RUNS, seed: SEED, endOnFailure: true });
    // What was proven equal is worth as much as what happened.
    expect([...happened]).toEqual(expect.arrayContaining(SITUATIONS));
  },
  TIME_MS_MAX,
);
