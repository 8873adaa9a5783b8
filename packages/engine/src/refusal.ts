import type { Result } from '@hyperoru/domain';

/** Why a use case did not do what was asked. `code` is stable; the API shows it in upper case with its catalogue's status. */
export interface Refusal {
  readonly code: string;
  /** One sentence: what is wrong, in the caller's words, and the fix. */
  readonly message: string;
  readonly details?: readonly { readonly field: string; readonly message: string }[];
  /** With `rate_limited`: seconds to wait, 1 or more. */
  readonly retryAfterSeconds?: number;
}

export type UseCaseResult<T> = Result<T, Refusal>;

export const refuse = (code: string, message: string, details?: Refusal['details']): { readonly ok: false; readonly error: Refusal } => ({
  ok: false,
  error: details === undefined ? { code, message } : { code, message, details },
});
