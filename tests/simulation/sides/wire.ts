import type { RequestFault, SimulatedVenue, Subject } from '@hyperoru/testkit';
import type { Draw } from '../draw.ts';
import type { Life } from '../life.ts';
import type { CallOff, Scheduler } from '../scheduler.ts';

/** What a caller learns. Only an `answer` says what the venue did. */
export type Reply<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'lost'; readonly cause: string }
  /** The connection was not made: nothing left. */
  | { readonly kind: 'unreachable' };

const TIMEOUT_MS = 4_000;
const TRAVEL_MS = { from: 3, to: 60 } as const;

/** The way between one process and the venue, there and back, with everything that may go wrong on it. */
export class Wire {
  readonly #scheduler: Scheduler;
  readonly #draw: Draw;
  readonly #venue: SimulatedVenue;
  readonly #life: Life;
  readonly #isDown: () => boolean;

  constructor(world: {
    readonly scheduler: Scheduler;
    readonly draw: Draw;
    readonly venue: SimulatedVenue;
    readonly life: Life;
    readonly isDown: () => boolean;
  }) {
    this.#scheduler = world.scheduler;
    this.#draw = world.draw;
    this.#venue = world.venue;
    this.#life = world.life;
    this.#isDown = world.isDown;
  }

  /** `execute` runs at the venue when the request arrives, also when the caller has died meanwhile. */
  call<T>(subject: Subject, execute: () => T): Promise<Reply<T>> {
    return new Promise((resolve) => {
      let isSettled = false;
      let forgetTimeout: CallOff = () => undefined;
      const settle = (reply: Reply<T>): void => {
        if (isSettled) return;
        isSettled = true;
        forgetTimeout();
        if (this.#life.isAwakeAt(this.#scheduler.nowMs)) resolve(reply);
        else this.#scheduler.afterIn(this.#life, 0, () => resolve(reply));
      };
      if (this.#isDown()) return this.#later(() => settle({ kind: 'unreachable' }));
      const fault = this.#venue.faults.takeRequest(subject);
      if (fault?.kind === 'unreachable') return this.#later(() => settle({ kind: 'unreachable' }));
      if (fault?.kind === 'rate_limited' || fault?.kind === 'banned')
        return this.#later(() => settle({ kind: 'refused', code: fault.kind }));
      forgetTimeout = this.#scheduler.after(TIMEOUT_MS, () => settle({ kind: 'lost', cause: 'No answer arrived in time.' }));
      this.#later(
        () => {
          if (fault?.kind.startsWith('refuse_') === true) return this.#answer(fault, null, settle);
          this.#answer(fault, { value: execute() }, settle);
        },
        fault?.kind === 'execute_late' ? fault.ms : 0,
      );
    });
  }

  #answer<T>(fault: RequestFault | null, done: { readonly value: T } | null, settle: (reply: Reply<T>) => void): void {
    if (fault?.kind === 'accept_then_silence' || fault?.kind === 'refuse_then_silence') return;
    const isAnswered = fault === null || fault.kind === 'answer_late' || fault.kind === 'execute_late';
    this.#later(
      () => settle(isAnswered && done !== null ? { kind: 'answer', value: done.value } : { kind: 'lost', cause: fault?.kind ?? 'lost' }),
      fault?.kind === 'answer_late' ? fault.ms : 0,
    );
  }

  #later(happen: () => void, extraMs = 0): void {
    this.#scheduler.after(this.#draw.between(TRAVEL_MS.from, TRAVEL_MS.to) + extraMs, happen);
  }
}
