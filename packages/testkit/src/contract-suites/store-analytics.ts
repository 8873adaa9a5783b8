import { addMs, decimal } from '@hyperoru/domain';
import { ownerScope } from '@hyperoru/engine';
import { describe, expect, it } from 'vitest';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { closedPositionOf, entryOf, positionOf } from './store-portfolio.ts';
import { decisionOf, finishedRunOf, modelCallOf, newUser, plantWorld, type StoreUnderTest, type StoreWorld } from './store-world.ts';

export function describeAnalytics(subject: () => StoreUnderTest): void {
  describeCurve(subject);
  describeSums(subject);
}

function describeCurve(subject: () => StoreUnderTest): void {
  describe('equity curve', () => {
    const plantPoints = async (count: number): Promise<StoreWorld> => {
      const world = await plantWorld(subject());
      await subject().store.transaction(async (tx) => {
        const pointAt = (at: number) => ({
          traderId: world.trader.id,
          at: addMs(FAKE_EPOCH, at),
          equity: decimal(String(at)),
          balance: decimal('1'),
          unrealizedPnl: decimal('-0.5'),
        });
        await tx.portfolio.insertEquityPoints(Array.from({ length: count }, (_, at) => pointAt(at)));
      });
      return world;
    };
    const range = { from: FAKE_EPOCH, to: addMs(FAKE_EPOCH, 1_000) };

    it.each([
      [10, 10],
      [10, 11],
      [10, 9],
      [10, 4],
      [10, 2],
      [1, 2],
      [0, 2],
      [97, 13],
    ])('thins %d points evenly to at most %d, the first and the last always among them', async (count, pointsMax) => {
      const world = await plantPoints(count);
      const curve = await subject().readModel.equityCurve(world.scope, world.trader.id, { ...range, pointsMax });
      const places = curve.map((point) => point.at - FAKE_EPOCH);
      expect(places).toHaveLength(Math.min(count, pointsMax));
      if (count > 0) expect([places[0], places.at(-1)]).toEqual([0, count - 1]);
      const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
      if (gaps.length > 0) expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
    });

    it('replaces the point of a moment and respects range and owner', async () => {
      const world = await plantPoints(3);
      const { store, readModel } = subject();
      const point = {
        traderId: world.trader.id,
        at: addMs(FAKE_EPOCH, 1),
        equity: decimal('9.5'),
        balance: decimal('9'),
        unrealizedPnl: decimal('0.5'),
      };
      await store.transaction((tx) => tx.portfolio.insertEquityPoints([point]));
      const exact = { from: point.at, to: point.at, pointsMax: 10 };
      expect(await readModel.equityCurve(world.scope, world.trader.id, exact)).toEqual([point]);
      expect(await readModel.equityCurve(ownerScope(newUser().id), world.trader.id, exact)).toEqual([]);
    });

    it('keeps the first point of each bucket before the border and everything from the border on', async () => {
      const world = await plantPoints(20);
      const { store, readModel } = subject();
      const border = addMs(FAKE_EPOCH, 10);
      await store.transaction((tx) => tx.portfolio.thinEquityPoints({ from: FAKE_EPOCH, before: border, bucketMs: 5 }));
      const curve = await readModel.equityCurve(world.scope, world.trader.id, { ...range, pointsMax: 100 });
      expect(curve.map((point) => point.at - FAKE_EPOCH)).toEqual([0, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    });
  });
}

function describeSums(subject: () => StoreUnderTest): void {
  describe('sums', () => {
    it('attributes closed positions to the strategy that opened them, or to a person', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject(), { trader: { isDemo: true } });
      const run = finishedRunOf(world);
      const made = decisionOf(world, run);
      const [planned, manual] = [
        closedPositionOf(world, 10, { openedByDecisionId: made.id }),
        closedPositionOf(world, 20, { side: 'short' }),
      ];
      await store.transaction(async (tx) => {
        await tx.runs.insert(run);
        await tx.runs.insertDecision(made);
        for (const one of [planned, manual, positionOf(world, 30)]) await tx.portfolio.savePosition(one);
        await tx.traders.update({ ...world.trader, deletedAt: FAKE_EPOCH });
      });
      const closed = (from: number, to: number, includeDeleted = true) =>
        readModel.closedPositions(world.scope, { from: addMs(FAKE_EPOCH, from), to: addMs(FAKE_EPOCH, to), includeDeleted });
      const common = { traderName: world.trader.name, traderDeleted: true, isDemo: true };
      const strategy = {
        strategyKind: 'prompt',
        strategyId: world.prompt.id,
        strategyName: world.prompt.name,
        operation: 'buy',
        triggerCause: 'manual',
      };
      const person = { strategyKind: 'manual', strategyId: null, operation: 'sell', triggerCause: 'external' };
      expect(await closed(0, 100)).toMatchObject([
        { ...common, ...strategy, position: planned },
        { ...common, ...person, position: manual },
      ]);
      expect((await closed(11, 21)).map(({ position }) => position.id)).toEqual([planned.id]);
      expect(await closed(0, 100, false)).toEqual([]);
    });

    it('totals an account: costs positive, deposits apart, everything of the owner and nothing else', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const second = await plantWorld(subject(), { owner: world.owner, trader: { deletedAt: FAKE_EPOCH } });
      await store.transaction(async (tx) => {
        await tx.runs.insert(finishedRunOf(world));
        await tx.portfolio.savePosition(closedPositionOf(world, 1));
        await tx.portfolio.savePosition(positionOf(world, 5));
        await tx.portfolio.insertLedgerEntry(entryOf(world, 0, { amount: decimal('1000') }));
        await tx.portfolio.insertLedgerEntry(entryOf(world, 0, { kind: 'adjustment', amount: decimal('-1') }));
        await tx.portfolio.insertLedgerEntry(entryOf(world, 1, { kind: 'realized_pnl', amount: decimal('7.5') }));
        await tx.portfolio.insertLedgerEntry(entryOf(world, 1, { kind: 'fee', amount: decimal('-0.3') }));
        await tx.portfolio.insertLedgerEntry(entryOf(world, 2, { kind: 'funding', amount: decimal('-0.02') }));
        await tx.portfolio.insertLedgerEntry(entryOf(second, 0, { amount: decimal('500') }));
      });
      const mine = { runs: 1, trades: 1, deposits: '999', realizedPnl: '7.5', fees: '0.3', funding: '-0.02' };
      expect(await readModel.accountTotals(world.scope, { traderId: world.trader.id, includeDeleted: false })).toEqual(mine);
      expect(await readModel.accountTotals(world.scope, { includeDeleted: false })).toEqual(mine);
      expect(await readModel.accountTotals(world.scope, { includeDeleted: true })).toEqual({ ...mine, deposits: '1499' });
      const nothing = { runs: 0, trades: 0, deposits: '0', realizedPnl: '0', fees: '0', funding: '0' };
      expect(await readModel.accountTotals(ownerScope(newUser().id), { includeDeleted: true })).toEqual(nothing);
    });

    it('totals what models cost and counts answers without a price', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const run = finishedRunOf(world);
      const at = (ms: number) => ({ createdAt: addMs(FAKE_EPOCH, ms) });
      await store.transaction(async (tx) => {
        await tx.runs.insert(run);
        await tx.runs.insertModelCall(modelCallOf(run, 1, { ...at(10), costUsd: '0.10' }));
        await tx.runs.insertModelCall(modelCallOf(run, 2, { ...at(11), costUsd: null }));
        await tx.runs.insertModelCall(modelCallOf(run, 3, { ...at(12), costUsd: null, rawAnswer: null, errorCode: 'model_timeout' }));
        await tx.runs.insertModelCall(modelCallOf(run, 4, { ...at(20), costUsd: '3' }));
      });
      const range = { from: addMs(FAKE_EPOCH, 10), to: addMs(FAKE_EPOCH, 20), includeDeleted: true };
      expect(await readModel.modelCost(world.scope, range)).toEqual({ knownUsd: '0.1', unknownCalls: 1 });
    });
  });
}
