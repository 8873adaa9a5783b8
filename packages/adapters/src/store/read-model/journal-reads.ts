import { AUDIT_GENESIS, type AuditEntry, auditHash, type Ids, type ReadModel } from '@hyperoru/engine';
import { and, asc, eq, gt, inArray, or, sql } from 'drizzle-orm';
import type { Db } from '../database.ts';
import { auditEntries, events, ownerAliases } from '../schema/journal.ts';
import { SETTLED_BELOW } from '../tx/event-order.ts';

type JournalReads = Pick<ReadModel, 'auditEntries' | 'verifyAudit' | 'eventsAfter' | 'lastEventSeq'>;

const SLICE_MAX = 10_000;
const VERIFY_SLICE = 1_000;

/** The audit log and the live stream. */
export function journalReads(db: Db, ids: Pick<Ids, 'hash'>): JournalReads {
  return {
    auditEntries: (scope, afterSeq, limit) => {
      const given = db.select({ id: ownerAliases.aliasId }).from(ownerAliases).where(eq(ownerAliases.ownerId, scope.userId));
      const mine = or(eq(auditEntries.ownerId, scope.userId), inArray(auditEntries.ownerId, given));
      return db
        .select()
        .from(auditEntries)
        .where(and(mine, gt(auditEntries.seq, afterSeq)))
        .orderBy(asc(auditEntries.seq))
        .limit(Math.min(limit, SLICE_MAX));
    },
    verifyAudit: () => verify(db, ids),
    eventsAfter: (seq, limit) => {
      const settled = and(gt(events.seq, seq), sql`${events.seq} < ${SETTLED_BELOW}`);
      return db.select().from(events).where(settled).orderBy(asc(events.seq)).limit(Math.min(limit, SLICE_MAX));
    },
    // Just below the first number that may still be written; whoever reads on from here misses nothing.
    lastEventSeq: async () => {
      const { rows } = await db.execute<{ last: string }>(sql`select (${SETTLED_BELOW} - 1)::text as last`);
      return Number(rows[0]?.last ?? 0);
    },
  };
}

/** Walks the chain from its beginning: numbers without a gap, each hash over its entry and the hash before. */
async function verify(db: Db, ids: Pick<Ids, 'hash'>): Promise<{ readonly entries: number; readonly firstBrokenSeq: number | null }> {
  let previous: Pick<AuditEntry, 'seq' | 'hash'> = { seq: 0, hash: AUDIT_GENESIS };
  for (;;) {
    const slice: readonly AuditEntry[] = await db
      .select()
      .from(auditEntries)
      .where(gt(auditEntries.seq, previous.seq))
      .orderBy(asc(auditEntries.seq))
      .limit(VERIFY_SLICE);
    for (const entry of slice) {
      const isLinked = entry.seq === previous.seq + 1 && entry.previousHash === previous.hash && entry.hash === auditHash(ids, entry);
      if (!isLinked) return { entries: previous.seq, firstBrokenSeq: entry.seq };
      previous = entry;
    }
    if (slice.length < VERIFY_SLICE) return { entries: previous.seq, firstBrokenSeq: null };
  }
}
