import { decimal, type Order, type OrderId, type Symbol, ZERO } from '@hyperoru/domain';
import { type Bound, BTC, buy, freshPipeline, type MemoryPipeline, type Pipeline, testId, wants } from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import { ownerScope } from '../access/owner-scope.ts';
import { cancelOrder } from '../execution/cancel-order.ts';
import { moveOrder } from '../execution/store-order.ts';
import { flatten } from './flatten.ts';
import { protectEntry } from './protect-entry.ts';
import { protectSymbol } from './protect-symbol.ts';
import { readGuarded } from './read-guarded.ts';
import { lookAtVenue } from './venue-look.ts';
import { keepProtected, watchSymbol } from './watch-protection.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;

freshPipeline((fresh) => ({ memory, p, bound } = fresh));

const traderId = () => bound.trader.id;
const protect = (symbol: Symbol = BTC) => protectSymbol(p.deps, p.connection, { traderId: traderId(), symbol, look: null });
const stops = async (): Promise<readonly Order[]> =>
  (await p.records.openOrders(traderId())).filter(({ purpose }) => purpose === 'stop_loss');
const ordersOf = async () => {
  const run = await p.run(bound, wants(buy));
  const [entry, stop] = [...(await p.records.ordersOf(run, 'entry')), ...(await p.records.ordersOf(run, 'stop_loss'))];
  if (entry === undefined || stop === undefined) throw new Error('Expected an entry with a stop.');
  return { entry, stop };
};

test('an entry that is filled in parts is covered part by part', async () => {
  const run = await p.run(bound, wants({ ...buy, time_in_force: 'gtc', max_price: 49500 }));
  const entry = async () => (await p.records.ordersOf(run, 'entry'))[0];
  memory.venue.fillResting(Number((await entry())?.venueOrderId), decimal('0.01'));
  await p.idle();
  expect(await entry()).toMatchObject({ state: 'partially_filled', filledQuantity: '0.01' });
  expect(await stops()).toMatchObject([{ state: 'accepted', quantity: '0.01' }]);
  await p.assertConsistent(bound);
});

describe('protection', () => {
  test('of an entry that is not stored is a bug', async () => {
    await expect(protectEntry(p.deps, p.connection, testId<OrderId>(404))).rejects.toThrow('to be stored');
  });

  test('whose bytes cannot leave is not tried again within the same pass', async () => {
    p.exchange.probe = ({ type }) =>
      type.kind === 'trigger' ? { instead: async () => ({ kind: 'not_sent', cause: 'The budget is used up.' }) } : null;
    await ordersOf();
    const tried = p.sentFor(bound).filter(({ type }) => type.kind === 'trigger' && type.trigger === 'stop_loss').length;
    expect(tried).toBeGreaterThan(0);
    const before = p.sentFor(bound).length;
    await protect();
    expect(p.sentFor(bound).length - before).toBeLessThanOrEqual(2);
  });

  test('that its owner drops at the same moment is dropped once', async () => {
    const run = await p.run(bound, wants({ ...buy, time_in_force: 'gtc', max_price: 49500 }));
    const [entry] = await p.records.ordersOf(run, 'entry');
    const [stop] = await p.records.ordersOf(run, 'stop_loss');
    if (entry === undefined || stop === undefined) throw new Error('Expected an entry with a stop.');
    p.exchange.losesEvents = true;
    await p.exchange.cancelOrder(traderId(), entry.clientOrderId);
    await p.records.read((tx) => tx.orders.compareAndSet({ ...entry, state: 'canceled' }, [entry.state]));
    const me = ownerScope(p.records.ownerId);
    let others: Promise<unknown> | null = null;
    memory.onStoreCall = (point) => {
      if (point !== 'orders.compareAndSet' || others !== null) return;
      others = cancelOrder(p.deps, me, { orderId: stop.id });
      return others.then(() => undefined);
    };
    await protect();
    memory.onStoreCall = () => undefined;
    expect(await p.records.order(stop.id)).toMatchObject({ state: 'dropped', reason: 'Canceled by its owner before it was sent.' });
    expect(await p.records.openOrders(traderId())).toEqual([]);
  });

  test('waits for fills that an order’s own word is ahead of', async () => {
    const { entry, stop } = await ordersOf();
    const guarded = () => p.records.read((tx) => readGuarded(tx, traderId(), BTC));
    expect((await guarded()).entries).toMatchObject([{ isAhead: false }]);
    const told = { ...stop, state: 'partially_filled', filledQuantity: decimal('0.01'), averagePrice: decimal('49000') } as const;
    await p.records.read((tx) => tx.orders.compareAndSet(told, ['accepted']));
    expect((await guarded()).entries).toMatchObject([{ isAhead: true }]);
    await p.records.read((tx) => tx.orders.compareAndSet({ ...told, state: 'accepted', filledQuantity: ZERO }, ['partially_filled']));
    const more = { ...entry, filledQuantity: decimal('1') };
    await p.records.read((tx) => tx.orders.compareAndSet(more, ['filled']));
    expect((await guarded()).entries).toMatchObject([{ isAhead: true }]);
  });

  test('does not take an error of ours in its look for a silent venue', async () => {
    await ordersOf();
    p.exchange.losesEvents = true;
    await shrinkUnheard('0.02');
    memory.onStoreCall = (point) => {
      if (point === 'safety.saveProtection') throw new Error('The disk is gone.');
    };
    await expect(keepProtected(p.deps, p.connection, { traderId: traderId(), symbol: BTC })).rejects.toThrow('The disk is gone.');
  });

  test('does not take an error of ours in taking an order back for a silent venue', async () => {
    await ordersOf();
    p.exchange.losesEvents = true;
    await shrinkUnheard('0');
    let held = 0;
    memory.onStoreCall = (point) => {
      // First the note that the order is taken back, then what the venue says of it.
      if (point === 'orders.lock') held += 1;
      if (held === 2) throw new Error('The disk is gone.');
    };
    await expect(protect()).rejects.toThrow('The disk is gone.');
  });

  /** The position is smaller, or gone, in the records; its stop still rests at the venue as it was. */
  const shrinkUnheard = async (quantity: string): Promise<void> => {
    const [position] = await p.records.positions(traderId());
    if (position === undefined) throw new Error('Expected a position.');
    const end = quantity === '0' ? ({ closedAt: p.clock.now(), closedBy: 'adjustment' } as const) : {};
    await p.records.read((tx) => tx.portfolio.savePosition({ ...position, quantity: decimal(quantity), ...end }));
  };

  test('keeps what a newer look saw: looks may overtake each other', async () => {
    await ordersOf();
    const old = await lookAtVenue(p.clock, p.exchange, traderId());
    await p.clock.advance(1_000);
    await watchSymbol(p.deps, p.connection, {
      traderId: traderId(),
      symbol: BTC,
      look: await lookAtVenue(p.clock, p.exchange, traderId()),
      bareFrom: null,
    });
    const newest = await p.records.protection(traderId());
    await watchSymbol(p.deps, p.connection, { traderId: traderId(), symbol: BTC, look: { ...old, openOrders: [] }, bareFrom: null });
    expect(await p.records.protection(traderId())).toEqual(newest);
    expect(await stops()).toHaveLength(1);
  });
});

describe('a flatten', () => {
  test('of a symbol without a position is done', async () => {
    expect(await flatten(p.deps, p.connection, traderId(), BTC, 'test')).toBe(true);
    expect(p.exchange.sent).toEqual([]);
  });

  test('gives up when the venue refuses, and names no position gone that is there', async () => {
    await ordersOf();
    p.exchange.probe = () => ({ instead: async () => ({ kind: 'rejected', code: 'no', message: 'No.' }) });
    expect(await flatten(p.deps, p.connection, traderId(), BTC, 'test')).toBe(false);
    expect(await p.records.positions(traderId())).toHaveLength(1);
  });
});

test('a leg moves only from the state that was read', async () => {
  const { stop } = await ordersOf();
  const move = p.records.read((tx) =>
    moveOrder(p.deps, tx, { order: { ...stop, state: 'intent' }, to: 'dropped', change: {}, trader: bound.trader }),
  );
  expect(await move).toBeNull();
  expect(await p.records.order(stop.id)).toEqual(stop);
});
