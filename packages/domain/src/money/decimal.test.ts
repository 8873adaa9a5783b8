import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  abs,
  add,
  ceilToStep,
  compare,
  DECIMAL_LENGTH_MAX,
  type Decimal,
  decimal,
  decimalFromNumber,
  div,
  eq,
  floorToStep,
  gt,
  gte,
  isDecimal,
  isNegative,
  isPositive,
  isZero,
  lt,
  lte,
  max,
  min,
  mul,
  neg,
  round,
  sub,
  sum,
  toNumber,
  ZERO,
} from './decimal.ts';

/** A decimal as the integer it is at a given scale: the reference every operation is checked against. */
interface Scaled {
  readonly units: bigint;
  readonly places: number;
}

const scaled: fc.Arbitrary<Scaled> = fc.record({
  units: fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }),
  places: fc.integer({ min: 0, max: 18 }),
});
const positive = scaled.filter(({ units }) => units > 0n);

function textOf({ units, places }: Scaled): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = places === 0 ? '' : `.${digits.slice(-places)}`;
  return `${units < 0n ? '-' : ''}${whole}${fraction}`;
}

/** Units at a common scale of 36 places. */
const at36 = ({ units, places }: Scaled): bigint => units * 10n ** BigInt(36 - places);
const unitsAt36 = (value: Decimal): bigint => {
  const [whole = '0', fraction = ''] = value.replace('-', '').split('.');
  const units = BigInt(whole + fraction.padEnd(36, '0'));
  return value.startsWith('-') ? -units : units;
};
const floorDiv = (a: bigint, b: bigint): bigint => (a % b !== 0n && a < 0n !== b < 0n ? a / b - 1n : a / b);

describe('text', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['-0.000', '0'],
    ['007', '7'],
    ['1.50', '1.5'],
    ['1.0', '1'],
    ['-0.10', '-0.1'],
    ['100000000000000000000000', '100000000000000000000000'],
    ['0.000000000000000001', '0.000000000000000001'],
  ])('%s is written as %s', (given, canonical) => {
    expect(decimal(given)).toBe(canonical);
  });

  test.each([
    '',
    ' ',
    '1 ',
    ' 1',
    '+1',
    '.5',
    '5.',
    '1e3',
    '1E-3',
    '0x10',
    'NaN',
    'Infinity',
    '-',
    '--1',
    '1.2.3',
    '1,5',
    '1_000',
    '١',
    '１',
    '1\n',
    'null',
  ])('refuses %j', (junk) => {
    expect(isDecimal(junk)).toBe(false);
    expect(() => decimal(junk)).toThrow(RangeError);
  });

  test('accepts text of the greatest length and refuses one character more', () => {
    expect(decimal('9'.repeat(DECIMAL_LENGTH_MAX))).toHaveLength(DECIMAL_LENGTH_MAX);
    expect(() => decimal('9'.repeat(DECIMAL_LENGTH_MAX + 1))).toThrow(RangeError);
  });

  test('an error names at most the first 80 characters of what it refuses', () => {
    expect(() => decimal('x'.repeat(10_000))).toThrow(/^.{1,160}$/);
  });

  test('canonical text is a fixed point and keeps the value', () => {
    fc.assert(
      fc.property(scaled, (value) => {
        const canonical = decimal(textOf(value));
        expect(decimal(canonical)).toBe(canonical);
        expect(unitsAt36(canonical)).toBe(at36(value));
        expect(canonical).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/);
      }),
    );
  });

  test('equal values have equal text', () => {
    fc.assert(
      fc.property(scaled, fc.integer({ min: 0, max: 10 }), ({ units, places }, extra) => {
        const same = { units: units * 10n ** BigInt(extra), places: places + extra };
        expect(decimal(textOf(same))).toBe(decimal(textOf({ units, places })));
      }),
    );
  });
});

describe('numbers that were never money', () => {
  test.each([
    [0.1 + 0.2, 12, '0.3'],
    [1e-7, 12, '0.0000001'],
    [1e21, 2, '1000000000000000000000'],
    [-0, 2, '0'],
    [-0.001, 2, '0'],
    [2.5, 0, '2'],
    [3.5, 0, '4'],
  ])('%d at %d places is %s', (value, places, text) => {
    expect(decimalFromNumber(value, places)).toBe(text);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d is refused', (value) => {
    expect(() => decimalFromNumber(value, 2)).toThrow(RangeError);
  });

  test('a float of 1 or more survives the way there and back at 18 places', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e12, noNaN: true }), (value) => {
        expect(Math.abs(toNumber(decimalFromNumber(value, 18)) - value)).toBeLessThanOrEqual(value * Number.EPSILON);
      }),
    );
  });
});

describe('arithmetic', () => {
  test('add, sub and mul are exact', () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const [x, y] = [decimal(textOf(a)), decimal(textOf(b))];
        expect(unitsAt36(add(x, y))).toBe(at36(a) + at36(b));
        expect(unitsAt36(sub(x, y))).toBe(at36(a) - at36(b));
        expect(mul(x, y)).toBe(decimalOfUnits(a.units * b.units, a.places + b.places));
      }),
    );
  });

  test('a quotient is wrong by half a unit of the 24th place at most', () => {
    fc.assert(
      fc.property(scaled, positive, (a, b) => {
        const quotient = div(decimal(textOf(a)), decimal(textOf(b)));
        const [n, d] = [at36(a), at36(b)];
        const error = unitsAt36(quotient) * d - n * 10n ** 36n;
        expect(2n * (error < 0n ? -error : error) <= d * 10n ** 12n).toBe(true);
      }),
    );
  });

  test('division that does not end is cut half-even at 24 places', () => {
    expect(div(decimal('1'), decimal('3'))).toBe('0.333333333333333333333333');
    expect(div(decimal('2'), decimal('3'))).toBe('0.666666666666666666666667');
  });

  test('division by zero throws', () => {
    expect(() => div(decimal('1'), ZERO)).toThrow();
  });

  test('neg and abs change nothing but the sign, and there is no minus zero', () => {
    fc.assert(
      fc.property(scaled, (a) => {
        const x = decimal(textOf(a));
        expect(unitsAt36(neg(x))).toBe(-at36(a));
        expect(unitsAt36(abs(x))).toBe(a.units < 0n ? -at36(a) : at36(a));
        expect(neg(neg(x))).toBe(x);
      }),
    );
    expect(neg(ZERO)).toBe('0');
  });

  test('ten times a tenth is one', () => {
    expect(sum(Array.from({ length: 10 }, () => decimal('0.1')))).toBe('1');
    expect(sum([])).toBe('0');
  });
});

describe('order', () => {
  test('compares by value, never by text', () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const [x, y] = [decimal(textOf(a)), decimal(textOf(b))];
        const sign = at36(a) < at36(b) ? -1 : at36(a) > at36(b) ? 1 : 0;
        expect(compare(x, y)).toBe(sign);
        expect([lt(x, y), lte(x, y), eq(x, y), gte(x, y), gt(x, y)]).toEqual([sign < 0, sign <= 0, sign === 0, sign >= 0, sign > 0]);
        expect(compare(min(x, y), max(x, y))).toBeLessThanOrEqual(0);
        expect([isNegative(x), isZero(x), isPositive(x)]).toEqual([a.units < 0n, a.units === 0n, a.units > 0n]);
      }),
    );
    expect(lt(decimal('9'), decimal('10'))).toBe(true);
  });
});

describe('steps', () => {
  test('floor and ceil are the exact multiples around the value', () => {
    fc.assert(
      fc.property(scaled, positive, (value, step) => {
        const [x, s] = [decimal(textOf(value)), decimal(textOf(step))];
        const whole = floorDiv(at36(value), at36(step));
        const isMultiple = whole * at36(step) === at36(value);
        expect(unitsAt36(floorToStep(x, s))).toBe(whole * at36(step));
        expect(unitsAt36(ceilToStep(x, s))).toBe((isMultiple ? whole : whole + 1n) * at36(step));
      }),
      { numRuns: 500 },
    );
  });

  test('flooring never increases a value and is idempotent', () => {
    fc.assert(
      fc.property(scaled, positive, (value, step) => {
        const [x, s] = [decimal(textOf(value)), decimal(textOf(step))];
        const once = floorToStep(x, s);
        expect(lte(once, x)).toBe(true);
        expect(floorToStep(once, s)).toBe(once);
        expect(lt(sub(x, once), s)).toBe(true);
      }),
    );
  });

  test.each([
    ['2.5', '1', '2', '3'],
    ['-2.5', '1', '-3', '-2'],
    ['3', '1', '3', '3'],
    ['-3', '1', '-3', '-3'],
    ['0', '0.1', '0', '0'],
    ['0.30', '0.1', '0.3', '0.3'],
    ['2.9999999999999999999999999999', '1', '2', '3'],
    ['3.0000000000000000000000000001', '1', '3', '4'],
    ['-2.9999999999999999999999999999', '1', '-3', '-2'],
    ['1', '3', '0', '3'],
  ])('%s in steps of %s lies between %s and %s', (value, step, low, high) => {
    expect(floorToStep(decimal(value), decimal(step))).toBe(low);
    expect(ceilToStep(decimal(value), decimal(step))).toBe(high);
  });

  test.each(['0', '-1'])('a step of %s throws', (step) => {
    expect(() => floorToStep(decimal('1'), decimal(step))).toThrow(RangeError);
    expect(() => ceilToStep(decimal('1'), decimal(step))).toThrow(RangeError);
  });

  test.each([
    ['2.5', 0, '2'],
    ['3.5', 0, '4'],
    ['-2.5', 0, '-2'],
    ['1.005', 2, '1'],
    ['1.015', 2, '1.02'],
  ])('%s rounded half-even to %d places is %s', (value, places, rounded) => {
    expect(round(decimal(value), places)).toBe(rounded);
  });
});

function decimalOfUnits(units: bigint, places: number): string {
  const text = textOf({ units, places });
  const trimmed = text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  return trimmed === '-0' ? '0' : trimmed;
}
