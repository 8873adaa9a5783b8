import type { Refusal } from '../refusal.ts';

/** The refusal of a try that came too early; tells in whole seconds how long to wait. */
export function refuseTooMany(waitMs: number): { readonly ok: false; readonly error: Refusal } {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return {
    ok: false,
    error: { code: 'rate_limited', message: `Too many failed tries. Wait ${retryAfterSeconds} s and try again.`, retryAfterSeconds },
  };
}
