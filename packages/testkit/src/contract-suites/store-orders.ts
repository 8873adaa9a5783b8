import { addMs, decimal, ORDER_STATES, type Order, symbol } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { BTC } from '../factories/market.ts';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { decisionOf, finishedRunOf, orderOf, plantWorld, type StoreUnderTest, type StoreWorld } from './store-world.ts';

const OPEN_STATES: readonly Order['state'][] = ['intent', 'sent', 'accepted', 'partially_filled', 'unknown'];

export function describeOrders(subject: () => StoreUnderTest): void {
  describe('orders', () => {
    it('reads an order by its ids as it was written', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const placed = orderOf(world, 0, {
        type: { kind: 'trigger', triggerPrice: decimal('0.000000012345'), trigger: 'stop_loss' },
        quantity: decimal('123456789012345678901234.5678'),
        leverage: 2.5,
      });
      await store.transaction((tx) => tx.orders.insert(placed));
      expect(await store.transaction((tx) => tx.orders.get(placed.id))).toEqual(placed);
      expect(await store.transaction((tx) => tx.orders.lock(placed.id))).toEqual(placed);
      expect(await store.transaction((tx) => tx.orders.findByClientOrderId(placed.clientOrderId))).toEqual(placed);
      expect(await store.transaction((tx) => tx.orders.findByClientOrderId('0xnone'))).toBeNull();
    });

    it('takes a client order id once for all time, over all traders', async () => {
      const { store } = subject();
      const [one, two] = [await plantWorld(subject()), await plantWorld(subject())];
      const placed = orderOf(one);
      await store.transaction((tx) => tx.orders.insert(placed));
      const again = store.transaction((tx) => tx.orders.insert(orderOf(two, 0, { clientOrderId: placed.clientOrderId })));
      await expect(again).rejects.toMatchObject({ name: 'Conflict', rule: 'client_order_id_exists' });
    });

    it('moves an order only from an expected state, exactly once, and remembers every state', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const placed = orderOf(world);
      await store.transaction((tx) => tx.orders.insert(placed));
      const sent = {
        ...placed,
        state: 'sent' as const,
        deadline: addMs(FAKE_EPOCH, 5_000),
        sentAt: addMs(FAKE_EPOCH, 1),
        updatedAt: addMs(FAKE_EPOCH, 1),
      };
      const moves = await Promise.all(
        Array.from({ length: 4 }, () => store.transaction((tx) => tx.orders.compareAndSet(sent, ['intent']))),
      );
      expect(moves.filter((moved) => moved)).toHaveLength(1);
      expect(await store.transaction((tx) => tx.orders.compareAndSet({ ...sent, state: 'dropped' }, ['intent', 'unknown']))).toBe(false);
      expect(await store.transaction((tx) => tx.orders.compareAndSet({ ...sent, state: 'dropped' }, []))).toBe(false);
      const unknown = { ...sent, state: 'unknown' as const, reason: 'timeout', updatedAt: addMs(FAKE_EPOCH, 2) };
      expect(await store.transaction((tx) => tx.orders.compareAndSet(unknown, ['sent', 'accepted']))).toBe(true);
      expect(await readModel.findOrder(world.scope, placed.id)).toEqual({
        order: unknown,
        history: [
          { at: FAKE_EPOCH, state: 'intent', reason: null },
          { at: addMs(FAKE_EPOCH, 1), state: 'sent', reason: null },
          { at: addMs(FAKE_EPOCH, 2), state: 'unknown', reason: 'timeout' },
        ],
        fills: [],
      });
    });

    it('lists exactly the orders that are not final', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const all = ORDER_STATES.map((state, place) => orderOf(world, place, { state, symbol: place % 2 === 0 ? BTC : symbol('ETH') }));
      await store.transaction(async (tx) => {
        for (const placed of all) await tx.orders.insert(placed);
      });
      const open = all.filter(({ state }) => OPEN_STATES.includes(state));
      expect(await store.transaction((tx) => tx.orders.listOpen(world.trader.id))).toEqual(open);
      expect(await store.transaction((tx) => tx.orders.listOpenBySymbol(world.trader.id, BTC))).toEqual(
        open.filter((placed) => placed.symbol === BTC),
      );
      expect(await store.transaction((tx) => tx.orders.listTradersWithOpenOrders())).toContain(world.trader.id);
    });

    it('does not name traders whose orders are all final', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      await store.transaction((tx) => tx.orders.insert(orderOf(world, 0, { state: 'filled' })));
      expect(await store.transaction((tx) => tx.orders.listTradersWithOpenOrders())).not.toContain(world.trader.id);
    });

    it.each([
      ['unknown', 20, true],
      ['sent', 9, true],
      ['sent', 10, false],
      ['intent', 9, true],
      ['intent', 10, false],
      ['accepted', 9, false],
      ['filled', 9, false],
    ] as const)('%s, touched at %d, waits for an answer at 10: %s', async (state, touchedAt, waits) => {
      const { store } = subject();
      const world = await plantWorld(subject());
      await store.transaction((tx) => tx.orders.insert(orderOf(world, 0, { state, updatedAt: addMs(FAKE_EPOCH, touchedAt) })));
      const found = await store.transaction((tx) => tx.orders.listTradersWithDoubtfulOrders(addMs(FAKE_EPOCH, 10)));
      expect(found.includes(world.trader.id)).toBe(waits);
    });

    it('counts entries from the moment on and nothing else', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      await store.transaction(async (tx) => {
        for (const at of [9, 10, 11]) await tx.orders.insert(orderOf(world, at));
        await tx.orders.insert(orderOf(world, 12, { purpose: 'stop_loss', reduceOnly: true }));
      });
      expect(await store.transaction((tx) => tx.orders.countEntriesSince(world.trader.id, addMs(FAKE_EPOCH, 10)))).toBe(2);
    });

    it('counts entries of all traders that were sent from the moment on, whenever they were created', async () => {
      const { store } = subject();
      const [one, two] = [await plantWorld(subject()), await plantWorld(subject())];
      // No other test sends this late.
      const moment = addMs(FAKE_EPOCH, 86_400_000);
      const sentAt = (ms: number) => ({ state: 'sent' as const, sentAt: addMs(moment, ms) });
      const counted = () => store.transaction((tx) => tx.orders.countEntriesSentSince(moment));
      expect(await counted()).toBe(0);
      await store.transaction(async (tx) => {
        for (const order of [orderOf(one, 0, sentAt(-1)), orderOf(one, 0, sentAt(0)), orderOf(two, 0, sentAt(1))])
          await tx.orders.insert(order);
        await tx.orders.insert(orderOf(one, 0, { ...sentAt(2), purpose: 'stop_loss', reduceOnly: true }));
        await tx.orders.insert(orderOf(two, 86_400_001));
      });
      expect(await counted()).toBe(2);
    });

    it('gives each request of a trader a number above every one before, at least the moment', async () => {
      const { store } = subject();
      const [world, other] = [await plantWorld(subject()), await plantWorld(subject())];
      const take = (of: StoreWorld, at: number) => store.transaction((tx) => tx.orders.takeNonce(of.trader.id, addMs(FAKE_EPOCH, at)));
      expect(await take(world, 10)).toBe(FAKE_EPOCH + 10);
      expect(await take(world, 10)).toBe(FAKE_EPOCH + 11);
      expect(await take(world, 9)).toBe(FAKE_EPOCH + 12);
      expect(await take(world, 13)).toBe(FAKE_EPOCH + 13);
      expect(await take(other, 0)).toBe(FAKE_EPOCH);
      const taken = await Promise.all(Array.from({ length: 8 }, () => take(world, 0)));
      expect([...taken].sort()).toEqual(Array.from({ length: 8 }, (_, place) => FAKE_EPOCH + 14 + place));
    });

    it('takes a number back with the transaction that took it', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const attempt = store.transaction(async (tx) => {
        await tx.orders.takeNonce(world.trader.id, addMs(FAKE_EPOCH, 5));
        throw new Error('changed my mind');
      });
      await expect(attempt).rejects.toThrow('changed my mind');
      expect(await store.transaction((tx) => tx.orders.takeNonce(world.trader.id, FAKE_EPOCH))).toBe(FAKE_EPOCH);
    });

    it('lists open entries of all traders, oldest first, and no other order', async () => {
      const { store } = subject();
      const [one, two] = [await plantWorld(subject()), await plantWorld(subject())];
      const states = ORDER_STATES.map((state, place) => orderOf(place % 2 === 0 ? one : two, place, { state }));
      const exit = orderOf(one, 50, { purpose: 'close', reduceOnly: true });
      await store.transaction(async (tx) => {
        for (const placed of [...states, exit].reverse()) await tx.orders.insert(placed);
      });
      const mine = new Set([...states, exit].map(({ id }) => id));
      const listed = (await store.transaction((tx) => tx.orders.listAllOpenEntries())).filter(({ id }) => mine.has(id));
      expect(listed).toEqual(states.filter(({ state }) => OPEN_STATES.includes(state)));
    });

    it('lists orders that ended in doubt from the moment on, of the trader only', async () => {
      const { store } = subject();
      const [world, other] = [await plantWorld(subject()), await plantWorld(subject())];
      const ended = (of: StoreWorld, at: number, state: Order['state'], touchedAt: number) =>
        orderOf(of, at, { state, updatedAt: addMs(FAKE_EPOCH, touchedAt) });
      const doubted = (['absent', 'rejected', 'dropped'] as const).map((state, place) => ended(world, place, state, 10 + place));
      const others = [
        ended(world, 3, 'absent', 9),
        ended(other, 4, 'absent', 20),
        ...ORDER_STATES.filter((state) => !doubted.some((order) => order.state === state)).map((state) => ended(world, 5, state, 20)),
      ];
      await store.transaction(async (tx) => {
        for (const placed of [...others, ...doubted].reverse()) await tx.orders.insert(placed);
      });
      expect(await store.transaction((tx) => tx.orders.listDoubted(world.trader.id, addMs(FAKE_EPOCH, 10)))).toEqual(doubted);
    });

    it('lists the legs of a decision oldest first', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const run = finishedRunOf(world);
      const made = decisionOf(world, run);
      const legs = [orderOf(world, 1, { decisionId: made.id }), orderOf(world, 2, { decisionId: made.id, purpose: 'stop_loss' })];
      await store.transaction(async (tx) => {
        // References are checked at the commit: the order of writing is free.
        for (const leg of [...legs].reverse()) await tx.orders.insert(leg);
        await tx.runs.insertDecision(made);
        await tx.runs.insert(run);
      });
      expect(await store.transaction((tx) => tx.orders.listByDecision(made.id))).toEqual(legs);
    });
  });
}
