import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { symbol } from '../market/instrument.ts';
import { abs, add, type Decimal, decimal, eq, neg, sub, ZERO } from '../money/decimal.ts';
import { coverage, type RestingOrder } from './coverage.ts';

const BTC = symbol('BTC');
const stop = (quantity: string, change: Partial<RestingOrder> = {}): RestingOrder => ({
  symbol: BTC,
  side: 'sell',
  type: { kind: 'trigger', triggerPrice: decimal('90'), trigger: 'stop_loss' },
  quantity: decimal(quantity),
  filledQuantity: ZERO,
  reduceOnly: true,
  ...change,
});
const long = (quantity: string) => ({ symbol: BTC, quantity: decimal(quantity) });

describe('coverage', () => {
  test.each([
    ['nothing rests', [], { covered: '0', missing: '2', excess: '0' }],
    ['a part rests', [stop('1.9')], { covered: '1.9', missing: '0.1', excess: '0' }],
    ['exactly all rests, in two orders', [stop('1.5'), stop('0.5')], { covered: '2', missing: '0', excess: '0' }],
    ['more rests', [stop('2'), stop('0.1')], { covered: '2', missing: '0', excess: '0.1' }],
    ['a stop was executed in part', [stop('2', { filledQuantity: decimal('0.5') })], { covered: '1.5', missing: '0.5', excess: '0' }],
  ])('of a position of 2 when %s', (_name, resting, expected) => {
    expect(coverage(long('2'), resting)).toEqual(expected);
  });

  test.each([
    ['in another symbol', { symbol: symbol('ETH') }],
    ['on the side that increases', { side: 'buy' }],
    ['that may open a position', { reduceOnly: false }],
    ['that takes profit', { type: { kind: 'trigger', triggerPrice: decimal('90'), trigger: 'take_profit' } }],
    ['with a limit', { type: { kind: 'limit', price: decimal('90'), timeInForce: 'gtc' } }],
  ] as const)('counts no order %s', (_name, change) => {
    expect(coverage(long('2'), [stop('2', change)])).toEqual({ covered: '0', missing: '2', excess: '0' });
  });

  test('a short is covered by orders that buy', () => {
    expect(coverage(long('-2'), [stop('2', { side: 'buy' }), stop('5')])).toEqual({ covered: '2', missing: '0', excess: '0' });
  });

  test('covered and missing make the position, and nothing is missing and too much at once', () => {
    const quantity = fc.integer({ min: 1, max: 10_000 }).map((value): Decimal => decimal(String(value / 100)));
    const resting = fc.array(
      quantity.map((each) => stop(each)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(quantity, resting, fc.boolean(), (size, orders, isShort) => {
        const held = { symbol: BTC, quantity: isShort ? neg(size) : size };
        const { covered, missing, excess } = coverage(held, isShort ? orders.map((order) => ({ ...order, side: 'buy' as const })) : orders);
        expect(eq(add(covered, missing), abs(held.quantity))).toBe(true);
        expect(missing === '0' || excess === '0').toBe(true);
        const total = orders.reduce((all, order) => add(all, order.quantity), ZERO);
        expect(eq(sub(total, covered), excess)).toBe(true);
      }),
    );
  });
});
