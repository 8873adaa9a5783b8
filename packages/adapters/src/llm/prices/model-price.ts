import { add, type Decimal, decimal, div, mul } from '@hyperoru/domain';
import prices from './prices.json' with { type: 'json' };

interface Price {
  readonly input: Decimal;
  readonly output: Decimal;
}

const TOKENS_PER_UNIT = decimal('1000000');

const PRICES: ReadonlyMap<string, Price> = new Map(
  Object.entries(prices.models).map(([model, row]) => [model, { input: decimal(row.input), output: decimal(row.output) }]),
);

/**
 * Exact cost of one exchange in USD at list price, as decimal text; null when the model has no row in `prices.json`
 * (unknown, which is not 0). Token counts are whole and not negative, else RangeError.
 */
export function modelPriceUsd(model: string, usage: { readonly promptTokens: number; readonly completionTokens: number }): string | null {
  const price = PRICES.get(model);
  if (price === undefined) return null;
  const total = add(mul(price.input, count(usage.promptTokens)), mul(price.output, count(usage.completionTokens)));
  return div(total, TOKENS_PER_UNIT);
}

function count(tokens: number): Decimal {
  if (!Number.isSafeInteger(tokens) || tokens < 0) throw new RangeError(`Expected a whole number of tokens, was ${tokens}.`);
  return decimal(String(tokens));
}
