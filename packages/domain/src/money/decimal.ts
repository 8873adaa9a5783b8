import Big from 'big.js';

/**
 * An exact decimal number as canonical text: optional minus, digits, optional fraction, no exponent,
 * at most {@link DECIMAL_LENGTH_MAX} characters. Every price, quantity and amount of money is one;
 * units stand in the name of the field (`priceUsd`, `quantity` in base units).
 * Records hold the text, so they can be stored, hashed and sent unchanged; arithmetic is here only.
 */
export type Decimal = string & { readonly __tag: 'Decimal' };

export const DECIMAL_LENGTH_MAX = 60;
/** Digits kept after the point when a division does not end; enough for 1e-18 shares of a quantity. */
const DIVISION_PLACES = 24;

const Exact = Big();
Exact.strict = true;
Exact.DP = DIVISION_PLACES;
Exact.RM = Big.roundHalfEven;

const PLAIN = /^-?\d+(\.\d+)?$/;

/** Text → Decimal. Throws RangeError when the text is not a plain finite decimal within the length limit. */
export function decimal(text: string): Decimal {
  if (text.length > DECIMAL_LENGTH_MAX || !PLAIN.test(text)) throw new RangeError(`Expected a plain decimal, was "${text.slice(0, 80)}".`);
  return canonical(new Exact(text));
}

/** True when {@link decimal} would accept the text. */
export function isDecimal(text: string): boolean {
  return text.length <= DECIMAL_LENGTH_MAX && PLAIN.test(text);
}

/**
 * A float64 → Decimal at the given number of places (0–18). Only for numbers that were never money:
 * indicator values, JSON numbers of a model's answer. Throws RangeError on NaN and Infinity.
 */
export function decimalFromNumber(value: number, places: number): Decimal {
  if (!Number.isFinite(value)) throw new RangeError(`Expected a finite number, was ${value}.`);
  return canonical(new Exact(String(value)).round(places));
}

export const ZERO = decimal('0');
export const ONE = decimal('1');

export const add = (a: Decimal, b: Decimal): Decimal => canonical(big(a).plus(big(b)));
export const sub = (a: Decimal, b: Decimal): Decimal => canonical(big(a).minus(big(b)));
export const mul = (a: Decimal, b: Decimal): Decimal => canonical(big(a).times(big(b)));
/** Quotient rounded half-even to 24 places. Throws on division by zero. */
export const div = (a: Decimal, b: Decimal): Decimal => canonical(big(a).div(big(b)));
export const neg = (a: Decimal): Decimal => canonical(big(a).times(big('-1')));
export const abs = (a: Decimal): Decimal => canonical(big(a).abs());
export const sum = (values: readonly Decimal[]): Decimal => values.reduce(add, ZERO);

export const compare = (a: Decimal, b: Decimal): -1 | 0 | 1 => (a === b ? 0 : big(a).cmp(big(b)));
export const eq = (a: Decimal, b: Decimal): boolean => compare(a, b) === 0;
export const lt = (a: Decimal, b: Decimal): boolean => compare(a, b) < 0;
export const lte = (a: Decimal, b: Decimal): boolean => compare(a, b) <= 0;
export const gt = (a: Decimal, b: Decimal): boolean => compare(a, b) > 0;
export const gte = (a: Decimal, b: Decimal): boolean => compare(a, b) >= 0;
export const isZero = (a: Decimal): boolean => compare(a, ZERO) === 0;
export const isPositive = (a: Decimal): boolean => compare(a, ZERO) > 0;
export const isNegative = (a: Decimal): boolean => compare(a, ZERO) < 0;
export const min = (a: Decimal, b: Decimal): Decimal => (lte(a, b) ? a : b);
export const max = (a: Decimal, b: Decimal): Decimal => (gte(a, b) ? a : b);

/** Nearest smaller multiple of `step` (toward minus infinity); for positive values an order never grows by rounding. */
export function floorToStep(value: Decimal, step: Decimal): Decimal {
  const { cut, rest } = cutToStep(value, step);
  return canonical(rest < 0 ? cut.minus(big(step)) : cut);
}

/** Nearest greater multiple of `step` (toward plus infinity). */
export function ceilToStep(value: Decimal, step: Decimal): Decimal {
  const { cut, rest } = cutToStep(value, step);
  return canonical(rest > 0 ? cut.plus(big(step)) : cut);
}

/** Rounds half-even to `places` digits after the point. */
export const round = (value: Decimal, places: number): Decimal => canonical(big(value).round(places));

/** The float64 nearest to the value; for statistics and JSON numbers of analytics only, never for an order. */
export const toNumber = (value: Decimal): number => Number(value);

/** The multiple of `step` next to the value toward zero, and the sign of what it leaves out. Exact: no quotient is rounded. */
function cutToStep(value: Decimal, step: Decimal): { readonly cut: Big; readonly rest: -1 | 0 | 1 } {
  if (!isPositive(step)) throw new RangeError(`Expected a positive step, was ${step}.`);
  const whole = big(value);
  const rest = whole.mod(big(step));
  return { cut: whole.minus(rest), rest: rest.cmp(big('0')) };
}

function big(value: string): Big {
  return new Exact(value);
}

function canonical(value: Big): Decimal {
  const text = value.toFixed();
  return (text === '-0' ? '0' : text) as Decimal;
}
