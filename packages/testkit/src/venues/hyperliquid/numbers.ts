import { abs, type Decimal, decimal, isDecimal, lte, mul, sub } from '@hyperoru/domain';

/** Digits of a price that may be other than zero; whole numbers may have more. */
const SIGNIFICANT_FIGURES_MAX = 5;
/** Decimals of a perpetual's price are this less its size decimals. */
const PRICE_DECIMALS_MAX = 6;

const NUMBER_TEXT = /^(0|[1-9]\d*)(\.\d+)?$/;

/** The number a client wrote, without trailing zeros; null when it is not one. */
export function parseNumber(text: unknown): Decimal | null {
  return typeof text === 'string' && text.length <= 30 && NUMBER_TEXT.test(text) && isDecimal(text) ? decimal(text) : null;
}

/** A number as the venue writes it: at least one decimal, as in `50000.0`. */
export const wire = (value: Decimal): string => (value.includes('.') ? value : `${value}.0`);

export const decimalsOf = (value: Decimal): number => value.split('.')[1]?.length ?? 0;

/** At most five significant figures and 6 − szDecimals decimals, or a whole number. */
export function isValidPrice(price: Decimal, szDecimals: number): boolean {
  const decimals = decimalsOf(price);
  if (decimals === 0) return true;
  const digits = price.replace('.', '').replace(/^0+/, '').length;
  return digits <= SIGNIFICANT_FIGURES_MAX && decimals <= PRICE_DECIMALS_MAX - szDecimals;
}

/** Power of ten as text: 10^-3 = `0.001`. */
export const tenToMinus = (decimals: number): Decimal => decimal(decimals <= 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`);

/** Smallest step of prices near this one that has five significant figures. */
export function tickAt(price: Decimal, szDecimals: number): Decimal {
  const magnitude = price.startsWith('0.') ? -(price.slice(2).match(/^0*/)?.[0].length ?? 0) : (price.split('.')[0]?.length ?? 1);
  const decimals = Math.min(PRICE_DECIMALS_MAX - szDecimals, Math.max(0, SIGNIFICANT_FIGURES_MAX - magnitude));
  return tenToMinus(decimals);
}

/** True when the price is not more than 80 % away from the reference. */
export const isNearReference = (price: Decimal, reference: Decimal): boolean =>
  lte(abs(sub(price, reference)), mul(reference, decimal('0.8')));
