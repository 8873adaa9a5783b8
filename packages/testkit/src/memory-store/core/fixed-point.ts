import { type Decimal, decimal } from '@hyperoru/domain';

/** Fraction digits kept; a Decimal has fewer. Sums of many amounts are exact and cheap this way. */
const PLACES = 60;

/** A Decimal as a whole number of 10^-60. */
export function unitsOf(value: string): bigint {
  const point = value.indexOf('.');
  if (point < 0) return BigInt(value + ZEROS);
  const fraction = value.length - point - 1;
  return BigInt(value.slice(0, point) + value.slice(point + 1) + ZEROS.slice(fraction));
}

export function decimalOf(units: bigint): Decimal {
  const digits = (units < 0n ? -units : units).toString().padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  const text = digits.slice(0, -PLACES) + (fraction === '' ? '' : `.${fraction}`);
  return decimal(units < 0n ? `-${text}` : text);
}

const ZEROS = '0'.repeat(PLACES);
