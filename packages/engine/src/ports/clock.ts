import type { Timestamp } from '@hyperoru/domain';

/** Time as the engine sees it. Durations use `monotonicMs`, which never jumps. */
export interface Clock {
  now(): Timestamp;
  monotonicMs(): number;
  /** Resolves after `ms` (0 … 2^31−1) or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back every `ms` until the returned function is called; an error of the callback is the callback's to handle. */
  every(ms: number, callback: () => void): () => void;
}
