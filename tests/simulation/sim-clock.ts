import { type Timestamp, timestamp } from '@hyperoru/domain';
import type { Clock } from '@hyperoru/engine';
import type { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';

/** 2025-12-31T23:59:15Z: early in a seed a day ends, and funding is paid. */
export const WORLD_BEGIN: Timestamp = timestamp(1_767_225_600_000 - 45_000);

/** Time of the world; venues live by it, a process may have another idea of it. */
export const worldTime = (scheduler: Scheduler): Timestamp => timestamp(WORLD_BEGIN + Math.floor(scheduler.nowMs));

/** The clock of one process: wall time may be off and may jump, monotonic time does not, and nothing fires once the process is dead. */
export class SimClock implements Clock {
  readonly #scheduler: Scheduler;
  readonly #life: Life;
  offsetMs: number;

  constructor(scheduler: Scheduler, life: Life, offsetMs: number) {
    this.#scheduler = scheduler;
    this.#life = life;
    this.offsetMs = offsetMs;
  }

  now(): Timestamp {
    return timestamp(worldTime(this.#scheduler) + this.offsetMs);
  }

  monotonicMs(): number {
    return this.#scheduler.nowMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        callOff();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const callOff = this.#scheduler.afterIn(this.#life, ms, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
    });
  }

  every(ms: number, callback: () => void): () => void {
    let isOn = true;
    const next = (): void => {
      this.#scheduler.afterIn(this.#life, ms, () => {
        if (!isOn) return;
        callback();
        next();
      });
    };
    next();
    return () => {
      isOn = false;
    };
  }
}
