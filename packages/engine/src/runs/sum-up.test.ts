import { type DecisionRecord, decimal, type Order, type OrderState, type PromptVersionId, type Verdict } from '@hyperoru/domain';
import { decision, FAKE_EPOCH, order, TEST_BINDING_ID, TEST_DECISION_ID, TEST_TRADER_ID, testId } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DROP_REASONS } from '../execution/send-order.ts';
import { sumUp } from './sum-up.ts';

type Result = Parameters<typeof sumUp>[0][number];

const verdict = (change: Partial<Verdict> = {}): Verdict => ({ status: 'approved', code: null, message: null, ...change });
const record = (judged: Verdict): DecisionRecord => ({
  id: TEST_DECISION_ID,
  runId: testId(20),
  traderId: TEST_TRADER_ID,
  bindingId: TEST_BINDING_ID,
  promptVersionId: testId<PromptVersionId>(21),
  index: 0,
  decision: decision({ reason: 'The market is flat.' }),
  plan: null,
  verdict: judged,
  contextHash: '',
  createdAt: FAKE_EPOCH,
});
const withOrder = (change: Partial<Order>): Result => ({ record: record(verdict()), order: order(change) });
const traded = withOrder({ state: 'filled', filledQuantity: decimal('1') });
const resting = withOrder({ state: 'accepted' });
const unknown = withOrder({ state: 'unknown' });
const rejected = withOrder({ state: 'rejected', reason: 'insufficient_margin: Not enough.' });
const missed = withOrder({ state: 'canceled' });
const paused = withOrder({ state: 'dropped', reason: DROP_REASONS.trader_changed });
const stale = withOrder({ state: 'dropped', reason: DROP_REASONS.decision_stale });
const denied: Result = { record: record(verdict({ status: 'denied', code: 'order_too_small', message: 'Too small.' })), order: null };
const held: Result = { record: record(verdict({ status: 'held' })), order: null };

describe('one decision', () => {
  test.each<[string, Result, string, string | null]>([
    ['a fill', traded, 'traded', null],
    ['an order that rests', resting, 'traded', null],
    ['a part filled, the rest canceled', withOrder({ state: 'canceled', filledQuantity: decimal('0.1') }), 'traded', null],
    ['an order of unknown fate', unknown, 'traded', 'order_unknown'],
    ['a rejected order', rejected, 'failed', 'order_rejected'],
    ['nothing filled', missed, 'held', 'not_filled'],
    ['a trader that was paused', paused, 'denied', 'trader_changed'],
    ['a decision that grew old', stale, 'denied', 'decision_stale'],
    ['a denial', denied, 'denied', 'order_too_small'],
    ['a hold', held, 'held', 'strategy_held'],
  ])('%s', (_name, result, outcome, code) => {
    expect(sumUp([result])).toMatchObject({ outcome, code });
  });

  test('a rejection repeats the venue’s words, a hold the strategy’s', () => {
    expect(sumUp([rejected]).reason).toContain('insufficient_margin: Not enough.');
    expect(sumUp([held]).reason).toBe('The market is flat.');
  });
});

describe('several decisions', () => {
  test('what reached the venue counts most, then failures, then denials, then holds', () => {
    const inOrder = [unknown, traded, rejected, paused, denied, held];
    for (const [index, strongest] of inOrder.entries()) expect(sumUp([...inOrder.slice(index)].reverse())).toEqual(sumUp([strongest]));
  });

  test('no decision at all is a hold', () => {
    expect(sumUp([])).toMatchObject({ outcome: 'held', code: 'strategy_held' });
    expect(sumUp([]).reason).toMatch(/./);
  });

  test('whatever came of them, there is one outcome, and a reason unless it traded plainly', () => {
    const states = fc.constantFrom<OrderState>(
      'accepted',
      'partially_filled',
      'filled',
      'canceled',
      'expired',
      'rejected',
      'unknown',
      'absent',
      'dropped',
      'sent',
    );
    const result = fc.oneof(
      states.map((state) => withOrder({ state, reason: state === 'dropped' ? DROP_REASONS.trader_changed : null })),
      fc.constantFrom(denied, held),
    );
    fc.assert(
      fc.property(fc.array(result, { maxLength: 6 }), (results) => {
        const { outcome, code, reason } = sumUp(results);
        expect(['traded', 'held', 'denied', 'failed']).toContain(outcome);
        if (code === null) expect(outcome).toBe('traded');
        else expect(reason).toMatch(/./);
      }),
    );
  });
});
