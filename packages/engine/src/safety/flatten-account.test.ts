import { decimal, symbol } from '@hyperoru/domain';
import { type Bound, BTC, buy, freshPipeline, type MemoryPipeline, type Pipeline, wants } from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import { flattenAccount } from './flatten-account.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;

freshPipeline((fresh) => ({ memory, p, bound } = fresh));

const sell = { ...buy, operation: 'sell', stop_loss_price: 51000, take_profit_price: 48000 };
const empty = (isWanted: () => Promise<boolean> = async () => true) =>
  p.settled(flattenAccount(p.deps, p.connection, bound.trader, { cause: 'test', isWanted }));
const held = async () => (await p.exchange.venue.account(bound.trader.id)).positions.map(({ quantity }) => quantity);
/** Somebody trades on the account and our process hears nothing of it. */
async function unheard(quantity: string, side: 'buy' | 'sell'): Promise<void> {
  p.exchange.losesEvents = true;
  await p.placeByHand(bound, { quantity, side });
  p.exchange.losesEvents = false;
}

describe('an account', () => {
  test('that is empty is flat', async () => {
    expect(await empty()).toEqual({ canceledOrders: 0, closedPositions: 0, isFlat: true, problem: null });
    expect(p.exchange.sent).toEqual([]);
  });

  test.each([
    ['a long', buy],
    ['a short', sell],
  ])('with %s is emptied, and its stops are taken away', async (_name, wanted) => {
    await p.run(bound, wants(wanted));
    expect(await empty()).toMatchObject({ closedPositions: 1, isFlat: true });
    expect(await held()).toEqual([]);
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
    await p.assertConsistent(bound);
  });

  test.each([
    ['long', 'buy'],
    ['short', 'sell'],
  ] as const)('with a %s nobody told us of: what opened it is booked before what closes it', async (side, how) => {
    await unheard('0.02', how);
    expect(await empty()).toMatchObject({ closedPositions: 1, isFlat: true });
    expect(await held()).toEqual([]);
    expect(await p.records.closed(bound.trader.id)).toMatchObject([{ side, enteredQuantity: '0.02' }]);
  });

  test('that changed since our last fill is read from then on', async () => {
    await p.run(bound, wants(sell));
    await unheard('0.05', 'sell');
    expect(await empty()).toMatchObject({ closedPositions: 1, isFlat: true });
    expect(await held()).toEqual([]);
    await p.assertConsistent(bound);
  });

  test('is closed at the mark of the venue while our own prices are old', async () => {
    await p.run(bound, wants(buy));
    await p.clock.advance(120_000);
    expect(await empty()).toMatchObject({ closedPositions: 1, isFlat: true });
    expect(await held()).toEqual([]);
  });
});

describe('what is left is named', () => {
  test('when somebody changes their mind after the first round', async () => {
    await p.run(bound, wants(buy));
    p.exchange.probe = () => ({ instead: async () => ({ kind: 'rejected', code: 'no', message: 'No.' }) });
    const left = await empty(async () => false);
    expect(left).toMatchObject({ isFlat: false, closedPositions: 1 });
    expect(left.problem).toContain('a position of 0.0397 BTC');
    expect(p.sentFor(bound).filter(({ type, reduceOnly }) => reduceOnly && type.kind === 'limit')).toHaveLength(1);
  });

  test('when an order has no id of its client: only the venue can cancel it', async () => {
    memory.venue.place(bound.trader.id, {
      clientOrderId: null,
      symbol: BTC,
      side: 'buy',
      type: { kind: 'limit', price: decimal('40000'), timeInForce: 'gtc' },
      quantity: decimal('0.01'),
      reduceOnly: false,
    });
    const left = await empty();
    expect(left).toMatchObject({ isFlat: false, canceledOrders: 1 });
    expect(left.problem).toContain('an order in BTC that only the venue can cancel');
  });

  test('when the venue holds something it does not list', async () => {
    await p.run(bound, wants(buy));
    const { positions } = await p.connectionAccount(bound);
    p.exchange.positions = positions.map((position) => ({ ...position, symbol: symbol('DOGE') }));
    const left = await empty();
    expect(left).toMatchObject({ isFlat: false });
    expect(left.problem).toContain('DOGE');
  });

  test('when the venue does not answer', async () => {
    p.exchange.isDown = true;
    const left = await empty();
    expect(left).toMatchObject({ isFlat: false, closedPositions: 0 });
    expect(left.problem).toContain('The venue does not answer');
  });
});

test('an error of ours is not taken for a silent venue', async () => {
  memory.onStoreCall = (point) => {
    if (point === 'orders.listOpen') throw new Error('The disk is gone.');
  };
  await expect(empty()).rejects.toThrow('The disk is gone.');
});
