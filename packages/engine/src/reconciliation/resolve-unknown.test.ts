import { decimal, type Order, type OrderId, WITHDRAWN_REASON } from '@hyperoru/domain';
import { type Bound, type MemoryPipeline, openMemoryPipeline, order, type Pipeline, testId } from '@hyperoru/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownerScope } from '../access/owner-scope.ts';
import { lookAtVenue, type VenueLook } from '../protection/venue-look.ts';
import type { UnknownEvidence } from './recovery-memory.ts';
import { resolveUnknown } from './resolve-unknown.ts';

/** The third negative look is the proof. */
const READS = 3;
const APART_MS = 5_000;

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;
let evidence: UnknownEvidence;

beforeEach(async () => {
  memory = await openMemoryPipeline();
  p = memory.pipeline;
  bound = await p.newTrader();
  evidence = new Map();
  await p.clock.advance(60_000);
});
afterEach(() => memory.close());

async function stored(change: Partial<Order>, number = 1001): Promise<Order> {
  const made = order({
    id: testId<OrderId>(number),
    clientOrderId: `0x4879700000000000000000000000${number}`,
    traderId: bound.trader.id,
    decisionId: null,
    ...change,
  });
  await p.records.read((tx) => tx.orders.insert(made));
  return made;
}

/** Looks as often as it takes to prove that an order is nowhere. */
async function lookFor(of: Order, change: (look: VenueLook) => VenueLook = (look) => look): Promise<Order> {
  for (let read = 0; read < READS; read++) {
    await p.clock.advance(APART_MS);
    const look = change(await lookAtVenue(p.clock, p.exchange, of.traderId));
    await resolveUnknown(p.deps, p.connection, { order: of, look, evidence });
  }
  return p.records.order(of.id);
}
const alerts = () => p.alerts.filter(({ code }) => code === 'order_forgotten');
const adjustments = () => p.deps.readModel.countAdjustments(ownerScope(p.records.ownerId), {});

describe('an order that the venue does not show', () => {
  test.each(['sent', 'unknown'] as const)('is absent after three looks when it was %s', async (state) => {
    const sought = await stored({ state });
    const found = await lookFor(sought);
    expect(found.state).toBe(state === 'sent' ? 'unknown' : 'absent');
    if (state === 'sent') expect((await lookFor(found)).state).toBe('absent');
    expect(evidence.size).toBe(0);
  });

  test('is not judged before its deadline has passed, nor twice within one pause', async () => {
    const young = await stored({ state: 'unknown', deadline: p.clock.now() });
    const look = await lookAtVenue(p.clock, p.exchange, young.traderId);
    await resolveUnknown(p.deps, p.connection, { order: young, look, evidence });
    expect(evidence.size).toBe(0);
    await p.clock.advance(APART_MS);
    for (let read = 0; read < READS; read++) await resolveUnknown(p.deps, p.connection, { order: young, look, evidence });
    expect(evidence.get(young.id)?.count).toBe(1);
  });

  test('is seen when it is among the open orders after all', async () => {
    const sought = await stored({ state: 'unknown' });
    await lookFor(sought, (look) => ({
      ...look,
      openOrders: [{ ...sought, venueOrderId: '7', state: 'open' }],
    }));
    expect((await p.records.order(sought.id)).state).toBe('unknown');
    expect(evidence.size).toBe(0);
  });

  test('may have made a position that our fills do not explain, and stays unknown', async () => {
    const sought = await stored({ state: 'unknown' });
    await p.placeByHand(bound, { quantity: '0.01' });
    const found = await lookFor(sought, (look) => ({
      ...look,
      account: { ...look.account, positions: look.account.positions.map((held) => ({ ...held, quantity: decimal('1.01') })) },
    }));
    expect(found.state).toBe('unknown');
  });

  test('is left to whoever moved it meanwhile', async () => {
    const sought = await stored({ state: 'unknown' });
    await p.clock.advance(1);
    const moved: Order = { ...sought, state: 'accepted', updatedAt: p.clock.now() };
    await p.records.read((tx) => tx.orders.compareAndSet(moved, ['unknown']));
    expect(await lookFor(sought)).toEqual(moved);
  });

  test('is not made unknown again when it has ended meanwhile', async () => {
    const sent = await stored({ state: 'sent' });
    const ended: Order = { ...sent, state: 'rejected' };
    await p.records.read((tx) => tx.orders.compareAndSet(ended, ['sent']));
    expect(await lookFor(sent)).toEqual(ended);
  });
});

describe('an order that the venue has forgotten', () => {
  test('without a fill is absent, with one it is canceled; each is an adjustment, the alert is one', async () => {
    const untouched = await stored({ state: 'accepted' });
    const partly = await stored({ state: 'partially_filled', filledQuantity: decimal('0.5'), averagePrice: decimal('100') }, 1002);
    expect(await lookFor(untouched)).toMatchObject({ state: 'absent', reason: expect.stringContaining('no trace of it in 3 reads') });
    expect(await lookFor(partly)).toMatchObject({ state: 'canceled', filledQuantity: '0.5' });
    expect(alerts()).toHaveLength(1);
    expect(await adjustments()).toBe(2);
  });

  test('and that we took back ourselves ends without an alert', async () => {
    const own = await stored({ state: 'accepted', purpose: 'stop_loss', reason: WITHDRAWN_REASON });
    expect(await lookFor(own)).toMatchObject({ reason: WITHDRAWN_REASON });
    expect(alerts()).toEqual([]);
    expect(await adjustments()).toBe(0);
  });

  test('and that filled meanwhile stays as it is, without an alert', async () => {
    const sought = await stored({ state: 'accepted' });
    await p.clock.advance(1);
    const filled: Order = { ...sought, state: 'filled', filledQuantity: sought.quantity, updatedAt: p.clock.now() };
    await p.records.read((tx) => tx.orders.compareAndSet(filled, ['accepted']));
    expect(await lookFor(sought)).toEqual(filled);
    expect(alerts()).toEqual([]);
  });
});
