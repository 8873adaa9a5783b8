import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../tests/setup/quiet-log.ts';
import { systemIds } from '../system/ids.ts';
import { openPool } from './database.ts';
import { inTransaction, type TxContext } from './transaction.ts';

let database: FreshDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await freshDatabase();
  pool = openPool(database.connection, quietLog);
  await pool.query('create table kept (n integer primary key)');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => pool.query('truncate kept'));

const insert = ({ client }: TxContext, n: number): Promise<unknown> => client.query('insert into kept values ($1)', [n]);
const kept = async (): Promise<readonly number[]> =>
  (await pool.query<{ n: number }>('select n from kept order by n')).rows.map(({ n }) => n);
const run = (work: (tx: TxContext) => Promise<unknown>, last: (tx: TxContext) => readonly Promise<unknown>[] = () => []) =>
  inTransaction(pool, systemIds, work, async (context) => last(context));

describe('a transaction', () => {
  test('commits the statements that were left underway at its end', async () => {
    await run(
      (tx) => insert(tx, 1),
      (tx) => [insert(tx, 2), insert(tx, 3)],
    );
    expect(await kept()).toEqual([1, 2, 3]);
  });

  test('keeps nothing when one of them fails, whichever it is', async () => {
    for (const broken of [0, 1, 2]) {
      const attempt = run(
        (tx) => insert(tx, 1),
        (tx) => [0, 1, 2].map((place) => insert(tx, place === broken ? 1 : 10 + place)),
      );
      await expect(attempt).rejects.toThrow('duplicate key');
      expect(await kept()).toEqual([]);
    }
  });

  test('sends its statements in their order, also when nobody waits for the answers in between', async () => {
    await run(async (tx) => {
      const all = Array.from({ length: 50 }, () =>
        tx.client.query<{ n: string }>('insert into kept select count(*) from kept returning n'),
      );
      expect((await Promise.all(all)).map(({ rows }) => Number(rows[0]?.n))).toEqual(Array.from({ length: 50 }, (_, n) => n));
    });
    expect(await kept()).toHaveLength(50);
  });

  test('lets nothing through when its beginning failed, not even its first statement', async () => {
    const refusing = Object.create(pool);
    refusing.connect = async () => {
      const client = await pool.connect();
      const refused = Object.create(client);
      refused.query = (...args: unknown[]) => Reflect.apply(client.query, client, args[0] === 'begin' ? ['begin of nothing'] : args);
      refused.release = (error?: Error) => client.release(error);
      return refused;
    };
    const attempt = inTransaction(
      refusing,
      systemIds,
      async (tx) => {
        await insert(tx, 1);
      },
      async () => [],
    );
    await expect(attempt).rejects.toThrow();
    expect(await kept()).toEqual([]);
  });

  test('ends when its connection is cut, and the next one works', async () => {
    const attempt = run(async (tx) => {
      await insert(tx, 1);
      await pool.query('select pg_terminate_backend($1)', [(await tx.client.query('select pg_backend_pid() as pid')).rows[0].pid]);
      await insert(tx, 2);
    });
    await expect(attempt).rejects.toThrow();
    expect(await kept()).toEqual([]);
    await run((tx) => insert(tx, 3));
    expect(await kept()).toEqual([3]);
  });

  test('refuses a statement after its end', async () => {
    let left: TxContext | null = null;
    await run(async (tx) => {
      left = tx;
    });
    expect(() => (left === null ? null : insert(left, 1))).toThrow('it has ended');
  });
});
