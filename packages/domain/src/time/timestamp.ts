/** Milliseconds since 1970-01-01T00:00:00Z, an integer. The only form of a moment inside domain and engine. */
export type Timestamp = number & { readonly __tag: 'Timestamp' };

/** Throws RangeError unless the value is an integer that a Date can hold. */
export function timestamp(ms: number): Timestamp {
  if (!Number.isInteger(ms) || Math.abs(ms) > 8_640_000_000_000_000) throw new RangeError(`Expected integer milliseconds, was ${ms}.`);
  return ms as Timestamp;
}

export const addMs = (at: Timestamp, ms: number): Timestamp => timestamp(at + ms);
export const toIso = (at: Timestamp): string => new Date(at).toISOString();
export const fromIso = (text: string): Timestamp => timestamp(Date.parse(text));

/** True while less than `ms` have passed since `at`; a clock that was set back to before `at` ends it. */
export const isWithinLast = (ms: number, at: Timestamp, now: Timestamp): boolean => now >= at && now - at < ms;

const DAY_MS = 86_400_000;

/** 00:00 UTC of the day the moment lies in. */
export const startOfUtcDay = (at: Timestamp): Timestamp => timestamp(Math.floor(at / DAY_MS) * DAY_MS);
