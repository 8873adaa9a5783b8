import { decimal } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { decimalsOf, isNearReference, isValidPrice, parseNumber, tickAt, wire } from './numbers.ts';

describe('numbers on the wire', () => {
  it.each([
    ['0', '0'],
    ['0.00076000', '0.00076'],
    ['0.00000001', '0.00000001'],
    ['0.12345678', '0.12345678'],
    ['87654321.12345678', '87654321.12345678'],
    ['987654321.0', '987654321'],
  ])('reads %s as %s, without trailing zeros', (text, number) => {
    expect(parseNumber(text)).toBe(number);
  });

  it.each(['', '1e5', '-1', '+1', '.5', '5.', '01', ' 1', '1,5', 'NaN', '1'.repeat(31)])('does not read "%s"', (text) => {
    expect(parseNumber(text)).toBeNull();
  });

  it.each([1, null, undefined, {}])('does not read %j, which is not text', (value) => {
    expect(parseNumber(value)).toBeNull();
  });

  it.each([
    ['123456', 5],
    ['1234.5', 1],
    ['0.001234', 0],
    ['100000', 5],
    ['50000', 5],
    ['9999.5', 1],
  ])('takes the price %s at %d size decimals', (price, szDecimals) => {
    expect(isValidPrice(decimal(price), szDecimals)).toBe(true);
  });

  it.each([
    ['12345.6', 1],
    ['0.0012345', 0],
    ['50000.5', 5],
    ['1.01', 5],
    ['0.1234567', 0],
  ])('refuses the price %s at %d size decimals', (price, szDecimals) => {
    expect(isValidPrice(decimal(price), szDecimals)).toBe(false);
  });

  it.each([
    ['50000', 5, '1'],
    ['9999', 5, '0.1'],
    ['2500', 4, '0.1'],
    ['150', 2, '0.01'],
    ['0.5', 0, '0.00001'],
    ['0.00123', 0, '0.000001'],
  ])('steps prices near %s at %d size decimals by %s', (price, szDecimals, tick) => {
    expect(tickAt(decimal(price), szDecimals)).toBe(tick);
  });

  it('writes at least one decimal', () => {
    expect(wire(decimal('50000'))).toBe('50000.0');
    expect(wire(decimal('0.5'))).toBe('0.5');
    expect(decimalsOf(decimal('1.25'))).toBe(2);
    expect(decimalsOf(decimal('7'))).toBe(0);
  });

  it('lets a price be up to 80 % away from the reference and no further', () => {
    expect(isNearReference(decimal('180'), decimal('100'))).toBe(true);
    expect(isNearReference(decimal('180.1'), decimal('100'))).toBe(false);
    expect(isNearReference(decimal('20'), decimal('100'))).toBe(true);
    expect(isNearReference(decimal('19.9'), decimal('100'))).toBe(false);
  });
});
