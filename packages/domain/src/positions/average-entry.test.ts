import { fill, TEST_FILL_ID } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PositionId } from '../ids/ids.ts';
import { abs, add, decimal, div, gt, isZero, sub, sum } from '../money/decimal.ts';
import type { Fill } from '../orders/fill.ts';
import { timestamp } from '../time/timestamp.ts';
import { applyFill } from './apply-fill.ts';
import { netPositionOf, reorderPosition } from './average-entry.ts';
import type { Position } from './position.ts';

const made = (side: 'buy' | 'sell', quantity: string, price: string, at: number): Fill =>
  fill({ side, quantity: decimal(quantity), price: decimal(price), filledAt: timestamp(at) });

/** Books the fills in the order given, from flat. */
function book(fills: readonly Fill[]): { readonly open: Position | null; readonly realized: string } {
  let open: Position | null = null;
  let realized = decimal('0');
  for (const each of fills) {
    const effect = applyFill(open, each, {
      newPositionId: TEST_FILL_ID as unknown as PositionId,
      decisionId: null,
      leverage: 1,
      purpose: 'entry',
    });
    realized = add(realized, effect.realizedPnl);
    open = effect.grown ?? (effect.reduced !== null && !isZero(effect.reduced.quantity) ? effect.reduced : null);
  }
  return { open, realized };
}

describe('the net position of fills', () => {
  test.each([
    ['one buy', [made('buy', '2', '100', 1)], '2', '100'],
    ['two buys are averaged', [made('buy', '1', '100', 1), made('buy', '3', '200', 2)], '4', '175'],
    ['a part sold keeps the entry price', [made('buy', '2', '100', 1), made('sell', '1', '300', 2)], '1', '100'],
    ['all sold is flat', [made('buy', '2', '100', 1), made('sell', '2', '300', 2)], '0', '0'],
    ['more sold than held turns it at that price', [made('buy', '2', '100', 1), made('sell', '3', '300', 2)], '-1', '300'],
    ['a short is averaged too', [made('sell', '1', '100', 1), made('sell', '1', '300', 2)], '-2', '200'],
  ] as const)('%s', (_, fills, quantity, averageEntryPrice) => {
    expect(netPositionOf(fills)).toEqual({ quantity, averageEntryPrice });
  });
});

describe('fills booked in another order than they were made in', () => {
  const fills = [made('buy', '2', '100', 1), made('sell', '1', '120', 2), made('buy', '1', '160', 3)];
  const [first, sold, bought] = fills as [Fill, Fill, Fill];

  test('end in the same entry price and the same realized PnL as in the venue’s order', () => {
    const late = book([first, bought, sold]);
    const right = book(fills);
    expect(late.open).not.toBeNull();
    const reordered = late.open === null ? null : reorderPosition(late.open, fills);
    expect(reordered?.position.averageEntryPrice).toBe(right.open?.averageEntryPrice);
    expect(add(decimal(late.realized), reordered?.realizedPnl ?? decimal('0'))).toBe(right.realized);
  });

  test('need no correction when they were booked in order', () => {
    const { open } = book(fills);
    expect(open === null ? 'flat' : reorderPosition(open, fills)).toBeNull();
  });

  test('are left alone when they do not explain what is held', () => {
    const { open } = book([first, bought, sold]);
    expect(open === null ? 'flat' : reorderPosition(open, [first, sold])).toBeNull();
  });

  const aFill = fc.record({ isBuy: fc.boolean(), quantity: fc.integer({ min: 1, max: 5 }), price: fc.integer({ min: 90, max: 110 }) });

  test('realize, together with the correction, what the venue says, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(aFill, { minLength: 2, maxLength: 8 }), fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (drawn, keys) => {
        const ordered = drawn.map(({ isBuy, quantity, price }, at) => made(isBuy ? 'buy' : 'sell', String(quantity), String(price), at));
        const shuffled = ordered
          .map((each, at) => ({ each, key: keys[at] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ each }) => each);
        const [right, late] = [book(ordered), book(shuffled)];
        const correction = late.open === null ? null : reorderPosition(late.open, ordered);
        const realized = sum([decimal(late.realized), correction?.realizedPnl ?? decimal('0')]);
        const off = abs(sub(realized, decimal(right.realized)));
        expect(gt(off, div(decimal('1'), decimal('1000000000000')))).toBe(false);
      }),
    );
  });
});
