import { asId, decimal, type FillId, type TraderId } from '@hyperoru/domain';
import {
  decisionOf,
  FAKE_EPOCH,
  fill,
  finishedRunOf,
  modelCallOf,
  orderOf,
  plantWorld,
  type StoreUnderTest,
  storeContract,
} from '@hyperoru/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../tests/setup/fresh-database.ts';
import { quietLog } from '../../../../tests/setup/quiet-log.ts';
import { systemClock } from '../system/clock.ts';
import { systemIds } from '../system/ids.ts';
import { openStore } from './open-store.ts';

async function openFresh(): Promise<StoreUnderTest & { query(statement: string): Promise<unknown> }> {
  const database = await freshDatabase();
  const opened = await openStore({ connection: database.connection, clock: systemClock, ids: systemIds, log: quietLog });
  return {
    store: opened.store,
    readModel: opened.readModel,
    query: async (statement) => {
      const client = new pg.Client({ ...database.connection });
      await client.connect();
      try {
        return await client.query(statement);
      } finally {
        await client.end();
      }
    },
    close: async () => {
      await opened.close();
      await database.drop();
    },
  };
}

storeContract('the PostgreSQL store', openFresh);

describe('the PostgreSQL store, beyond the contract', () => {
  let made: Awaited<ReturnType<typeof openFresh>>;
  beforeAll(async () => {
    made = await openFresh();
  });
  afterAll(() => made.close());
  const subject = () => made;

  it('keeps whatever text a model sends, with characters that no database takes replaced', async () => {
    const { store } = subject();
    const world = await plantWorld(subject());
    const run = finishedRunOf(world, 0, { reason: 'a\0b' });
    const call = modelCallOf(run, 1, { rawAnswer: 'x\0y \u{1F600}', context: { text: 'n\0 \ud800 \\u0000' } });
    await store.transaction(async (tx) => {
      await tx.runs.insert(run);
      await tx.runs.insertModelCall(call);
    });
    const [read] = await store.transaction((tx) => tx.runs.listModelCalls(run.id));
    expect(read?.rawAnswer).toBe('x\uFFFDy \u{1F600}');
    expect(read?.context).toEqual({ text: 'n\uFFFD \uFFFD \\u0000' });
    expect((await store.transaction((tx) => tx.runs.get(run.id)))?.reason).toBe('a\uFFFDb');
  });

  it.each(['audit_entries', 'ledger_entries', 'fills', 'decisions', 'model_calls', 'order_history'])(
    'never changes or removes what is in %s',
    async (table) => {
      await plantRecords(subject());
      for (const statement of [
        `update hyperoru.${table} set trader_id = trader_id`,
        `delete from hyperoru.${table}`,
        `truncate hyperoru.${table} cascade`,
      ]) {
        const attempt = made.query(
          statement.replace(
            'set trader_id = trader_id',
            table === 'audit_entries' ? 'set seq = seq' : table === 'order_history' ? 'set at = at' : 'set trader_id = trader_id',
          ),
        );
        await expect(attempt).rejects.toThrow(/only grow/);
      }
    },
  );

  it('says so when a statement failed, its error was ignored and the commit could not be one', async () => {
    const { trader } = await plantWorld(subject());
    const attempt = made.store.transaction(async (tx) => {
      await tx.traders.insert(trader).catch(() => undefined);
    });
    await expect(attempt).rejects.toThrow('Expected the transaction to commit');
  });

  it('refuses a statement that comes after its transaction has ended', async () => {
    const late = await made.store.transaction(async (tx) => tx);
    await expect(late.users.count()).rejects.toMatchObject({ cause: { message: expect.stringContaining('was not awaited') } });
  });

  it('refuses a record whose reference leads nowhere, at the commit', async () => {
    const world = await plantWorld(subject());
    const stranger = { ...world, trader: { ...world.trader, id: asId<TraderId>(systemIds.uuid()) } };
    await expect(made.store.transaction((tx) => tx.runs.insert(finishedRunOf(stranger)))).rejects.toThrow('foreign key');
  });
});

async function plantRecords(subject: StoreUnderTest): Promise<void> {
  const world = await plantWorld(subject);
  const run = finishedRunOf(world);
  const placed = orderOf(world);
  await subject.store.transaction(async (tx) => {
    await tx.runs.insert(run);
    await tx.runs.insertModelCall(modelCallOf(run));
    await tx.runs.insertDecision(decisionOf(world, run));
    await tx.orders.insert(placed);
    await tx.portfolio.insertFill(
      fill({ id: asId<FillId>(systemIds.uuid()), traderId: world.trader.id, orderId: placed.id, tradeId: placed.id }),
    );
    await tx.portfolio.insertLedgerEntry({
      id: systemIds.uuid(),
      traderId: world.trader.id,
      kind: 'deposit',
      amount: decimal('1'),
      symbol: null,
      fillId: null,
      positionId: null,
      at: FAKE_EPOCH,
    });
    await tx.journal.audit({ at: FAKE_EPOCH, ownerId: world.owner.id, actor: 'system', action: 'x', subject: 'y', detail: null });
  });
}
