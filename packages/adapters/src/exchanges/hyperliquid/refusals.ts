import type { SubmitOutcome } from '@hyperoru/engine';

/** The venue's sentences by their beginning, in the order they are tried; live ones often go on with details. */
const CODES: readonly (readonly [prefix: string, code: string])[] = [
  ['Price must be divisible by tick size', 'invalid_price'],
  ['Order has invalid price', 'invalid_price'],
  ['Order has invalid size', 'invalid_quantity'],
  ['Order has zero size', 'invalid_quantity'],
  ['Order must have minimum value', 'below_minimum_notional'],
  ['Insufficient margin to place order', 'insufficient_margin'],
  ['Order would cause position to exceed margin tier limit', 'leverage_tier_exceeded'],
  ['Reduce only order would increase position', 'reduce_only_would_increase'],
  ['Post only order would have immediately matched', 'post_only_would_match'],
  ['Order could not immediately match', 'ioc_not_matched'],
  ['No liquidity available for market order', 'no_liquidity'],
  ['Invalid TP/SL price', 'would_trigger_immediately'],
  ['Price too far from oracle', 'price_out_of_band'],
  ['Order price cannot be more than', 'price_out_of_band'],
  ['Order would increase open interest', 'open_interest_cap'],
  ['Order rejected due to price more aggressive than oracle', 'open_interest_cap'],
  ['User or API Wallet', 'credentials_invalid'],
  ['Unable to recover signer', 'credentials_invalid'],
  ['Must deposit before performing actions', 'account_empty'],
  ['Too many cumulative requests', 'rate_limited'],
  ['Cannot switch leverage type', 'leverage_not_set'],
  ['Invalid leverage value', 'leverage_not_set'],
  ['Cross position does not have sufficient margin', 'leverage_not_set'],
  ['Isolated position does not have sufficient margin', 'leverage_not_set'],
  ['Action disabled when unified account is active', 'account_mode'],
  ['Invalid nonce: nonce too low', 'invalid_nonce'],
];

/** The request, or one with its number, was taken before: it says nothing about the order. */
const USED_NONCE = 'Invalid nonce: duplicate nonce';

/**
 * The venue's refusal as our outcome. A number that was used before is no refusal: if the network delivered the request twice,
 * the first copy may have been executed. The wording for a request after its `expiresAfter` is not published; it is known by the word.
 */
export function refusalOf(text: string): SubmitOutcome {
  if (text.startsWith(USED_NONCE)) return { kind: 'unknown', cause: `The venue has seen this request before: ${text}` };
  const known = CODES.find(([prefix]) => text.startsWith(prefix))?.[1];
  const code = known ?? (/expire/i.test(text) ? 'expired_deadline' : 'venue_refused');
  return { kind: 'rejected', code, message: sentence(text) };
}

const MESSAGE_LENGTH_MAX = 500;

/** Without the asset number at the end, and with a full stop. */
function sentence(text: string): string {
  const words = text
    .slice(0, MESSAGE_LENGTH_MAX)
    .replace(/\s*asset=\d+\s*$/, '')
    .trim();
  return words.endsWith('.') ? words : `${words}.`;
}
