import { expect, it } from 'vitest';
import { freshDatabase } from '../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../tests/setup/quiet-log.ts';
import { systemClock } from '../system/clock.ts';
import { systemIds } from '../system/ids.ts';
import { openStore } from './open-store.ts';

it('opens', async () => {
  const database = await freshDatabase();
  const opened = await openStore({ connection: database.connection, clock: systemClock, ids: systemIds, log: quietLog });
  expect(await opened.store.transaction((tx) => tx.users.count())).toBe(0);
  expect(await opened.readModel.verifyAudit()).toEqual({ entries: 0, firstBrokenSeq: null });
  await opened.close();
  await database.drop();
});
