import { AUDIT_GENESIS, auditHash, type Ids, type ReadModel } from '@hyperoru/engine';
import type { Reader } from './reader.ts';

type JournalReads = Pick<ReadModel, 'auditEntries' | 'verifyAudit' | 'eventsAfter' | 'lastEventSeq'>;

const SLICE_MAX = 10_000;

/** The audit log and the live stream. */
export function journalReads({ tables: { journal }, read }: Reader, ids: Pick<Ids, 'hash'>): JournalReads {
  return {
    auditEntries: (scope, afterSeq, limit) =>
      read('auditEntries', () => {
        const writers = journal.writersOf(scope.userId);
        const mine = journal.audit.filter((entry) => entry.seq > afterSeq && writers.has(entry.ownerId));
        return mine.slice(0, Math.min(limit, SLICE_MAX));
      }),
    verifyAudit: () =>
      read('verifyAudit', () => {
        let [seq, hash] = [0, AUDIT_GENESIS];
        for (const entry of journal.audit) {
          const isLinked = entry.seq === seq + 1 && entry.previousHash === hash && entry.hash === auditHash(ids, entry);
          if (!isLinked) return { entries: seq, firstBrokenSeq: entry.seq };
          [seq, hash] = [entry.seq, entry.hash];
        }
        return { entries: seq, firstBrokenSeq: null };
      }),
    // Numbered from 1 without a gap, in the order of the commits.
    eventsAfter: (seq, limit) => read('eventsAfter', () => journal.events.slice(seq, seq + Math.min(limit, SLICE_MAX))),
    lastEventSeq: () => read('lastEventSeq', () => journal.events.length),
  };
}
