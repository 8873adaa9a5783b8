import type { SeededRandom } from '@hyperoru/testkit';
import type { Life } from './life.ts';

interface Happening {
  readonly at: number;
  /** Decides between equal moments, so that a seed chooses every interleaving. */
  readonly tie: number;
  readonly number: number;
  readonly happen: () => void;
}

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

  at(ms: number, happen: () => void): void {
    this.#count += 1;
    this.#push({ at: Math.max(this.nowMs, ms), tie: this.#random.next(), number: this.#count, happen });
  }

  after(ms: number, happen: () => void): void {
    this.at(this.nowMs + ms, happen);
  }

  /** As after, for something in a process: it waits while the process is frozen, and does not happen once it is dead. */
  afterIn(life: Life, ms: number, happen: () => void): void {
    this.after(ms, () => {
      if (!life.isAlive) return;
      if (this.nowMs >= life.frozenUntilMs) happen();
      else this.afterIn(life, life.frozenUntilMs - this.nowMs, happen);
    });
  }

  /** Lets the world go on until `untilMs`, or for ever when something always waits. Throws when it does not come to an end. */
  async run(untilMs: number, happeningsMax: number): Promise<void> {
    await drained();
    for (let happened = 0; ; happened++) {
      const next = this.#heap[0];
      if (next === undefined || next.at > untilMs) break;
      if (happened >= happeningsMax) throw new Error(`Expected at most ${happeningsMax} happenings until ${untilMs} ms.`);
      this.#pop();
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

/** One turn of the event loop: no promise callback that is ready is left. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
