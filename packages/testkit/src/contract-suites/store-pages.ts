import { type Alert, type AlertId, addMs, asId, symbol, type TraderId, type UserId } from '@hyperoru/domain';
import { ownerScope, type Page, type PageRequest } from '@hyperoru/engine';
import { describe, expect, it } from 'vitest';
import { BTC } from '../factories/market.ts';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { closedPositionOf, fillOf, positionOf } from './store-portfolio.ts';
import {
  decisionOf,
  finishedRunOf,
  modelCallOf,
  newUser,
  orderOf,
  plantWorld,
  runOf,
  type StoreUnderTest,
  worldIds,
} from './store-world.ts';

const FIRST: PageRequest = { limit: 50, cursor: null };

/** Walks all pages of two items each. */
async function allOf<T>(read: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await read({ limit: 2, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < 100);
  return items;
}

export function describePages(subject: () => StoreUnderTest): void {
  describe('pages', () => {
    it('walks all records newest first, each once, also those of one moment', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const all = [1, 2, 2, 2, 3].map((at) => runOf(world, at));
      await store.transaction(async (tx) => {
        for (const run of all) await tx.runs.insert(run);
      });
      const read = await allOf((page) => readModel.listRuns(world.scope, {}, page));
      expect(read.map((run) => run.createdAt - FAKE_EPOCH)).toEqual([3, 2, 2, 2, 1]);
      expect(new Set(read.map((run) => run.id)).size).toBe(5);
    });

    it('filters by trader, moment, outcome and binding; from is included, to is not', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const second = await plantWorld(subject(), { owner: world.owner });
      const mine = [10, 20, 30].map((at) => finishedRunOf(world, at, { outcome: at === 20 ? 'failed' : 'held' }));
      const other = finishedRunOf(second, 20);
      await store.transaction(async (tx) => {
        for (const run of [...mine, other]) await tx.runs.insert(run);
      });
      const list = async (filter: Parameters<typeof readModel.listRuns>[1]) =>
        (await readModel.listRuns(world.scope, filter, FIRST)).items.map((run) => run.id);
      expect(await list({ traderId: world.trader.id, from: addMs(FAKE_EPOCH, 10), to: addMs(FAKE_EPOCH, 30) })).toEqual([
        mine[1]?.id,
        mine[0]?.id,
      ]);
      expect(await list({ outcome: 'failed' })).toEqual([mine[1]?.id]);
      expect(await list({ bindingId: second.binding.id })).toEqual([other.id]);
    });

    it.each(['', 'nonsense', 'MTIz', Buffer.from('1 not-a-uuid').toString('base64url'), 'x'.repeat(500)])(
      'refuses the cursor %j',
      async (cursor) => {
        const { scope } = await plantWorld(subject());
        await expect(subject().readModel.listTraders(scope, { includeDeleted: false }, { limit: 1, cursor })).rejects.toThrow(RangeError);
      },
    );

    it.each([0, 201, 1.5])('refuses %d items a page', async (limit) => {
      const { scope } = await plantWorld(subject());
      await expect(subject().readModel.listPrompts(scope, { limit, cursor: null })).rejects.toThrow(RangeError);
    });

    it('shows what a user set up, deleted traders only when asked for', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const { id: promptId } = world.prompt;
      const shown = { ...world.prompt, content: world.version.content, version: 1, contentHash: world.version.contentHash };
      expect((await readModel.listPrompts(world.scope, FIRST)).items).toEqual([shown]);
      expect(await readModel.findPrompt(world.scope, promptId)).toEqual(shown);
      expect(await readModel.listBindings(world.scope, {})).toEqual([{ ...world.binding, promptName: world.prompt.name }]);
      expect(await readModel.findBinding(world.scope, world.binding.id)).toEqual(world.binding);
      await store.transaction((tx) => tx.traders.update({ ...world.trader, deletedAt: FAKE_EPOCH }));
      expect((await readModel.listTraders(world.scope, { includeDeleted: false }, FIRST)).items).toEqual([]);
      expect((await readModel.listTraders(world.scope, { includeDeleted: true }, FIRST)).items).toHaveLength(1);
      expect((await readModel.findTrader(world.scope, world.trader.id))?.deletedAt).toBe(FAKE_EPOCH);
    });

    it('finds many traders at once, deleted ones too, those of the owner only, and refuses more than 200 ids', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const unknown = asId<TraderId>(worldIds.uuid());
      await store.transaction((tx) => tx.traders.update({ ...world.trader, deletedAt: FAKE_EPOCH }));
      const found = await readModel.findTraders(world.scope, [unknown, world.trader.id, world.trader.id]);
      expect(found).toEqual([{ ...world.trader, deletedAt: FAKE_EPOCH }]);
      expect(await readModel.findTraders(world.scope, [])).toEqual([]);
      const stranger = ownerScope(asId<UserId>(worldIds.uuid()));
      expect(await readModel.findTraders(stranger, [world.trader.id])).toEqual([]);
      expect(await readModel.findTraders(world.scope, Array(200).fill(unknown))).toEqual([]);
      await expect(readModel.findTraders(world.scope, Array(201).fill(unknown))).rejects.toThrow(RangeError);
    });

    it('never shows a foreign record, in no list and by no id', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const run = finishedRunOf(world);
      const made = decisionOf(world, run);
      const placed = orderOf(world, 0, { decisionId: made.id });
      const held = positionOf(world, 0);
      const alert: Alert = {
        id: asId<AlertId>(worldIds.uuid()),
        ownerId: world.owner.id,
        traderId: null,
        severity: 'info',
        code: 'x',
        message: 'x',
        createdAt: FAKE_EPOCH,
        acknowledgedAt: null,
      };
      await store.transaction(async (tx) => {
        await tx.runs.insert(run);
        await tx.runs.insertModelCall(modelCallOf(run));
        await tx.runs.insertDecision(made);
        await tx.orders.insert(placed);
        await tx.portfolio.insertFill(fillOf(world, 0, { orderId: placed.id }));
        await tx.portfolio.savePosition(held);
        await tx.journal.insertAlert(alert);
      });
      const read = async (scope: ReturnType<typeof ownerScope>) => {
        const lists = [
          readModel.listTraders(scope, { includeDeleted: true }, FIRST),
          readModel.listPrompts(scope, FIRST),
          readModel.listRuns(scope, {}, FIRST),
          readModel.listDecisions(scope, {}, FIRST),
          readModel.listOrders(scope, {}, FIRST),
          readModel.listFills(scope, {}, FIRST),
          readModel.listPositions(scope, {}, FIRST),
          readModel.listAlerts(scope, {}, FIRST),
        ];
        const finds = [
          readModel.findTrader(scope, world.trader.id),
          readModel.findPrompt(scope, world.prompt.id),
          readModel.findBinding(scope, world.binding.id),
          readModel.findRun(scope, run.id),
          readModel.findDecision(scope, made.id),
          readModel.findOrder(scope, placed.id),
          readModel.findPosition(scope, held.id),
          readModel.lastRun(scope, world.trader.id),
          readModel.lastDecision(scope, world.trader.id),
        ];
        return {
          listed: (await Promise.all(lists)).map((page) => page.items.length),
          found: (await Promise.all(finds)).map((one) => one !== null),
        };
      };
      expect(await read(world.scope)).toEqual({ listed: [1, 1, 1, 1, 1, 1, 1, 1], found: Array(9).fill(true) });
      expect(await read(ownerScope(newUser().id))).toEqual({ listed: [0, 0, 0, 0, 0, 0, 0, 0], found: Array(9).fill(false) });
    });

    it('shows a run and a decision with everything behind them', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const run = finishedRunOf(world);
      const [call, made] = [modelCallOf(run), decisionOf(world, run)];
      const placed = orderOf(world, 0, { decisionId: made.id });
      await store.transaction(async (tx) => {
        await tx.runs.insert(run);
        await tx.runs.insertModelCall(call);
        await tx.runs.insertDecision(made);
        await tx.orders.insert(placed);
      });
      expect(await readModel.findRun(world.scope, run.id)).toEqual({ run, modelCalls: [call], decisions: [made] });
      expect(await readModel.findDecision(world.scope, made.id)).toEqual({ record: made, run, modelCalls: [call], orders: [placed] });
      expect(await readModel.lastRun(world.scope, world.trader.id)).toEqual(run);
      expect(await readModel.lastDecision(world.scope, world.trader.id)).toEqual(made);
      expect((await readModel.listDecisions(world.scope, { runId: run.id }, FIRST)).items).toEqual([made]);
    });

    it('filters orders, fills, positions and alerts by what they are', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const eth = symbol('ETH');
      const [open, filled] = [orderOf(world, 1), orderOf(world, 2, { state: 'filled', symbol: eth })];
      const [btcFill, ethFill] = [fillOf(world, 1), fillOf(world, 2, { symbol: eth })];
      const [held, closed] = [positionOf(world, 1), closedPositionOf(world, 2)];
      await store.transaction(async (tx) => {
        for (const one of [open, filled]) await tx.orders.insert(one);
        for (const one of [btcFill, ethFill]) await tx.portfolio.insertFill(one);
        for (const one of [held, closed]) await tx.portfolio.savePosition(one);
      });
      expect((await readModel.listOrders(world.scope, { states: ['intent'] }, FIRST)).items).toEqual([open]);
      expect((await readModel.listOrders(world.scope, { states: [] }, FIRST)).items).toEqual([]);
      expect((await readModel.listOrders(world.scope, { symbol: eth }, FIRST)).items).toEqual([filled]);
      expect((await readModel.listFills(world.scope, { symbol: BTC }, FIRST)).items).toEqual([btcFill]);
      expect((await readModel.listPositions(world.scope, { status: 'open' }, FIRST)).items).toEqual([held]);
      expect((await readModel.listPositions(world.scope, { status: 'closed' }, FIRST)).items).toEqual([closed]);
      expect((await readModel.listPositions(world.scope, {}, FIRST)).items).toEqual([closed, held]);
    });
  });
}
