import type { Clock } from './clock.ts';

/** What was asked did not answer in time; what became of it is not known. */
export class NoAnswerInTime extends Error {
  constructor(ms: number) {
    super(`No answer within ${ms} ms.`);
    this.name = 'NoAnswerInTime';
  }
}

/** Why the one that lost the race is given up. Made once: an error with its stack for every call would cost more than the race. */
const RACE_IS_OVER = new Error('The answer is there, or the time is over.');

/**
 * Waits at most `ms` of the clock for `ask`. Its signal is aborted when the time is over or the answer is there; throws
 * {@link NoAnswerInTime} in the first case, whatever `ask` does with the signal.
 */
export async function within<T>(clock: Clock, ms: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const asked = new AbortController();
  const waited = new AbortController();
  const limit = clock.sleep(ms, waited.signal).then((): never => {
    throw new NoAnswerInTime(ms);
  });
  try {
    return await Promise.race([ask(asked.signal), limit]);
  } finally {
    waited.abort(RACE_IS_OVER);
    asked.abort(RACE_IS_OVER);
  }
}
