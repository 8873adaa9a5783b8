import type { SeededRandom } from '@hyperoru/testkit';
import type { Life } from './life.ts';

interface Happening {
  readonly at: number;
  /** Decides between equal moments, so that a seed chooses every interleaving. */
  readonly tie: number;
  readonly number: number;
  /** null = called off. */
  happen: (() => void) | null;
}

/** Calls a happening off; does nothing once it has happened. */
export type CallOff = () => void;

/** Virtual time. What was asked for happens in the order of its moments; after each happening every promise that is ready goes on. */
export class Scheduler {
  readonly #random: SeededRandom;
  /** A binary heap, the next one first. */
  readonly #heap: Happening[] = [];
  #count = 0;
  /** Milliseconds since the world began. */
  nowMs = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** How many things have been asked for so far. */
  get count(): number {
    return this.#count;
  }

  at(ms: number, happen: () => void): CallOff {
    this.#count += 1;
    const happening: Happening = { at: Math.max(this.nowMs, ms), tie: this.#random.next(), number: this.#count, happen };
    this.#push(happening);
    return () => {
      happening.happen = null;
    };
  }

  after(ms: number, happen: () => void): CallOff {
    return this.at(this.nowMs + ms, happen);
  }

  /** As after, for something in a process: it waits while the process is frozen, and does not happen once it is dead. */
  afterIn(life: Life, ms: number, happen: () => void): CallOff {
    let isOff = false;
    const callOff = this.after(ms, () => {
      if (!life.isAlive || isOff) return;
      if (this.nowMs >= life.frozenUntilMs) happen();
      else this.afterIn(life, life.frozenUntilMs - this.nowMs, () => (isOff ? undefined : happen()));
    });
    return () => {
      isOff = true;
      callOff();
    };
  }

  /** Lets the world go on until `untilMs`, or for ever when something always waits. Throws when it does not come to an end. */
  async run(untilMs: number, happeningsMax: number): Promise<void> {
    await drained();
    for (let happened = 0; ; happened++) {
      const next = this.#heap[0];
      if (next === undefined || next.at > untilMs) break;
      if (happened >= happeningsMax) throw new Error(`Expected at most ${happeningsMax} happenings until ${untilMs} ms.`);
      this.#pop();
      if (next.happen === null) continue;
      this.nowMs = next.at;
      next.happen();
      await drained();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  #push(happening: Happening): void {
    const heap = this.#heap;
    let at = heap.push(happening) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !comesBefore(happening, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = happening;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      let next = heap[left];
      if (next === undefined) break;
      const right = heap[left + 1];
      const isRight = right !== undefined && comesBefore(right, next);
      if (isRight) next = right;
      if (!comesBefore(next, last)) break;
      heap[at] = next;
      at = isRight ? left + 1 : left;
    }
    heap[at] = last;
  }
}

const comesBefore = (a: Happening, b: Happening): boolean =>
  a.at !== b.at ? a.at < b.at : a.tie !== b.tie ? a.tie < b.tie : a.number < b.number;

/** No promise callback that is ready is left: Node runs the tick only once they are through. Cheaper than a turn of the event loop. */
const drained = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
