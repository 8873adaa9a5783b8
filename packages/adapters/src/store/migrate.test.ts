import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededIds } from '@hyperoru/testkit';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../tests/setup/quiet-log.ts';
import { systemClock } from '../system/clock.ts';
import { openStore } from './open-store.ts';

describe('opening a database', () => {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase({ empty: true });
  });
  afterEach(() => database.drop());

  const open = (migrationsFolder?: string) =>
    openStore({
      connection: database.connection,
      clock: systemClock,
      ids: seededIds(1),
      log: quietLog,
      ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
    });

  it('installs everything once when several processes start together', async () => {
    const opened = await Promise.all([open(), open(), open()]);
    expect(await Promise.all(opened.map((one) => one.store.transaction((tx) => tx.users.count())))).toEqual([0, 0, 0]);
    for (const one of opened) await one.close();
    await (await open()).close();
  });

  it('refuses a database that a newer version has written, and leaves it', async () => {
    await (await open()).close();
    const client = new pg.Client({ ...database.connection });
    await client.connect();
    await client.query("insert into hyperoru_migrations.__drizzle_migrations (hash, created_at) values ('of tomorrow', 9999999999999)");
    await client.end();
    await expect(open()).rejects.toMatchObject({
      name: 'SchemaProblem',
      code: 'schema_newer',
      message: expect.stringContaining('newer version'),
    });
  });

  it('names the folder when there are no migrations', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'hyperoru-none-'));
    await expect(open(empty)).rejects.toMatchObject({ code: 'migrations_missing', message: expect.stringContaining(empty) });
    rmSync(empty, { recursive: true });
  });

  it('fails with the cause when nothing answers', async () => {
    const nowhere = openStore({
      connection: { ...database.connection, database: 'hyperoru_no_such_database' },
      clock: systemClock,
      ids: seededIds(1),
      log: quietLog,
    });
    await expect(nowhere).rejects.toThrow('does not exist');
  });
});
