import { add, type Decimal, decimal, floorToStep, isPositive, lte, mul } from '@hyperoru/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instrumentIncrement, isValidPrice, isValidSize, priceIncrementAt, sizeIncrement } from './precision.ts';

const sizeDecimals = fc.integer({ min: 0, max: 6 });
const prices = fc
  .tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: -9, max: 2 }))
  .map(([digits, exponent]): Decimal => decimal(exponent < 0 ? (digits * 10 ** exponent).toFixed(9) : String(digits * 10 ** exponent)))
  .filter(isPositive);

/** The venue's rule in other words: count the digits. */
function obeysRule(price: Decimal, decimals: number): boolean {
  const [whole = '', fraction = ''] = price.split('.');
  if (fraction === '') return true;
  const significant = `${whole}${fraction}`.replace(/^0+/, '');
  return fraction.length <= Math.max(0, 6 - decimals) && significant.length <= 5;
}

describe('a price', () => {
  test.each([
    ['123456', 5, true],
    ['12345.6', 0, false],
    ['1234.5', 0, true],
    ['0.001234', 0, true],
    ['0.0012345', 0, false],
    ['100543', 5, true],
    ['0.043423', 0, true],
    ['50000.5', 5, false],
    ['3500.1', 4, true],
    ['3500.12', 4, false],
  ])('%s with %i size decimals: %s', (price, decimals, valid) => {
    expect(isValidPrice(decimal(price), decimals)).toBe(valid);
  });

  test('is valid exactly when it obeys the rule of digits', () => {
    fc.assert(
      fc.property(prices, sizeDecimals, (price, decimals) => {
        expect(isValidPrice(price, decimals)).toBe(obeysRule(price, decimals));
      }),
      { numRuns: 2000 },
    );
  });

  test('rounded to its increment is valid, and no valid price is nearer', () => {
    fc.assert(
      fc.property(prices, sizeDecimals, (price, decimals) => {
        const increment = priceIncrementAt(price, decimals);
        const rounded = floorToStep(price, increment);
        if (isPositive(rounded)) expect(isValidPrice(rounded, decimals)).toBe(true);
        expect(isValidPrice(add(rounded, increment), decimals)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('of zero or below is refused', () => {
    expect(isValidPrice(decimal('0'), 3)).toBe(false);
    expect(isValidPrice(decimal('-1'), 3)).toBe(false);
    expect(() => priceIncrementAt(decimal('0'), 3)).toThrow(RangeError);
  });
});

test('every multiple of an instrument increment up to twice the mark is valid', () => {
  fc.assert(
    fc.property(prices, sizeDecimals, fc.double({ min: 0.0001, max: 2, noNaN: true }), (mark, decimals, share) => {
      const price = floorToStep(mul(mark, decimal(share.toFixed(6))), instrumentIncrement(mark, decimals));
      if (isPositive(price) && lte(price, mul(mark, decimal('2')))) expect(isValidPrice(price, decimals)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

describe('a size', () => {
  test.each([
    ['0.00001', 5, true],
    ['0.000001', 5, false],
    ['1', 0, true],
    ['0.5', 0, false],
    ['0', 2, false],
    ['-1', 2, false],
  ])('%s with %i decimals: %s', (size, decimals, valid) => {
    expect(isValidSize(decimal(size), decimals)).toBe(valid);
  });

  test('has the increment of its decimals', () => {
    expect([0, 1, 5].map(sizeIncrement)).toEqual(['1', '0.1', '0.00001']);
  });
});
