import type { Quote } from '../market/quote.ts';
import { abs, type Decimal, decimal, div, gt, sub } from '../money/decimal.ts';
import { ok, type Result } from '../result.ts';
import type { Timestamp } from '../time/timestamp.ts';
import { type Denial, deny } from './denial.ts';

export const DECISION_AGE_MS_MAX = 30_000;
export const QUOTE_AGE_MS_MAX = 10_000;
export const TRIGGER_AGE_MS_MAX = 30_000;
/** Largest move of the mark between prompt and order, as a share. */
export const PRICE_MOVE_MAX = decimal('0.01');

/** Denies what was decided too long ago, on old prices, or at a price that has gone (invariant I12). */
export function checkFreshness(inputs: {
  readonly now: Timestamp;
  readonly decidedAt: Timestamp;
  readonly quote: Quote;
  /** Mark the strategy saw; null for a person's own order. */
  readonly promptMark: Decimal | null;
}): Result<null, Denial> {
  const age = inputs.now - inputs.decidedAt;
  if (age > DECISION_AGE_MS_MAX) return deny('decision_stale', `The decision is ${age} ms old, the limit is ${DECISION_AGE_MS_MAX} ms.`);
  const quoteAge = inputs.now - inputs.quote.receivedAt;
  if (quoteAge > QUOTE_AGE_MS_MAX)
    return deny('quote_stale', `The newest price is ${quoteAge} ms old, the limit is ${QUOTE_AGE_MS_MAX} ms.`);
  if (inputs.promptMark !== null) {
    const move = div(abs(sub(inputs.quote.mark, inputs.promptMark)), inputs.promptMark);
    if (gt(move, PRICE_MOVE_MAX))
      return deny('price_moved', `The price moved from ${inputs.promptMark} to ${inputs.quote.mark} since the prompt.`);
  }
  return ok(null);
}
