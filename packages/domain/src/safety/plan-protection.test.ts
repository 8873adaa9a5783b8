import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asId, type DecisionId, type OrderId, type TraderId } from '../ids/ids.ts';
import { symbol } from '../market/instrument.ts';
import { add, type Decimal, decimal, eq, gte, isPositive, lte, sub, sum, ZERO } from '../money/decimal.ts';
import { type Order, WITHDRAWN_REASON } from '../orders/order.ts';
import { isOpen } from '../orders/state-machine.ts';
import { addMs, timestamp } from '../time/timestamp.ts';
import { allotPosition, type GuardedEntry, nextProtectionStep, type ProtectionCase } from './plan-protection.ts';

const NOW = timestamp(10_000_000);
let made = 0;

function order(change: Partial<Order>): Order {
  made += 1;
  const id = asId<OrderId>(`00000000-0000-4000-8000-${String(made).padStart(12, '0')}`);
  return {
    id,
    traderId: asId<TraderId>('00000000-0000-4000-8000-000000000002'),
    decisionId: asId<DecisionId>('00000000-0000-4000-8000-000000000003'),
    venue: 'paper',
    environment: 'paper',
    clientOrderId: `0x487970${String(made).padStart(26, '0')}`,
    venueOrderId: null,
    symbol: symbol('BTC'),
    side: 'sell',
    purpose: 'stop_loss',
    type: { kind: 'trigger', triggerPrice: decimal('90'), trigger: 'stop_loss' },
    quantity: decimal('2'),
    reduceOnly: true,
    leverage: 1,
    state: 'accepted',
    filledQuantity: ZERO,
    averagePrice: null,
    deadline: null,
    nonce: null,
    epoch: null,
    reason: null,
    createdAt: NOW,
    sentAt: NOW,
    updatedAt: NOW,
    ...change,
  };
}
const entry = (change: Partial<Order> = {}): Order =>
  order({ purpose: 'entry', side: 'buy', reduceOnly: false, state: 'filled', ...change });
const guarded = (legs: readonly Order[], change: Partial<GuardedEntry> = {}): GuardedEntry => ({
  entry: entry({ filledQuantity: decimal('2') }),
  legs,
  brought: decimal('2'),
  isAhead: false,
  ...change,
});
const step = (legs: readonly Order[], needed: string, change: Partial<ProtectionCase> = {}) =>
  nextProtectionStep({
    guarded: guarded(legs),
    purpose: 'stop_loss',
    needed: decimal(needed),
    now: NOW,
    isShown: () => null,
    tried: new Set(),
    ...change,
  });
const leg = (quantity: string, change: Partial<Order> = {}): Order => order({ quantity: decimal(quantity), ...change });

describe('a missing stop', () => {
  test('is sent over what is missing, with the intent that waits for it', () => {
    const intent = leg('2', { state: 'intent' });
    expect(step([intent], '1.5')).toMatchObject({ kind: 'send', intent, quantity: '1.5' });
    expect(step([leg('1')], '1.5')).toMatchObject({ kind: 'send', intent: null, quantity: '0.5', attempt: 1 });
  });

  test('is one that the venue was seen without, whatever it had said of it', () => {
    for (const state of ['sent', 'unknown', 'accepted', 'partially_filled'] as const) {
      expect(step([leg('2', { state })], '2', { isShown: () => false })).toMatchObject({ kind: 'send', quantity: '2' });
      expect(step([leg('2', { state })], '2', { isShown: () => true })).toBeNull();
      expect(step([leg('2', { state })], '2')).toBeNull();
    }
  });

  test('is one that is being taken back', () => {
    expect(step([leg('2', { reason: WITHDRAWN_REASON })], '2')).toMatchObject({ kind: 'send', quantity: '2' });
  });

  test('waits after three refusals, for a minute, then is tried again', () => {
    const refused = [1, 2, 3].map(() => leg('2', { state: 'rejected' }));
    expect(step(refused.slice(1), '2')).toMatchObject({ kind: 'send' });
    expect(step(refused, '2')).toMatchObject({ kind: 'wait', isRefused: true });
    expect(step(refused, '2', { now: addMs(NOW, 59_999) })).toMatchObject({ kind: 'wait' });
    expect(step(refused, '2', { now: addMs(NOW, 60_000) })).toMatchObject({ kind: 'send' });
  });

  test('that we took back ourselves does not count as a refusal', () => {
    const ended = [1, 2, 3].map(() => leg('2', { state: 'canceled', reason: WITHDRAWN_REASON }));
    expect(step(ended, '2')).toMatchObject({ kind: 'send' });
  });

  test('whose fate is unknown three times waits without being called refused', () => {
    const lost = [1, 2, 3].map(() => leg('2', { state: 'unknown' }));
    expect(step(lost, '2', { isShown: () => false })).toMatchObject({ kind: 'wait', isRefused: false });
  });
});

describe('too much protection', () => {
  test('is taken back where an order fits into the excess, the largest first', () => {
    const [small, large] = [leg('0.5'), leg('1')];
    expect(step([small, large], '0.5')).toMatchObject({ kind: 'withdraw', leg: large });
    expect(step([small, large], '0')).toMatchObject({ kind: 'withdraw', leg: large });
  });

  test('is made smaller by a smaller order first, then the larger one goes', () => {
    const large = leg('2');
    expect(step([large], '0.5')).toMatchObject({ kind: 'send', intent: null, quantity: '0.5' });
    expect(step([large, leg('0.5')], '0.5')).toMatchObject({ kind: 'withdraw', leg: large });
  });

  test('stays while the venue refuses orders of this kind', () => {
    expect(step([leg('2'), leg('0.5', { state: 'rejected' })], '0.5')).toBeNull();
  });

  test('is left alone while fills are on their way', () => {
    expect(step([leg('2')], '0.5', { guarded: guarded([leg('2')], { isAhead: true }) })).toBeNull();
  });

  test('an order whose cancel stayed unknown is canceled again, once per pass', () => {
    const marked = leg('2', { reason: WITHDRAWN_REASON });
    expect(step([marked], '0')).toMatchObject({ kind: 'withdraw', leg: marked });
    expect(step([marked], '0', { tried: new Set([marked.id]) })).toBeNull();
  });

  test('an intent of an entry that is over is dropped, and stays while the entry may fill', () => {
    const intent = leg('2', { state: 'intent' });
    expect(step([intent], '0')).toMatchObject({ kind: 'drop', leg: intent });
    expect(step([intent], '0', { guarded: guarded([intent], { entry: entry({ state: 'accepted' }) }) })).toBeNull();
  });
});

/** Carries steps out at a venue that does what it is told. */
function carryOut(legs: Order[], needed: Decimal): void {
  for (let count = 0; count < 30; count++) {
    const next = step(legs, needed);
    if (next === null) return;
    const place = 'leg' in next ? legs.indexOf(next.leg) : -1;
    if (next.kind === 'send') {
      // At no moment less is covered than before the step.
      legs.push(leg(next.quantity));
    } else if (next.kind === 'withdraw') {
      const rest = sum(
        legs.filter((each) => isOpen(each.state) && each !== next.leg).map((each) => sub(each.quantity, each.filledQuantity)),
      );
      expect(gte(rest, needed)).toBe(true);
      legs[place] = { ...next.leg, state: 'canceled', reason: WITHDRAWN_REASON };
    } else throw new Error(`Expected no ${next.kind}.`);
  }
  throw new Error('Expected the steps to end.');
}

test('whatever rests and whatever is needed: the steps end, exactly that is covered, and never less on the way', () => {
  const quantity = fc.integer({ min: 1, max: 100 }).map((value) => decimal(String(value)));
  fc.assert(
    fc.property(fc.array(quantity, { maxLength: 5 }), fc.integer({ min: 0, max: 150 }), (resting, wanted) => {
      const needed = decimal(String(wanted));
      const legs = resting.map((each) => leg(each));
      if (legs.length === 0) legs.push(leg('1', { state: 'canceled', reason: WITHDRAWN_REASON }));
      carryOut(legs, needed);
      const covered = sum(legs.filter(({ state }) => isOpen(state)).map((each) => each.quantity));
      expect(covered).toBe(needed);
    }),
  );
});

describe('a position is allotted', () => {
  const brought = (quantity: string, at: number, legs: readonly Order[] = [leg('1')]): GuardedEntry =>
    guarded(legs, { entry: entry({ createdAt: addMs(NOW, at) }), brought: decimal(quantity) });

  test('to the newest entries first: a close takes from the oldest', () => {
    const [old, young] = [brought('2', 0), brought('1', 1)];
    const shares = allotPosition(decimal('1.5'), [old, young]);
    expect([shares.get(old.entry.id), shares.get(young.entry.id)]).toEqual(['0.5', '1']);
  });

  test('with what no entry explains on the newest one that has a stop', () => {
    const [old, young] = [brought('1', 0), brought('1', 1, [])];
    const shares = allotPosition(decimal('3'), [old, young]);
    expect([shares.get(old.entry.id), shares.get(young.entry.id)]).toEqual(['2', '1']);
  });

  test('in full as soon as one entry has a stop, and never more than there is', () => {
    const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean()), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(entries, fc.integer({ min: 0, max: 200 }), (all, size) => {
        const list = all.map(([quantity, hasStop], at) => brought(String(quantity), at, hasStop ? [leg('1')] : []));
        const shares = list.map((each) => allotPosition(decimal(String(size)), list).get(each.entry.id) ?? ZERO);
        const total = shares.reduce(add, ZERO);
        expect(lte(total, decimal(String(size)))).toBe(true);
        const hasHeir = list.some((each) => isPositive(each.brought) && each.legs.length > 0);
        if (hasHeir) expect(eq(total, decimal(String(size)))).toBe(true);
      }),
    );
  });
});
