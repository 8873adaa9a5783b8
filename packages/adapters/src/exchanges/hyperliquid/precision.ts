import { type Decimal, decimal, floorToStep, gte, isPositive, max, min, mul, ONE } from '@hyperoru/domain';

/** Perpetual prices have at most this many decimals less those of the size. */
const PRICE_DECIMALS_MAX = 6;
const SIGNIFICANT_FIGURES_MAX = 5;

/** 10 to the power of `exponent` (−18 … 30). */
const powerOfTen = (exponent: number): Decimal => decimal(exponent >= 0 ? `1${'0'.repeat(exponent)}` : `0.${'0'.repeat(-exponent - 1)}1`);

/** Exponent of the first significant digit: 1 → 0, 0.05 → −2, 70,000 → 4. */
function magnitude(value: Decimal): number {
  const point = value.indexOf('.');
  if (gte(value, ONE)) return (point === -1 ? value.length : point) - 1;
  return -(value.slice(point + 1).search(/[1-9]/) + 1);
}

/** Smallest size of an order of an asset with these size decimals. */
export const sizeIncrement = (sizeDecimals: number): Decimal => powerOfTen(-sizeDecimals);

/**
 * The step between valid prices at a price: five significant figures, at most 6 − size decimals after the point, and every
 * integer is valid. Throws RangeError unless the price is positive.
 */
export function priceIncrementAt(price: Decimal, sizeDecimals: number): Decimal {
  if (!isPositive(price)) throw new RangeError(`Expected a positive price, was ${price}.`);
  const finest = powerOfTen(-Math.max(0, PRICE_DECIMALS_MAX - sizeDecimals));
  return max(finest, min(ONE, powerOfTen(magnitude(price) - SIGNIFICANT_FIGURES_MAX + 1)));
}

/** True when the venue takes the price for an asset with these size decimals. */
export const isValidPrice = (price: Decimal, sizeDecimals: number): boolean =>
  isPositive(price) && floorToStep(price, priceIncrementAt(price, sizeDecimals)) === price;

/** True when the venue takes the size for an asset with these size decimals. */
export const isValidSize = (size: Decimal, sizeDecimals: number): boolean =>
  isPositive(size) && floorToStep(size, sizeIncrement(sizeDecimals)) === size;

/** How far above the mark the one increment of an instrument still gives valid prices. */
const HEADROOM = decimal('2');

/**
 * The one increment an instrument tells, good for every price up to twice the mark: steps grow with the price, so the step at
 * the upper end is valid below it too. Costs at most 0.02 % of precision.
 */
export const instrumentIncrement = (mark: Decimal, sizeDecimals: number): Decimal => priceIncrementAt(mul(mark, HEADROOM), sizeDecimals);
