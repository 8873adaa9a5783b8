import type { SubmitOutcome } from '@hyperoru/engine';

/** The venue's numbers in our words. */
const CODES: Readonly<Record<number, string>> = {
  0: 'venue_unavailable',
  [-1003]: 'rate_limited',
  [-1008]: 'venue_throttled',
  [-1015]: 'rate_limited',
  [-1022]: 'credentials_invalid',
  [-2014]: 'credentials_invalid',
  [-2015]: 'credentials_invalid',
  [-4109]: 'account_inactive',
  [-4192]: 'cooling_off',
  [-4400]: 'reduce_only_mode',
  [-4401]: 'reduce_only_mode',
  [-1111]: 'invalid_precision',
  [-1121]: 'unknown_symbol',
  [-4003]: 'invalid_quantity',
  [-4004]: 'below_minimum_quantity',
  [-4005]: 'invalid_quantity',
  [-4023]: 'invalid_quantity',
  [-4002]: 'invalid_price',
  [-4013]: 'invalid_price',
  [-4014]: 'invalid_price',
  [-4015]: 'invalid_client_order_id',
  [-4016]: 'price_out_of_band',
  [-4024]: 'price_out_of_band',
  [-4131]: 'price_out_of_band',
  [-2018]: 'insufficient_margin',
  [-2019]: 'insufficient_margin',
  [-4051]: 'insufficient_margin',
  [-4118]: 'insufficient_margin',
  [-2021]: 'would_trigger_immediately',
  [-4142]: 'would_trigger_immediately',
  [-2022]: 'reduce_only_would_increase',
  [-2023]: 'in_liquidation',
  [-2024]: 'reduce_only_would_increase',
  [-2025]: 'too_many_open_orders',
  [-4045]: 'too_many_open_orders',
  [-2027]: 'leverage_tier_exceeded',
  [-2028]: 'leverage_not_set',
  [-4028]: 'leverage_not_set',
  [-4161]: 'leverage_not_set',
  [-4164]: 'below_minimum_notional',
  [-5021]: 'fok_not_filled',
  [-5022]: 'post_only_would_match',
  [-4060]: 'account_mode',
  [-4061]: 'account_mode',
  [-4062]: 'account_mode',
};
/** A request outside its window of time; the same number tells a timestamp that lies ahead. */
const OUTSIDE_WINDOW = new Set([-1021, -5028]);
/** An order with this client id is open: it may be this one. */
const IN_USE = -4116;

/** What no cancel and no question finds; not final before the order's window has passed. */
export const isNotFound = (code: number): boolean => code === -2011 || code === -2013;
export const isOutsideWindow = (code: number): boolean => OUTSIDE_WINDOW.has(code);
export const isListenKeyGone = (code: number): boolean => code === -1125;

/** The venue's refusal as our outcome. */
export function refusalOf(code: number, text: string): SubmitOutcome {
  if (code === IN_USE) return { kind: 'unknown', cause: 'The venue has an open order with this client order id.' };
  const message = `${text.trim().replace(/\.$/, '')}.`;
  if (isOutsideWindow(code)) return { kind: 'rejected', code: /ahead/i.test(text) ? 'clock_skew' : 'expired_deadline', message };
  return { kind: 'rejected', code: CODES[code] ?? 'venue_refused', message };
}
