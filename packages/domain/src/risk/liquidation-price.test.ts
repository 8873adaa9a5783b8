import { plan, position } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { abs, decimal, div, gt, lt, mul, round, sub } from '../money/decimal.ts';
import { plannedLiquidationPrice } from './liquidation-price.ts';

const RATE = decimal('0.005');
const places = (price: ReturnType<typeof plannedLiquidationPrice>, count: number) => (price === null ? null : round(price, count));

describe('the planned price of liquidation', () => {
  test.each([
    // Long: 50,000 × (1 − 1/L) ÷ 0.995. Short: 50,000 × (1 + 1/L) ÷ 1.005.
    ['buy', 2, '25125.63'],
    ['buy', 10, '45226.13'],
    ['buy', 50, '49246.23'],
    ['sell', 2, '74626.87'],
    ['sell', 10, '54726.37'],
    ['sell', 50, '50746.27'],
  ] as const)('of a %s at leverage %i is %s', (side, leverage, price) => {
    expect(places(plannedLiquidationPrice(plan({ side, leverage }), null, RATE), 2)).toBe(price);
  });

  test('is none for a long without leverage', () => {
    expect(plannedLiquidationPrice(plan({ leverage: 1 }), null, RATE)).toBeNull();
  });

  test('follows the average entry of the position that it increases', () => {
    // 0.02 at 50,000 on top of 0.02 at 40,000 is 0.04 at 45,000: 45,000 × 0.5 ÷ 0.995.
    const held = position({ quantity: decimal('0.02'), averageEntryPrice: decimal('40000'), leverage: 2 });
    expect(places(plannedLiquidationPrice(plan(), held, RATE), 2)).toBe('22613.07');
  });

  test('is where margin and loss together equal the maintenance margin', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('buy', 'sell'),
        fc.integer({ min: 2, max: 100 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 0, max: 9 }),
        (side, leverage, entry, permille) => {
          const [limitPrice, rate, quantity] = [decimal(String(entry)), decimal(String(permille / 1000)), decimal('3')];
          const price = plannedLiquidationPrice(plan({ side, leverage, limitPrice, quantity }), null, rate);
          if (price === null) throw new Error('Expected a price.');
          expect(side === 'buy' ? lt(price, limitPrice) || permille > 0 : gt(price, limitPrice) || permille > 0).toBe(true);
          const margin = div(mul(quantity, limitPrice), decimal(String(leverage)));
          const loss = mul(quantity, side === 'buy' ? sub(limitPrice, price) : sub(price, limitPrice));
          const maintenance = mul(mul(quantity, price), rate);
          expect(lt(abs(sub(sub(margin, loss), maintenance)), decimal('0.000000001'))).toBe(true);
        },
      ),
    );
  });
});
