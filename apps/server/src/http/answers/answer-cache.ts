import type { UserId } from '@hyperoru/domain';
import type { Clock } from '@hyperoru/engine';

/** Age up to which an answer is given again, ms, counted from before its records were read; bounds how late a moved price shows. */
export const ANSWER_AGE_MS_MAX = 1_000;
/** Answers remembered at once, all users together; beyond it the oldest is dropped. */
export const ANSWERS_MAX = 1_000;
/** Bytes of all remembered answers with their addresses. */
export const ANSWERS_BYTES_MAX = 16 * 1024 * 1024;
/** A longer answer is shared by those who wait for it, but not remembered. */
export const ANSWER_BYTES_MAX = 1024 * 1024;

/** A successful answer as it goes over the wire. */
export interface Answer {
  readonly body: string;
  /** Weak: the same records, however they are encoded on the way. */
  readonly etag: string;
}

interface Entry {
  readonly ownerId: UserId;
  readonly computed: Promise<Answer>;
  readonly atMs: number;
  /** null while it is being computed. */
  answer: Answer | null;
  bytes: number;
}

/**
 * Answers to one user's questions, word for word, until something of that user changes, and for a moment at most.
 * Who asks while an answer is being computed shares it; who asks after a change never gets what was read before it.
 */
export class AnswerCache {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>();
  readonly #keysOf = new Map<UserId, Set<string>>();
  #bytes = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Bytes that are remembered now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A remembered answer that is still fresh; null when there is none, or none yet. */
  get(ownerId: UserId, url: string): Answer | null {
    return this.#fresh(keyOf(ownerId, url))?.answer ?? null;
  }

  /** The remembered answer, the one that is being computed, or that of `compute`. A failure is told to those who share it and to nobody after them. */
  read(ownerId: UserId, url: string, compute: () => Promise<Answer>): Promise<Answer> {
    const key = keyOf(ownerId, url);
    const known = this.#fresh(key);
    if (known !== null) return known.computed;
    this.#remove(key);
    const atMs = this.#clock.monotonicMs();
    const entry: Entry = { ownerId, computed: compute(), atMs, answer: null, bytes: key.length };
    this.#add(key, entry);
    entry.computed.then(
      (answer) => this.#keep(key, entry, answer),
      () => this.#removeIfSame(key, entry),
    );
    return entry.computed;
  }

  /** Forgets everything of this user, also what is being computed. */
  drop(ownerId: UserId): void {
    for (const key of this.#keysOf.get(ownerId) ?? []) this.#remove(key);
  }

  #fresh(key: string): Entry | null {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.#clock.monotonicMs() - entry.atMs <= ANSWER_AGE_MS_MAX ? entry : null;
  }

  #keep(key: string, entry: Entry, answer: Answer): void {
    if (this.#entries.get(key) !== entry) return;
    const bytes = Buffer.byteLength(answer.body);
    if (bytes > ANSWER_BYTES_MAX) {
      this.#remove(key);
      return;
    }
    entry.answer = answer;
    entry.bytes += bytes;
    this.#bytes += bytes;
    this.#dropOldest();
  }

  #add(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    const keys = this.#keysOf.get(entry.ownerId);
    if (keys === undefined) this.#keysOf.set(entry.ownerId, new Set([key]));
    else keys.add(key);
    this.#dropOldest();
  }

  #removeIfSame(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#remove(key);
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    const keys = this.#keysOf.get(entry.ownerId);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysOf.delete(entry.ownerId);
  }

  #dropOldest(): void {
    while (this.#entries.size > ANSWERS_MAX || this.#bytes > ANSWERS_BYTES_MAX) {
      const oldest = this.#entries.keys().next();
      if (oldest.done) return;
      this.#remove(oldest.value);
    }
  }
}

/** Ids have no space, so no user can name another's entry. */
const keyOf = (ownerId: UserId, url: string): string => `${ownerId} ${url}`;
