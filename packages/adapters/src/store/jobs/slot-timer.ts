import type { Timestamp } from '@hyperoru/domain';
import type { Clock } from '@hyperoru/engine';

/** Slots farther away are found by the poll; a timer for each would only pile up. */
const AHEAD_MS_MAX = 3_600_000;

/** One timer for the earliest slot announced in this process, so that it is not late by a whole poll. */
export function slotTimer(clock: Pick<Clock, 'now' | 'sleep'>, onDue: () => void): { expect(at: Timestamp): void; cancel(): void } {
  let earliest: Timestamp | null = null;
  let waiting = new AbortController();
  const cancel = () => waiting.abort(new Error('Another slot is due earlier.'));
  return {
    expect: (at) => {
      const ms = Math.max(0, at - clock.now());
      if (ms > AHEAD_MS_MAX || (earliest !== null && earliest <= at)) return;
      cancel();
      waiting = new AbortController();
      earliest = at;
      clock.sleep(ms, waiting.signal).then(
        () => {
          earliest = null;
          onDue();
        },
        // Canceled: an earlier slot or the end took over.
        () => undefined,
      );
    },
    cancel,
  };
}
