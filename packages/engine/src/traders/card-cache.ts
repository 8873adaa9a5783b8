import type { Binding, DecisionRecord, Run, TraderId } from '@hyperoru/domain';
import type { Clock } from '../ports/clock.ts';
import type { AccountTotals } from '../ports/read-model.ts';
import type { Store } from '../ports/store.ts';

/** How long records may answer from memory; bounds how late changes by another process show. */
const AGE_MS_MAX = 5_000;
/** Traders remembered at once; beyond it the one read longest ago is dropped. */
const TRADERS_MAX = 2_000;

/** What the store knows about a trader beyond its own row, as far as a card needs it. */
export interface CardRecords {
  readonly lastExecuted: Run | null;
  readonly bindings: readonly Binding[];
  readonly openPositions: number;
  readonly lastRun: Run | null;
  readonly lastDecision: DecisionRecord | null;
  /** Up to 60 equity values, oldest first. */
  readonly sparkline: readonly number[];
  readonly totals: AccountTotals;
}

interface Entry {
  readonly records: Promise<CardRecords>;
  readonly atMs: number;
}

/**
 * The stored part of traders' cards in memory, until an event of the trader is published: every change of it publishes one.
 * Readers that come while records are being read share that reading; those that come after a change never do.
 */
export class CardCache {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #entries = new Map<TraderId, Entry>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  read(traderId: TraderId, load: () => Promise<CardRecords>): Promise<CardRecords> {
    const now = this.#clock.monotonicMs();
    const known = this.#entries.get(traderId);
    if (known !== undefined && now - known.atMs <= AGE_MS_MAX) return known.records;
    const entry: Entry = { records: load(), atMs: now };
    this.#entries.delete(traderId);
    this.#entries.set(traderId, entry);
    this.#dropOldest();
    // A failed reading is told to those who share it and to nobody after them.
    entry.records.catch(() => {
      if (this.#entries.get(traderId) === entry) this.#entries.delete(traderId);
    });
    return entry.records;
  }

  /** Forgets a trader with every event that a transaction of this process published about it; returns the unsubscriber. */
  follow(store: Pick<Store, 'onPublished'>): () => void {
    return store.onPublished((events) => {
      for (const { traderId } of events) if (traderId !== null) this.forget(traderId);
    });
  }

  forget(traderId: TraderId): void {
    this.#entries.delete(traderId);
  }

  #dropOldest(): void {
    if (this.#entries.size <= TRADERS_MAX) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }
}
