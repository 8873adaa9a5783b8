import { decimal, type Order, ZERO } from '@hyperoru/domain';
import { type Bound, fill, type MemoryPipeline, openMemoryPipeline, order, type Pipeline } from '@hyperoru/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { VenueFill } from '../ports/exchange.ts';
import { takeFills } from './take-fills.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;
let unknown: Order;

beforeEach(async () => {
  memory = await openMemoryPipeline();
  p = memory.pipeline;
  bound = await p.newTrader();
  unknown = order({ traderId: bound.trader.id, decisionId: null, state: 'unknown', quantity: decimal('3'), reason: 'No answer.' });
  await p.records.read((tx) => tx.orders.insert(unknown));
});
afterEach(() => memory.close());

/** One execution of the order, or of somebody else's. */
function execution(tradeId: string, quantity: string, price: string, clientOrderId: string | null = unknown.clientOrderId): VenueFill {
  const { id: _id, traderId: _traderId, orderId: _orderId, ...told } = fill({ tradeId, clientOrderId });
  return { ...told, quantity: decimal(quantity), price: decimal(price), filledAt: p.clock.now(), marketTime: p.clock.now() };
}
const take = (...fills: readonly VenueFill[]) => takeFills(p.deps, unknown, fills);

test('executions of a part fill the order in part, at their average price', async () => {
  expect(await take(execution('a', '1', '100'), execution('b', '1', '110'))).toBe(true);
  expect(await p.records.order(unknown.id)).toMatchObject({
    state: 'partially_filled',
    filledQuantity: '2',
    averagePrice: '105',
    reason: null,
  });
  expect(await p.records.positions(bound.trader.id)).toMatchObject([{ quantity: '2', averageEntryPrice: '105' }]);
});

test('executions of all of it fill the order', async () => {
  expect(await take(execution('a', '3', '100'))).toBe(true);
  expect(await p.records.order(unknown.id)).toMatchObject({ state: 'filled', filledQuantity: '3', averagePrice: '100' });
});

test.each([
  ['somebody else', '0xcc'],
  ['nobody', null],
])('executions of %s are no evidence', async (_name, clientOrderId) => {
  expect(await take(execution('a', '3', '100', clientOrderId))).toBe(false);
  expect(await p.records.order(unknown.id)).toEqual(unknown);
  expect(await p.records.positions(bound.trader.id)).toEqual([]);
});

test('no execution tells nothing', async () => {
  expect(await take()).toBe(false);
});

test('an order that was filled meanwhile is not moved back by what was read before', async () => {
  await take(execution('a', '3', '100'));
  const filled = await p.records.order(unknown.id);
  expect(unknown.filledQuantity).toBe(ZERO);
  expect(await take(execution('a', '3', '100'))).toBe(true);
  expect(await p.records.order(unknown.id)).toEqual(filled);
  expect(await p.records.positions(bound.trader.id)).toMatchObject([{ quantity: '3' }]);
});
