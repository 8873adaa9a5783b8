/** The outcome of something that may fail in expected ways. A bug throws; an expected failure is a value. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const err = <E>(error: E): { readonly ok: false; readonly error: E } => ({ ok: false, error });

/** Ends a `switch` over a closed union: compiles only when every case is handled. */
export function unreachable(value: never): never {
  throw new Error(`Expected no other case, was ${JSON.stringify(value)}.`);
}
