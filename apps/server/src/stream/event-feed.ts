import type { EngineDeps, StreamEvent } from '@hyperoru/engine';

/** Events kept in memory for clients that reconnect. */
export const RESUME_EVENTS_MAX = 5_000;
const SLICE = 500;

export type EventListener = (event: StreamEvent) => void;

/** Reads the live stream of the store once for all sockets, in order, and keeps the newest part for resuming. */
export class EventFeed {
  readonly #deps: Pick<EngineDeps, 'readModel' | 'log'>;
  readonly #listeners = new Set<EventListener>();
  #recent: StreamEvent[] = [];
  /** Everything up to here was delivered; the seq before the oldest event in memory is `#forgottenSeq`. */
  #lastSeq = 0;
  #forgottenSeq = 0;
  #stop: (() => void) | null = null;
  #pump: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(deps: Pick<EngineDeps, 'readModel' | 'log'>) {
    this.#deps = deps;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  async start(): Promise<void> {
    const last = await this.#deps.readModel.lastEventSeq();
    this.#lastSeq = Math.max(0, last - RESUME_EVENTS_MAX);
    this.#forgottenSeq = this.#lastSeq;
    this.#stop = this.#deps.readModel.onEvents(() => this.wake());
    this.wake();
    await this.#pump;
  }

  async stop(): Promise<void> {
    this.#stop?.();
    this.#stop = null;
    await this.#pump;
  }

  onEvent(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events after `seq`, or null when some of them are no longer in memory. */
  since(seq: number): readonly StreamEvent[] | null {
    if (seq < this.#forgottenSeq) return null;
    return this.#recent.filter((event) => event.seq > seq);
  }

  /** Fetches what is new; calls during a fetch are one more fetch after it. */
  wake(): void {
    if (this.#pump !== null) {
      this.#isAskedAgain = true;
      return;
    }
    this.#pump = this.#fetch()
      // The next wake tries again from the same place, so a failed read loses nothing.
      .catch((error: unknown) =>
        this.#deps.log.warn('stream.read_failed', { error: error instanceof Error ? error.message : String(error) }),
      )
      .finally(() => {
        this.#pump = null;
        if (this.#isAskedAgain && this.#stop !== null) {
          this.#isAskedAgain = false;
          this.wake();
        }
      });
  }

  async #fetch(): Promise<void> {
    for (;;) {
      const events = await this.#deps.readModel.eventsAfter(this.#lastSeq, SLICE);
      for (const event of events) this.#deliver(event);
      if (events.length < SLICE) return;
    }
  }

  #deliver(event: StreamEvent): void {
    this.#lastSeq = event.seq;
    this.#recent.push(event);
    if (this.#recent.length > 2 * RESUME_EVENTS_MAX) {
      const kept = this.#recent.slice(-RESUME_EVENTS_MAX);
      this.#forgottenSeq = (kept[0]?.seq ?? event.seq) - 1;
      this.#recent = kept;
    }
    for (const listener of this.#listeners) listener(event);
  }
}
