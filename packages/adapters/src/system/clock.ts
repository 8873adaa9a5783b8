import { performance } from 'node:perf_hooks';
import { timestamp } from '@hyperoru/domain';
import type { Clock } from '@hyperoru/engine';

/** Longest delay a Node timer takes without wrapping to 1 ms. */
const TIMER_MS_MAX = 2_147_483_647;

/** The machine's clock. Wall time may jump; `monotonicMs` never does. */
export const systemClock: Clock = {
  now: () => timestamp(Date.now()),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => {
    if (!(ms >= 0 && ms <= TIMER_MS_MAX)) return Promise.reject(new RangeError(`Expected 0 to ${TIMER_MS_MAX} ms, was ${ms}.`));
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
  every: (ms, callback) => {
    if (!(ms > 0 && ms <= TIMER_MS_MAX)) throw new RangeError(`Expected 1 to ${TIMER_MS_MAX} ms, was ${ms}.`);
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
};
