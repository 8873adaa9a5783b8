import type { Log } from '@hyperoru/engine';
import { reasonOf } from './start-problem.ts';

/** What must be undone, in the order in which it was done; undone in reverse, each step even when another one failed. */
export class ShutdownStack {
  readonly #steps: { readonly name: string; readonly undo: () => Promise<void> | void }[] = [];
  #done: Promise<void> | null = null;

  add(name: string, undo: () => Promise<void> | void): void {
    this.#steps.push({ name, undo });
  }

  /** Idempotent; never rejects. */
  run(log: Log): Promise<void> {
    this.#done ??= this.#undoAll(log);
    return this.#done;
  }

  async #undoAll(log: Log): Promise<void> {
    for (const { name, undo } of this.#steps.toReversed()) {
      try {
        await undo();
      } catch (error) {
        log.error('shutdown.step_failed', { step: name, error: reasonOf(error) });
      }
    }
  }
}
