import { fill, position, TEST_DECISION_ID, testId } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PositionId } from '../ids/ids.ts';
import { abs, add, type Decimal, decimal, div, eq, isZero, lt, mul, neg, sub, sum, ZERO } from '../money/decimal.ts';
import type { Fill } from '../orders/fill.ts';
import { addMs } from '../time/timestamp.ts';
import { applyFill, type FillAttribution, unrealizedPnl } from './apply-fill.ts';
import type { Position } from './position.ts';

const attribution = (change: Partial<FillAttribution> = {}): FillAttribution => ({
  newPositionId: testId<PositionId>(100),
  decisionId: TEST_DECISION_ID,
  leverage: 2,
  purpose: 'entry',
  ...change,
});

const bought = (quantity: string, price: string, fee = '0'): Fill =>
  fill({ side: 'buy', quantity: decimal(quantity), price: decimal(price), fee: decimal(fee) });
const sold = (quantity: string, price: string, fee = '0'): Fill => ({ ...bought(quantity, price, fee), side: 'sell' });

/** All positions a series of fills made, oldest first, each as it stands at the end. */
function history(fills: readonly Fill[]): readonly Position[] {
  const positions = new Map<string, Position>();
  let open: Position | null = null;
  fills.forEach((each, index) => {
    const effect = applyFill(open, each, attribution({ newPositionId: testId<PositionId>(index + 1), purpose: 'close' }));
    for (const changed of [effect.reduced, effect.grown]) if (changed !== null) positions.set(changed.id, changed);
    open = effect.grown ?? (effect.reduced !== null && effect.reduced.closedAt === null ? effect.reduced : null);
  });
  return [...positions.values()];
}

describe('opening and increasing', () => {
  test('the first fill opens a position with everything it brings', () => {
    const first = fill({ side: 'sell', quantity: decimal('2'), price: decimal('101.5'), fee: decimal('0.3') });
    expect(applyFill(null, first, attribution())).toEqual({
      reduced: null,
      realizedPnl: '0',
      grown: position({
        id: testId<PositionId>(100),
        side: 'short',
        quantity: decimal('2'),
        enteredQuantity: decimal('2'),
        averageEntryPrice: decimal('101.5'),
        leverage: 2,
        fees: decimal('0.3'),
        openedAt: first.filledAt,
      }),
    });
  });

  test('an increase weights the entry price by quantity: 1 at 100 and 3 at 104 is 4 at 103', () => {
    const { grown, reduced, realizedPnl } = applyFill(position(), bought('3', '104', '0.5'), attribution());
    expect(grown).toMatchObject({ quantity: '4', averageEntryPrice: '103', fees: '0.5', id: position().id });
    expect([reduced, realizedPnl]).toEqual([null, '0']);
  });

  test('an increase keeps opening decision, time and leverage', () => {
    const later = { ...bought('1', '100'), filledAt: addMs(position().openedAt, 5_000) };
    const { grown } = applyFill(position({ leverage: 3 }), later, attribution({ decisionId: null, leverage: 9 }));
    expect(grown).toMatchObject({ leverage: 3, openedByDecisionId: TEST_DECISION_ID, openedAt: position().openedAt });
  });
});

describe('round trips', () => {
  test.each([
    // side, entry, exit, realized
    ['long', [bought('2', '100'), sold('2', '110')], '20'],
    ['long', [bought('2', '100'), sold('2', '95.5')], '-9'],
    ['short', [sold('2', '100'), bought('2', '90')], '20'],
    ['short', [sold('2', '100'), bought('2', '104.5')], '-9'],
    ['long in parts', [bought('1', '100'), bought('1', '110'), sold('0.5', '120'), sold('1.5', '100')], '0'],
  ] as const)('a %s realizes quantity × the difference', (_side, fills, realizedPnl) => {
    const [closed, ...others] = history(fills);
    expect(others).toEqual([]);
    expect(closed).toMatchObject({ quantity: '0', realizedPnl, closedBy: 'close', closedAt: fills[0].filledAt });
  });

  test('fees and price differences are kept apart', () => {
    const [closed] = history([bought('2', '100', '0.1'), sold('2', '110', '0.11')]);
    expect(closed).toMatchObject({ realizedPnl: '20', fees: '0.21', funding: '0' });
  });

  test('a rebate lowers the fees', () => {
    const [closed] = history([bought('1', '100', '0.1'), sold('1', '100', '-0.02')]);
    expect(closed?.fees).toBe('0.08');
  });

  test('a partial close leaves the entry price and stays open', () => {
    const { reduced, grown, realizedPnl } = applyFill(position({ quantity: decimal('4') }), sold('1', '130'), attribution());
    expect(reduced).toMatchObject({ quantity: '3', averageEntryPrice: '100', averageExitPrice: '130', closedAt: null, closedBy: null });
    expect([grown, realizedPnl]).toEqual([null, '30']);
  });

  test('the exit price is weighted by quantity: 1 at 110 and 3 at 130 is 125', () => {
    const [closed] = history([bought('4', '100'), sold('1', '110'), sold('3', '130')]);
    expect(closed?.averageExitPrice).toBe('125');
  });

  test('an increase after a partial close does not disturb the exit price: 1 at 110 and 3 at 130 is 125', () => {
    const [closed] = history([bought('2', '100'), sold('1', '110'), bought('2', '100'), sold('3', '130')]);
    expect(closed).toMatchObject({ averageExitPrice: '125', enteredQuantity: '4', realizedPnl: '100' });
  });

  test.each([
    [{ purpose: 'stop_loss' }, {}, 'stop_loss'],
    [{ purpose: 'take_profit' }, {}, 'take_profit'],
    [{ purpose: 'external' }, {}, 'external'],
    [{ purpose: 'stop_loss' }, { isLiquidation: true }, 'liquidation'],
  ])('says what closed it: %j %j is %s', (by, change, closedBy) => {
    const closing = { ...sold('1', '90'), ...change };
    expect(applyFill(position(), closing, attribution(by)).reduced?.closedBy).toBe(closedBy);
  });
});

describe('flips', () => {
  test('a fill larger than the opposite position closes it and opens another, the fee split by quantity', () => {
    const { reduced, grown, realizedPnl } = applyFill(position(), sold('4', '110', '0.8'), attribution());
    expect(realizedPnl).toBe('10');
    expect(reduced).toMatchObject({ side: 'long', quantity: '0', realizedPnl: '10', fees: '0.2' });
    expect(grown).toMatchObject({ side: 'short', quantity: '3', averageEntryPrice: '110', realizedPnl: '0', fees: '0.6' });
    expect(grown?.id).not.toBe(reduced?.id);
  });

  test('a fee that cannot be split evenly is still whole', () => {
    const { reduced, grown } = applyFill(position(), sold('3', '100', '0.1'), attribution());
    expect(add(reduced?.fees ?? ZERO, grown?.fees ?? ZERO)).toBe('0.1');
  });
});

describe('unrealized PnL', () => {
  test.each([
    ['long', '110', '20'],
    ['long', '95', '-10'],
    ['short', '110', '-20'],
    ['short', '95', '10'],
    ['long', '100', '0'],
  ] as const)('a %s of 2 since 100 at a mark of %s is worth %s', (side, mark, pnl) => {
    expect(unrealizedPnl(position({ side, quantity: decimal('2') }), decimal(mark))).toBe(pnl);
  });
});

const anyFill: fc.Arbitrary<Fill> = fc
  .record({
    side: fc.constantFrom('buy', 'sell'),
    quantity: fc.integer({ min: 1, max: 5_000 }),
    price: fc.integer({ min: 1, max: 1_000_000 }),
    fee: fc.integer({ min: -50, max: 500 }),
  })
  .map(({ side, quantity, price, fee }) =>
    fill({
      side: side as 'buy' | 'sell',
      quantity: div(decimal(String(quantity)), decimal('1000')),
      price: div(decimal(String(price)), decimal('100')),
      fee: div(decimal(String(fee)), decimal('1000')),
    }),
  );
const signed = (each: { readonly quantity: Decimal; readonly side: string }): Decimal =>
  each.side === 'buy' || each.side === 'long' ? each.quantity : neg(each.quantity);
const fillsOf = fc.array(anyFill, { minLength: 1, maxLength: 40 });

/** Averages end at 24 places; over 40 fills of at most 5 units the money they move stays far below this. */
const ROUNDING = decimal('0.000000000000001');
const isClose = (a: Decimal, b: Decimal): boolean => lt(abs(sub(a, b)), ROUNDING);

describe('whatever was filled', () => {
  test('the open quantity is the signed sum of all fills', () => {
    fc.assert(
      fc.property(fillsOf, (fills) => {
        expect(sum(history(fills).map(signed))).toBe(sum(fills.map(signed)));
      }),
    );
  });

  test('at most one position is open, and the last one', () => {
    fc.assert(
      fc.property(fillsOf, (fills) => {
        const positions = history(fills);
        expect(positions.slice(0, -1).every((each) => each.closedAt !== null && isZero(each.quantity))).toBe(true);
        for (const each of positions) expect(isZero(each.quantity)).toBe(each.closedAt !== null);
      }),
    );
  });

  test('realized + unrealized is the cash that came in plus what is held', () => {
    fc.assert(
      fc.property(fillsOf, fc.integer({ min: 1, max: 20_000 }), (fills, mark) => {
        const at = decimal(String(mark));
        const positions = history(fills);
        const cash = sum(fills.map((each) => neg(mul(signed(each), each.price))));
        const held = mul(sum(fills.map(signed)), at);
        const gained = add(sum(positions.map((each) => each.realizedPnl)), sum(positions.map((each) => unrealizedPnl(each, at))));
        expect(isClose(gained, add(cash, held))).toBe(true);
      }),
    );
  });

  test('no fee is lost or paid twice', () => {
    fc.assert(
      fc.property(fillsOf, (fills) => {
        expect(eq(sum(history(fills).map((each) => each.fees)), sum(fills.map((each) => each.fee)))).toBe(true);
      }),
    );
  });

  test('entered − open quantity was sold at the exit price', () => {
    fc.assert(
      fc.property(fillsOf, (fills) => {
        const closings = new Map<string, Decimal>();
        let open: Position | null = null;
        for (const [index, each] of fills.entries()) {
          const effect = applyFill(open, each, attribution({ newPositionId: testId<PositionId>(index + 1) }));
          if (open !== null && effect.reduced !== null) {
            const closed = sub(open.quantity, effect.reduced.quantity);
            closings.set(open.id, add(closings.get(open.id) ?? ZERO, mul(closed, each.price)));
          }
          open = effect.grown ?? (effect.reduced?.closedAt === null ? effect.reduced : null);
        }
        for (const each of history(fills)) {
          const proceeds = mul(sub(each.enteredQuantity, each.quantity), each.averageExitPrice ?? ZERO);
          expect(isClose(proceeds, closings.get(each.id) ?? ZERO)).toBe(true);
        }
      }),
    );
  });

  test('the realized PnL of the fills is that of the positions', () => {
    fc.assert(
      fc.property(fillsOf, (fills) => {
        let open: Position | null = null;
        let realized = ZERO;
        for (const each of fills) {
          const effect = applyFill(open, each, attribution());
          realized = add(realized, effect.realizedPnl);
          open = effect.grown ?? (effect.reduced?.closedAt === null ? effect.reduced : null);
        }
        expect(isClose(realized, sum(history(fills).map((each) => each.realizedPnl)))).toBe(true);
      }),
    );
  });

  test('the position before is never touched', () => {
    fc.assert(
      fc.property(anyFill, (each) => {
        const before = Object.freeze(position());
        applyFill(before, each, attribution());
        expect(before).toEqual(position());
      }),
    );
  });
});
