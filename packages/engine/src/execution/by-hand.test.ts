import { type Decision, decimal, type Order, type OrderId, type PositionId } from '@hyperoru/domain';
import {
  type Bound,
  BTC,
  decision,
  freshPipeline,
  type MemoryPipeline,
  order,
  type Pipeline,
  ScriptedMarket,
  testId,
} from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import { ownerScope } from '../access/owner-scope.ts';
import type { UseCaseResult } from '../refusal.ts';
import { cancelOrder } from './cancel-order.ts';
import { closePosition } from './close-position.ts';
import { type OrderByHand, placeManualOrder } from './place-manual-order.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;

freshPipeline((fresh) => ({ memory, p, bound } = fresh));

const me = () => ownerScope(p.records.ownerId, p.clock.now());
const outcomeOf = (result: UseCaseResult<unknown>): string => (result.ok ? 'ok' : result.error.code);
const nowhere = () => ({ ...p.deps, venue: () => null });
const buy: Decision = decision({ leverage: 2 });

/** Waits until the order is stored, or was answered at once. */
async function stored(placing: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  placing.then(over, over);
  while (!isOver && (await p.records.read((tx) => tx.runs.listOpen(bound.trader.id))).length === 0)
    await new Promise((resolve) => setImmediate(resolve));
}

/** Stores the order, works the lane and waits for the answer. */
async function place(wanted: Decision, key = 'first'): Promise<UseCaseResult<OrderByHand>> {
  const placing = placeManualOrder(p.deps, me(), { traderId: bound.trader.id, key, decision: wanted });
  await stored(placing);
  await p.work(bound);
  return p.settled(placing);
}

describe('placing an order', () => {
  test('that was skipped before anything was decided is a refusal that says why', async () => {
    const placing = placeManualOrder(p.deps, me(), { traderId: bound.trader.id, key: 'late', decision: buy });
    await stored(placing);
    await p.records.updateTrader(bound.trader.id, { exchange: null });
    await p.work(bound);
    expect(await p.settled(placing)).toMatchObject({
      ok: false,
      error: { code: 'order_not_placed', details: [{ message: 'exchange_missing' }] },
    });
  });

  test('is answered with what is known when its turn does not come in time', async () => {
    const placing = placeManualOrder(p.deps, me(), { traderId: bound.trader.id, key: 'slow', decision: buy });
    await p.clock.advance(15_000);
    expect(await placing).toMatchObject({ ok: true, value: { run: { state: 'queued' }, record: null, order: null } });
  });

  test('whose answer cannot be read from the database is no answer', async () => {
    memory.onStoreCall = (point) => {
      if (point === 'runs.get') throw new Error('The disk is gone.');
    };
    const placing = placeManualOrder(p.deps, me(), { traderId: bound.trader.id, key: 'broken', decision: buy });
    await expect(placing).rejects.toThrow('The disk is gone.');
  });

  test('is not possible twice at once with two meanings: the first one of the key counts', async () => {
    await place(buy);
    expect(outcomeOf(await place({ ...buy, portion: decimal('0.2') }))).toBe('idempotency_key_reused');
    expect(outcomeOf(await place(buy))).toBe('ok');
  });
});

describe('canceling an order', () => {
  const insert = async (change: Partial<Order>): Promise<OrderId> => {
    const stored = order({ traderId: bound.trader.id, decisionId: null, ...change });
    await p.records.read((tx) => tx.orders.insert(stored));
    return stored.id;
  };
  const cancel = (orderId: OrderId) => cancelOrder(p.deps, me(), { orderId });

  test('that never left drops it without asking the venue', async () => {
    const id = await insert({});
    p.exchange.isDown = true;
    expect(await cancel(id)).toMatchObject({ ok: true, value: { state: 'dropped', reason: 'Canceled by its owner before it was sent.' } });
    expect(p.exchange.sent).toEqual([]);
  });

  test('that protects nothing any more stays as it is until the venue has said that it is gone', async () => {
    const id = await insert({ state: 'accepted', purpose: 'stop_loss', side: 'sell', reduceOnly: true });
    expect(await cancel(id)).toMatchObject({ ok: true, value: { id, state: 'accepted' } });
    expect(p.exchange.sent).toEqual([]);
  });

  test('needs the venue it rests at', async () => {
    const id = await insert({ state: 'accepted' });
    expect(outcomeOf(await cancelOrder(nowhere(), me(), { orderId: id }))).toBe('venue_unavailable');
    expect((await p.records.order(id)).state).toBe('accepted');
  });

  test('does not take an error of ours for a silent venue', async () => {
    const id = await insert({ state: 'accepted' });
    memory.onStoreCall = (point) => {
      if (point === 'portfolio.openPosition') throw new Error('The disk is gone.');
    };
    await expect(cancel(id)).rejects.toThrow('The disk is gone.');
    p.exchange.isDown = true;
    memory.onStoreCall = () => undefined;
    expect(outcomeOf(await cancel(id))).toBe('venue_silent');
  });

  test('is nothing for orders that have ended or are not one’s own', async () => {
    expect(outcomeOf(await cancel(await insert({ state: 'filled' })))).toBe('order_final');
    expect(outcomeOf(await cancel(testId<OrderId>(404)))).toBe('not_found');
  });
});

describe('closing a position', () => {
  const close = (positionId: PositionId, deps = p.deps) => closePosition(deps, me(), { positionId });
  const open = async (): Promise<PositionId> => {
    await place(buy);
    const [position] = await p.records.positions(bound.trader.id);
    return position?.id ?? testId<PositionId>(0);
  };

  test('leaves nothing at the venue, and happens once', async () => {
    const id = await open();
    expect(await close(id)).toMatchObject({ ok: true, value: { isFlat: true } });
    expect(await p.exchange.openOrders(bound.trader.id)).toEqual([]);
    expect(outcomeOf(await close(id))).toBe('position_closed');
  });

  test('is refused where there is none, and where the venue is not offered', async () => {
    expect(outcomeOf(await close(testId<PositionId>(404)))).toBe('not_found');
    const id = await open();
    expect(outcomeOf(await close(id, nowhere()))).toBe('venue_unavailable');
    expect(await p.records.positions(bound.trader.id)).toMatchObject([{ symbol: BTC }]);
  });

  test('does not claim to be flat without a price to close at', async () => {
    const id = await open();
    const rules = memory.venue.market.instrument(BTC)?.rules;
    const blind = new ScriptedMarket({ rules: new Map(rules === undefined ? [] : [[BTC, rules]]), clock: p.clock });
    const deps = { ...p.deps, venue: () => ({ ...p.connection, market: blind }) };
    expect(await close(id, deps)).toMatchObject({ ok: true, value: { isFlat: false } });
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
  });
});
