import type { Clock } from '@hyperoru/engine';

/** An hour: beyond it a limit is none. */
const DEADLINE_MS_MAX = 3_600_000;

/** Why work was cut short. */
export type StopReason = 'deadline' | 'first_byte' | 'idle' | 'canceled';

/** Carried as the reason of an aborted signal. */
export class Stopped extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`Stopped: ${reason}.`);
    this.name = 'Stopped';
    this.reason = reason;
  }
}

/** One limit over any number of tries. `end` must be called when the work is over. */
export interface Deadline {
  readonly signal: AbortSignal;
  remainingMs(): number;
  end(): void;
}

/** `totalMs` is 1 ms to one hour, else RangeError. */
export function startDeadline(clock: Clock, totalMs: number, outer: AbortSignal | undefined): Deadline {
  if (!(totalMs > 0 && totalMs <= DEADLINE_MS_MAX))
    throw new RangeError(`Expected a deadline of 1 to ${DEADLINE_MS_MAX} ms, was ${totalMs}.`);
  const stop = new AbortController();
  const endsAtMs = clock.monotonicMs() + totalMs;
  const onCancel = () => stop.abort(new Stopped('canceled'));
  if (outer?.aborted === true) onCancel();
  else outer?.addEventListener('abort', onCancel, { once: true });
  const endTimer = after(clock, totalMs, () => stop.abort(new Stopped('deadline')));
  return {
    signal: stop.signal,
    remainingMs: () => Math.max(0, endsAtMs - clock.monotonicMs()),
    end: () => {
      endTimer();
      outer?.removeEventListener('abort', onCancel);
    },
  };
}

/** Calls `onQuiet` when `touch` was not called for `quietMs`. One timer at a time, however often it is touched. */
export function startWatchdog(clock: Clock, quietMs: number, onQuiet: () => void): { touch(): void; end(): void } {
  let dueMs = clock.monotonicMs() + quietMs;
  let cancel = after(clock, quietMs, check);
  function check(): void {
    const leftMs = dueMs - clock.monotonicMs();
    if (leftMs <= 0) onQuiet();
    else cancel = after(clock, leftMs, check);
  }
  return {
    touch: () => {
      dueMs = clock.monotonicMs() + quietMs;
    },
    end: () => cancel(),
  };
}

/** Calls back once after `ms` unless the returned function is called first. */
function after(clock: Clock, ms: number, callback: () => void): () => void {
  const canceled = new AbortController();
  clock.sleep(ms, canceled.signal).then(callback, () => undefined);
  return () => canceled.abort();
}
