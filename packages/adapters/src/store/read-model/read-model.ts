import type { Clock, Ids, Log, ReadModel } from '@hyperoru/engine';
import type { Db } from '../database.ts';
import type { SignalHub } from '../signal-hub.ts';
import { analyticsReads } from './analytics.ts';
import { catalogReads } from './catalog.ts';
import { eventWatch } from './event-watch.ts';
import { journalReads } from './journal-reads.ts';
import { safetyReads } from './safety-records.ts';
import { strategyReads } from './strategy-records.ts';
import { venueReads } from './venue-records.ts';

export interface ReadModelDeps {
  readonly db: Db;
  readonly hub: SignalHub;
  readonly ids: Pick<Ids, 'hash'>;
  readonly clock: Pick<Clock, 'sleep' | 'every'>;
  readonly log: Log;
}

/** The ReadModel on PostgreSQL. Every owned record is reached through its owner, here and nowhere else. */
export function postgresReadModel({ db, hub, ids, clock, log }: ReadModelDeps): { readonly reads: ReadModel; close(): void } {
  const watch = eventWatch(db, hub, clock, log);
  return {
    reads: {
      ...catalogReads(db),
      ...strategyReads(db),
      ...venueReads(db),
      ...safetyReads(db),
      ...analyticsReads(db),
      ...journalReads(db, ids),
      onEvents: (listener) => watch.on(listener),
    },
    close: () => watch.close(),
  };
}
