import type { ReadModel } from '@hyperoru/engine';
import type { Host } from '../host.ts';
import { analyticsReads } from './analytics.ts';
import { catalogReads } from './catalog.ts';
import { journalReads } from './journal-reads.ts';
import type { Reader } from './reader.ts';
import { safetyReads } from './safety-records.ts';
import { strategyReads } from './strategy-records.ts';
import { venueReads } from './venue-records.ts';

/** The ReadModel over what is committed. */
export function memoryReadModel(process: Host): ReadModel {
  const reader: Reader = {
    tables: process.database.tables,
    read: async (name, act) => {
      const pause = process.reach(`read.${name}`);
      if (pause !== undefined) await pause;
      return act();
    },
  };
  return {
    ...catalogReads(reader),
    ...strategyReads(reader),
    ...venueReads(reader),
    ...safetyReads(reader),
    ...analyticsReads(reader),
    ...journalReads(reader, process.database.ids),
    onEvents: (listener) =>
      process.database.tables.journal.onEvents(() => {
        if (!process.isDead) listener();
      }),
  };
}
