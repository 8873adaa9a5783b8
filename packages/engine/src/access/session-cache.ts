import type { Clock } from '../ports/clock.ts';
import type { Session, User } from './user.ts';

/** How long a found session may answer from memory; bounds how late another process learns of a revocation. */
const FRESH_MS = 1_000;
/** Sessions remembered at once; beyond it the oldest is dropped. */
const ENTRIES_MAX = 1_000;

interface Entry {
  readonly session: Session;
  readonly user: User;
  readonly atMs: number;
}

/** Spares a query per request. Whoever revokes a session or changes a user calls {@link clear}, so here it takes effect at once. */
export class SessionCache {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  get(tokenHash: string): { readonly session: Session; readonly user: User } | null {
    const entry = this.#entries.get(tokenHash);
    if (entry === undefined) return null;
    if (this.#clock.monotonicMs() - entry.atMs <= FRESH_MS) return entry;
    this.#entries.delete(tokenHash);
    return null;
  }

  put(tokenHash: string, session: Session, user: User): void {
    this.#entries.delete(tokenHash);
    this.#entries.set(tokenHash, { session, user, atMs: this.#clock.monotonicMs() });
    if (this.#entries.size <= ENTRIES_MAX) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }

  clear(): void {
    this.#entries.clear();
  }
}
