import {
  type Adjustment,
  addMs,
  asId,
  decimal,
  type ExternalOrder,
  type Kill,
  type KillId,
  type Position,
  type Protection,
  type Reconciliation,
} from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { BTC } from '../factories/market.ts';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { closedPositionOf, positionOf } from './store-portfolio.ts';
import { orderOf, plantWorld, type StoreUnderTest, type StoreWorld, worldIds } from './store-world.ts';

export function protectionOf(position: Position, change: Partial<Protection> = {}): Protection {
  return {
    positionId: position.id,
    traderId: position.traderId,
    symbol: position.symbol,
    isRequired: true,
    coveredQuantity: decimal('0'),
    bareSince: null,
    bareMs: 0,
    longestBareMs: 0,
    checkedAt: FAKE_EPOCH,
    ...change,
  };
}

export function killOf(change: Partial<Kill> = {}): Kill {
  return {
    id: asId<KillId>(worldIds.uuid()),
    traderId: null,
    isDrill: false,
    actor: 'system',
    reason: 'A test.',
    startedAt: FAKE_EPOCH,
    blockedAt: FAKE_EPOCH,
    finishedAt: null,
    traders: [],
    disarmedAt: null,
    disarmedBy: null,
    ...change,
  };
}

export function adjustmentOf(world: StoreWorld, change: Partial<Adjustment> = {}): Adjustment {
  return {
    id: worldIds.uuid(),
    traderId: world.trader.id,
    kind: 'balance',
    symbol: null,
    positionId: null,
    orderId: null,
    recorded: '100',
    reported: '99.5',
    reason: 'The venue reports less.',
    at: FAKE_EPOCH,
    ...change,
  };
}

export function externalOrderOf(world: StoreWorld, at: number, change: Partial<ExternalOrder> = {}): ExternalOrder {
  return {
    traderId: world.trader.id,
    venueOrderId: worldIds.uuid(),
    clientOrderId: null,
    symbol: BTC,
    side: 'buy',
    quantity: decimal('1'),
    reduceOnly: false,
    policy: 'alarm',
    firstSeenAt: addMs(FAKE_EPOCH, at),
    endedAt: null,
    ...change,
  };
}

export function describeSafety(subject: () => StoreUnderTest): void {
  describeProtection(subject);
  describeKills(subject);
  describeReconciliation(subject);
}

function describeProtection(subject: () => StoreUnderTest): void {
  describe('protection', () => {
    it('replaces what is known of a position, also after it closed', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const held = positionOf(world, 0);
      const bare = protectionOf(held, { bareSince: addMs(FAKE_EPOCH, 5), checkedAt: addMs(FAKE_EPOCH, 5) });
      expect(await store.transaction((tx) => tx.safety.getProtection(held.id))).toBeNull();
      await store.transaction(async (tx) => {
        // References are checked at the commit: the order of writing is free.
        await tx.safety.saveProtection(bare);
        await tx.portfolio.savePosition(held);
      });
      expect(await store.transaction((tx) => tx.safety.getProtection(held.id))).toEqual(bare);
      const covered = { ...bare, coveredQuantity: decimal('0.75'), bareSince: null, bareMs: 2 ** 40, longestBareMs: 2 ** 39 };
      await store.transaction((tx) => tx.safety.saveProtection(covered));
      await store.transaction((tx) => tx.portfolio.savePosition({ ...held, closedAt: addMs(FAKE_EPOCH, 9), closedBy: 'close' }));
      expect(await store.transaction((tx) => tx.safety.getProtection(held.id))).toEqual(covered);
    });

    it('lists bare positions that are open, of all traders, the longest bare first', async () => {
      const { store } = subject();
      const [one, two] = [await plantWorld(subject()), await plantWorld(subject())];
      const [early, late, covered] = [positionOf(one, 0), positionOf(two, 0), positionOf(await plantWorld(subject()), 0)];
      const closed = closedPositionOf(one, 0);
      const bareFrom = (position: Position, at: number) => protectionOf(position, { bareSince: addMs(FAKE_EPOCH, at) });
      await store.transaction(async (tx) => {
        for (const position of [early, late, covered, closed]) await tx.portfolio.savePosition(position);
        for (const [position, at] of [[late, 20] as const, [early, 10] as const, [closed, 5] as const])
          await tx.safety.saveProtection(bareFrom(position, at));
        await tx.safety.saveProtection(protectionOf(covered));
      });
      const mine = new Set([early, late, covered, closed].map(({ id }) => id));
      const listed = async () => (await store.transaction((tx) => tx.safety.listBare())).filter((row) => mine.has(row.positionId));
      expect(await listed()).toEqual([bareFrom(early, 10), bareFrom(late, 20)]);
      await store.transaction((tx) => tx.safety.saveProtection(protectionOf(early)));
      expect(await listed()).toEqual([bareFrom(late, 20)]);
    });
  });
}

const reportOf = (traderId: Kill['traders'][number]['traderId'], canceledOrders: number): Kill['traders'][number] => ({
  traderId,
  canceledOrders,
  closedPositions: 2,
  isFlat: true,
  flatAfterMs: 5,
  problem: null,
});

function describeKills(subject: () => StoreUnderTest): void {
  describe('kill switch', () => {
    it('stops the trader it names and no other, until it is disarmed', async () => {
      const { store } = subject();
      const [one, two] = [await plantWorld(subject()), await plantWorld(subject())];
      const kill = killOf({ traderId: one.trader.id, actor: `user:${one.owner.id}` });
      const isKilled = async () => [
        await store.transaction((tx) => tx.safety.isKilled(one.trader.id)),
        await store.transaction((tx) => tx.safety.isKilled(two.trader.id)),
      ];
      await store.transaction((tx) => tx.safety.insertKill(kill));
      expect(await isKilled()).toEqual([true, false]);
      const finished: Kill = {
        ...kill,
        finishedAt: addMs(FAKE_EPOCH, 5),
        traders: [reportOf(one.trader.id, 1)],
      };
      await store.transaction((tx) => tx.safety.updateKill(finished));
      expect(await isKilled()).toEqual([true, false]);
      expect(await store.transaction((tx) => tx.safety.getKill(kill.id))).toEqual(finished);
      await store.transaction((tx) => tx.safety.updateKill({ ...finished, disarmedAt: addMs(FAKE_EPOCH, 9), disarmedBy: kill.actor }));
      expect(await isKilled()).toEqual([false, false]);
    });

    it('stops every trader when it names none, and nobody as a drill', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const isKilled = () => store.transaction((tx) => tx.safety.isKilled(world.trader.id));
      const drill = killOf({ isDrill: true });
      await store.transaction((tx) => tx.safety.insertKill(drill));
      expect(await isKilled()).toBe(false);
      const kill = killOf();
      await store.transaction((tx) => tx.safety.insertKill(kill));
      expect(await isKilled()).toBe(true);
      await store.transaction((tx) => tx.safety.updateKill({ ...kill, disarmedAt: FAKE_EPOCH, disarmedBy: 'system' }));
      expect(await isKilled()).toBe(false);
    });

    it('is held by one transaction at a time, so that two that report lose nothing', async () => {
      const { store } = subject();
      const { trader } = await plantWorld(subject());
      const kill = killOf({ traderId: trader.id });
      await store.transaction((tx) => tx.safety.insertKill(kill));
      const report = (index: number) =>
        store.transaction(async (tx) => {
          const held = await tx.safety.lockKill(kill.id);
          const traders = [...(held?.traders ?? []), reportOf(trader.id, index)];
          if (held !== null) await tx.safety.updateKill({ ...held, traders });
        });
      await Promise.all([0, 1, 2, 3].map(report));
      const { traders } = (await store.transaction((tx) => tx.safety.lockKill(kill.id))) ?? kill;
      expect(traders.map(({ canceledOrders }) => canceledOrders).toSorted()).toEqual([0, 1, 2, 3]);
      expect(await store.transaction((tx) => tx.safety.lockKill(killOf().id))).toBeNull();
    });

    it('is seen as soon as it is committed, not before', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const kill = killOf({ traderId: world.trader.id });
      const isKilled = () => store.transaction((tx) => tx.safety.isKilled(world.trader.id));
      await store.transaction(async (tx) => {
        await tx.safety.insertKill(kill);
        expect(await tx.safety.isKilled(world.trader.id)).toBe(true);
        expect(await isKilled()).toBe(false);
      });
      expect(await isKilled()).toBe(true);
    });

    it('lists armed and unfinished ones oldest first, and knows no other', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const of = (at: number, change: Partial<Kill> = {}) =>
        killOf({ traderId: world.trader.id, startedAt: addMs(FAKE_EPOCH, at), ...change });
      const ended = { finishedAt: addMs(FAKE_EPOCH, 50) };
      const [late, early, drill, disarmed] = [
        of(20, ended),
        of(10),
        of(5, { isDrill: true }),
        of(15, { disarmedAt: FAKE_EPOCH, disarmedBy: 'x' }),
      ];
      await store.transaction(async (tx) => {
        for (const kill of [late, early, drill, disarmed]) await tx.safety.insertKill(kill);
      });
      const own = (kills: readonly Kill[]) => kills.filter(({ traderId }) => traderId === world.trader.id);
      expect(own(await store.transaction((tx) => tx.safety.listArmedKills()))).toEqual([early, late]);
      expect(own(await store.transaction((tx) => tx.safety.listUnfinishedKills()))).toEqual([drill, early, disarmed]);
      expect(await store.transaction((tx) => tx.safety.getKill(killOf().id))).toBeNull();
    });
  });
}

function describeReconciliation(subject: () => StoreUnderTest): void {
  describe('reconciliation', () => {
    it('books a finding once, whatever it says the second time', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const [held, placed] = [positionOf(world, 0), orderOf(world)];
      const found = adjustmentOf(world, { kind: 'position', symbol: BTC, positionId: held.id, orderId: placed.id });
      const book = (adjustment: Adjustment) => store.transaction((tx) => tx.safety.insertAdjustment(adjustment));
      await store.transaction(async (tx) => {
        await tx.orders.insert(placed);
        await tx.portfolio.savePosition(held);
      });
      const booked = await Promise.all([found, found, { ...found, reported: '0' }].map(book));
      expect(booked.filter((isNew) => isNew)).toHaveLength(1);
      expect(await book(found)).toBe(false);
      expect(await readModel.countAdjustments(world.scope, {})).toBe(1);
    });

    it('pages through findings whatever their ids are, and takes no cursor that it did not make', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const ids = [worldIds.uuid(), `b-${worldIds.token(8)}`, `B-${worldIds.token(8)}`, worldIds.uuid(), `~${worldIds.token(8)}`];
      await store.transaction(async (tx) => {
        for (const id of ids) await tx.safety.insertAdjustment(adjustmentOf(world, { id }));
      });
      const read = (cursor: string | null) => readModel.listAdjustments(world.scope, {}, { limit: 1, cursor });
      const seen: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await read(cursor ?? null);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(ids.toSorted().reverse());
      const cursorOf = (id: string) => Buffer.from(`${FAKE_EPOCH} ${id}`, 'utf8').toString('base64url');
      for (const id of ['', 'a b', 'a\0b', '\u{1F600}']) await expect(read(cursorOf(id))).rejects.toThrow(RangeError);
    });

    it('keeps the newest comparison of a trader', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const read = () => store.transaction((tx) => tx.safety.getReconciliation(world.trader.id));
      expect(await read()).toBeNull();
      const good: Reconciliation = {
        traderId: world.trader.id,
        startedAt: FAKE_EPOCH,
        finishedAt: addMs(FAKE_EPOCH, 5),
        status: 'adjusted',
        message: null,
        lastGoodAt: addMs(FAKE_EPOCH, 5),
      };
      const failed: Reconciliation = { ...good, finishedAt: null, status: 'failed', message: 'No answer.' };
      for (const comparison of [good, failed]) {
        await store.transaction((tx) => tx.safety.saveReconciliation(comparison));
        expect(await read()).toEqual(comparison);
      }
    });

    it('lists foreign orders while they rest, oldest first, each once', async () => {
      const { store } = subject();
      const [world, other] = [await plantWorld(subject()), await plantWorld(subject())];
      const [late, early] = [externalOrderOf(world, 20, { clientOrderId: 'x' }), externalOrderOf(world, 10)];
      const foreign = externalOrderOf(other, 5, { venueOrderId: early.venueOrderId });
      const save = (order: ExternalOrder) => store.transaction((tx) => tx.safety.saveExternalOrder(order));
      const listed = () => store.transaction((tx) => tx.safety.listExternalOrders(world.trader.id));
      for (const order of [late, early, foreign, late]) await save(order);
      expect(await listed()).toEqual([early, late]);
      await save({ ...early, endedAt: addMs(FAKE_EPOCH, 30) });
      expect(await listed()).toEqual([late]);
    });
  });
}
