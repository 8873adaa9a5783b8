import { decimal, type Order } from '@hyperoru/domain';
import { type Bound, type MemoryPipeline, openMemoryPipeline, order, type Pipeline } from '@hyperoru/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insertIntent, moveOrder, noteReason } from './store-order.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;
let told: number;

beforeEach(async () => {
  memory = await openMemoryPipeline();
  p = memory.pipeline;
  bound = await p.newTrader();
  told = 0;
  p.deps.store.onPublished((events) => {
    told += events.filter(({ topic }) => topic === 'order.changed').length;
  });
});
afterEach(() => memory.close());

const stored = async (change: Partial<Order> = {}): Promise<Order> => {
  const made = order({ traderId: bound.trader.id, decisionId: null, ...change });
  await p.records.read((tx) => insertIntent(tx, made, bound.trader));
  return made;
};
const move = (from: Order, to: Order['state']) =>
  p.records.read((tx) => moveOrder(p.deps, tx, { order: from, to, change: { reason: 'moved' }, trader: bound.trader }));
const note = (of: Order, reason: string) => p.records.read((tx) => noteReason(p.deps, tx, { order: of, reason, trader: bound.trader }));

describe('a move', () => {
  test('changes the state and tells it', async () => {
    const intent = await stored();
    const moved = await move(intent, 'sent');
    expect(moved).toMatchObject({ state: 'sent', reason: 'moved' });
    expect(await p.records.order(intent.id)).toEqual(moved);
    expect(told).toBe(2);
  });

  test('that may not follow the state changes nothing', async () => {
    const filled = await stored({ state: 'filled', filledQuantity: decimal('1') });
    expect(await move(filled, 'sent')).toBeNull();
    expect(await p.records.order(filled.id)).toEqual(filled);
    expect(told).toBe(1);
  });

  test('from a state that the order has left changes nothing', async () => {
    const intent = await stored();
    const sent = await move(intent, 'sent');
    expect(await move(intent, 'dropped')).toBeNull();
    expect(await p.records.order(intent.id)).toEqual(sent);
    expect(told).toBe(2);
  });
});

describe('a reason', () => {
  test('is noted and told, the state stays', async () => {
    const open = await stored({ state: 'accepted' });
    const noted = await note(open, 'Taken back.');
    expect(noted).toEqual({ ...open, reason: 'Taken back.' });
    expect(await p.records.order(open.id)).toEqual(noted);
    expect(told).toBe(2);
  });

  test.each([
    ['that is there already', { state: 'accepted', reason: 'Taken back.' }],
    ['of an order that has ended', { state: 'canceled' }],
  ] as const)('%s is not noted again', async (_name, change) => {
    const known = await stored(change);
    expect(await note(known, 'Taken back.')).toEqual(known);
    expect(told).toBe(1);
  });
});
