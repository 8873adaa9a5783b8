import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isProtective, ORDER_STATES, type OrderState } from './order.ts';
import { canMove, isOpen } from './state-machine.ts';

/** Every state from which `to` can be reached in one step. */
const sourcesOf = (to: OrderState): readonly OrderState[] => ORDER_STATES.filter((from) => canMove(from, to));

/** Every move that may be made; all others may not. */
const ALLOWED: readonly (readonly [OrderState, OrderState])[] = [
  ['intent', 'sent'],
  ['intent', 'dropped'],
  ['sent', 'accepted'],
  ['sent', 'partially_filled'],
  ['sent', 'filled'],
  ['sent', 'canceled'],
  ['sent', 'expired'],
  ['sent', 'rejected'],
  ['sent', 'unknown'],
  ['sent', 'dropped'],
  ['unknown', 'accepted'],
  ['unknown', 'partially_filled'],
  ['unknown', 'filled'],
  ['unknown', 'canceled'],
  ['unknown', 'expired'],
  ['unknown', 'rejected'],
  ['unknown', 'absent'],
  ['accepted', 'partially_filled'],
  ['accepted', 'filled'],
  ['accepted', 'canceled'],
  ['accepted', 'expired'],
  ['accepted', 'rejected'],
  ['accepted', 'absent'],
  ['partially_filled', 'partially_filled'],
  ['partially_filled', 'filled'],
  ['partially_filled', 'canceled'],
  ['partially_filled', 'expired'],
  ['absent', 'accepted'],
  ['absent', 'partially_filled'],
  ['absent', 'filled'],
  ['absent', 'canceled'],
  ['absent', 'expired'],
  ['absent', 'rejected'],
  ['rejected', 'accepted'],
  ['rejected', 'partially_filled'],
  ['rejected', 'filled'],
  ['rejected', 'canceled'],
  ['rejected', 'expired'],
  ['canceled', 'canceled'],
  ['canceled', 'filled'],
  ['expired', 'expired'],
  ['expired', 'filled'],
  ['dropped', 'accepted'],
  ['dropped', 'partially_filled'],
  ['dropped', 'filled'],
  ['dropped', 'canceled'],
  ['dropped', 'expired'],
];

const states = fc.constantFrom(...ORDER_STATES);

describe('moves', () => {
  test.each(ORDER_STATES.flatMap((from) => ORDER_STATES.map((to) => [from, to] as const)))('%s → %s is as the table says', (from, to) => {
    expect(canMove(from, to)).toBe(ALLOWED.some(([a, b]) => a === from && b === to));
  });

  test('filled is the end', () => {
    expect(ORDER_STATES.filter((to) => canMove('filled', to))).toEqual([]);
  });

  test('nothing returns to intent, and only an intent becomes sent: an order leaves once', () => {
    expect(sourcesOf('intent')).toEqual([]);
    expect(sourcesOf('sent')).toEqual(['intent']);
  });

  test('only what was not confirmed can be dropped, and evidence of the venue takes it back', () => {
    expect(sourcesOf('dropped')).toEqual(['intent', 'sent']);
    for (const evidence of ['accepted', 'partially_filled', 'filled', 'canceled'] as const) expect(canMove('dropped', evidence)).toBe(true);
  });

  test('absent needs a doubt before it, or a venue that forgot what it had accepted, and evidence reverses it', () => {
    expect(sourcesOf('absent')).toEqual(['accepted', 'unknown']);
    for (const evidence of ['accepted', 'partially_filled', 'filled'] as const) expect(canMove('absent', evidence)).toBe(true);
  });

  test('a fill is believed from every state in which bytes have left', () => {
    for (const from of ORDER_STATES.filter((state) => !['intent', 'dropped', 'filled'].includes(state)))
      expect(canMove(from, 'filled'), from).toBe(true);
  });

  test('whatever is reported in whatever order, an order that was filled stays filled', () => {
    fc.assert(
      fc.property(fc.array(states, { maxLength: 40 }), (reports) => {
        let state: OrderState = 'intent';
        let wasFilled = false;
        for (const report of reports) {
          if (canMove(state, report)) state = report;
          wasFilled ||= state === 'filled';
        }
        expect(wasFilled).toBe(state === 'filled');
      }),
    );
  });
});

describe('open orders', () => {
  test.each(ORDER_STATES.map((state) => [state, ['intent', 'sent', 'accepted', 'partially_filled', 'unknown'].includes(state)] as const))(
    '%s counts as open: %s',
    (state, open) => {
      expect(isOpen(state)).toBe(open);
    },
  );

  test('an order of unknown fate counts as open: it may already be a position', () => {
    expect(isOpen('unknown')).toBe(true);
  });

  test('a word that is no state is a defect, not an order that is over', () => {
    expect(() => isOpen('lost' as never)).toThrow('lost');
  });

  test('only stop-loss and take-profit protect', () => {
    expect((['entry', 'close', 'stop_loss', 'take_profit'] as const).filter(isProtective)).toEqual(['stop_loss', 'take_profit']);
  });
});
