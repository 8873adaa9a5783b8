import { decimal, type ExitPlan, type Order, type OrderId, symbol } from '@hyperoru/domain';
import { FAKE_EPOCH, order, plan, seededIds, TEST_DECISION_ID, TEST_TRADER_ID, testId } from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import { type IntentSource, makeIntents, nextAttempt } from './make-intents.ts';

const ids = seededIds(1);
const source: IntentSource = {
  traderId: TEST_TRADER_ID,
  exchange: { venue: 'paper', environment: 'paper' },
  cause: TEST_DECISION_ID,
  decisionId: TEST_DECISION_ID,
  now: FAKE_EPOCH,
};
const legsOf = (given: Parameters<typeof makeIntents>[1]): readonly Order[] => makeIntents(ids, given, source);

describe('an entry', () => {
  test('has a leg for itself, its stop-loss and its take-profit, none of them sent', () => {
    const legs = legsOf(plan());
    expect(legs.map(({ purpose }) => purpose)).toEqual(['entry', 'stop_loss', 'take_profit']);
    for (const leg of legs)
      expect(leg).toMatchObject({ state: 'intent', venueOrderId: null, sentAt: null, deadline: null, filledQuantity: '0', leverage: 2 });
  });

  test('carries limit and time in force; only it may open', () => {
    const [entry, stop, profit] = legsOf(plan({ timeInForce: 'post_only' }));
    expect(entry).toMatchObject({ side: 'buy', reduceOnly: false, type: { kind: 'limit', price: '50000', timeInForce: 'post_only' } });
    expect(stop).toMatchObject({ side: 'sell', reduceOnly: true, type: { kind: 'trigger', triggerPrice: '49000', trigger: 'stop_loss' } });
    expect(profit).toMatchObject({
      side: 'sell',
      reduceOnly: true,
      type: { kind: 'trigger', triggerPrice: '52000', trigger: 'take_profit' },
    });
  });

  test('of a short is protected by buying', () => {
    const legs = legsOf(plan({ side: 'sell', stopLossPrice: decimal('51000'), takeProfitPrice: decimal('48000') }));
    expect(legs.map(({ side }) => side)).toEqual(['sell', 'buy', 'buy']);
  });

  test('has no leg for a level it does not have', () => {
    expect(legsOf(plan({ takeProfitPrice: null })).map(({ purpose }) => purpose)).toEqual(['entry', 'stop_loss']);
    expect(legsOf(plan({ takeProfitPrice: null, stopLossPrice: null })).map(({ purpose }) => purpose)).toEqual(['entry']);
  });

  test('made twice from one decision is the same set of orders', () => {
    expect(legsOf(plan())).toEqual(legsOf(plan()));
    expect(new Set(legsOf(plan()).map(({ clientOrderId }) => clientOrderId)).size).toBe(3);
  });
});

describe('an exit', () => {
  const exit: ExitPlan = {
    kind: 'exit',
    symbol: symbol('BTC'),
    side: 'sell',
    quantity: decimal('0.5'),
    limitPrice: decimal('49750'),
    referencePrice: decimal('50000'),
  };

  test('is one reduce-only order that does not rest', () => {
    expect(legsOf(exit)).toMatchObject([
      { purpose: 'close', side: 'sell', quantity: '0.5', reduceOnly: true, type: { kind: 'limit', price: '49750', timeInForce: 'ioc' } },
    ]);
  });
});

describe('a further attempt', () => {
  const failed = order({
    purpose: 'stop_loss',
    state: 'rejected',
    reason: 'no',
    venueOrderId: 'v1',
    deadline: FAKE_EPOCH,
    sentAt: FAKE_EPOCH,
    filledQuantity: decimal('0.1'),
  });

  test('is the same order under a new identity, not sent yet', () => {
    const again = nextAttempt(ids, failed, 1, FAKE_EPOCH);
    const { id: _id, clientOrderId: _clientOrderId, ...rest } = again;
    expect(rest).toMatchObject({ purpose: 'stop_loss', type: failed.type, quantity: failed.quantity, side: failed.side });
    expect(rest).toMatchObject({ state: 'intent', reason: null, venueOrderId: null, deadline: null, sentAt: null, filledQuantity: '0' });
    expect(again.id).not.toBe(failed.id);
    expect(nextAttempt(ids, failed, 2, FAKE_EPOCH).clientOrderId).not.toBe(again.clientOrderId);
  });

  test('has the identity that its decision, purpose and number give, whichever attempt it replaces', () => {
    const second = nextAttempt(ids, failed, 1, FAKE_EPOCH);
    expect(nextAttempt(ids, second, 2, FAKE_EPOCH).id).toBe(nextAttempt(ids, failed, 2, FAKE_EPOCH).id);
  });

  test('of an order without a decision has its identity from the order itself', () => {
    const alone = { ...failed, decisionId: null };
    const again = nextAttempt(ids, alone, 1, FAKE_EPOCH);
    expect(again.id).toBe(nextAttempt(ids, alone, 1, FAKE_EPOCH).id);
    expect(again.id).not.toBe(nextAttempt(ids, { ...alone, id: testId<OrderId>(8) }, 1, FAKE_EPOCH).id);
  });
});
