import { expect, test } from 'vitest';
import { compareDecimals, divideDecimals, multiplyDecimals, roundDecimal, signOf, sumDecimals, trimDecimal } from './decimal.ts';

test.each([
  ['1.005', 2, '1.01'],
  ['1.004', 2, '1.00'],
  ['-1.005', 2, '-1.01'],
  ['-0.001', 2, '0.00'],
  ['12', 2, '12.00'],
  ['0.999', 0, '1'],
  ['0.1', 8, '0.10000000'],
])('%s rounds to %d places as %s, half away from zero', (text, places, rounded) => {
  expect(roundDecimal(text, places)).toBe(rounded);
});

test('a sum stays exact where floats do not', () => {
  expect(sumDecimals(['0.1', '0.2'])).toBe('0.3');
  expect(sumDecimals(['9007199254740993.01', '-0.01'])).toBe('9007199254740993.00');
  expect(sumDecimals([])).toBe('0');
});

test('the sign of zero is zero, however it is written', () => {
  expect([signOf('0'), signOf('-0.00'), signOf('0.01'), signOf('-3')]).toEqual([0, 0, 1, -1]);
});

test('only zeros after the point are trimmed', () => {
  expect([trimDecimal('1.500'), trimDecimal('100'), trimDecimal('2.000')]).toEqual(['1.5', '100', '2']);
});

test('products and quotients are exact up to the places asked for', () => {
  expect(multiplyDecimals('0.1', '0.2')).toBe('0.02');
  expect(multiplyDecimals('-12.50', '4')).toBe('-50');
  expect(divideDecimals('1', '3', 6)).toBe('0.333333');
  expect(divideDecimals('753.25', '61240', 5)).toBe('0.01229');
  expect(divideDecimals('1', '0', 5)).toBe('0');
});

test('decimals compare by value, not by how they are written', () => {
  expect([compareDecimals('10', '9.99'), compareDecimals('1.50', '1.5'), compareDecimals('-2', '1')]).toEqual([1, 0, -1]);
});
