import { canonicalJson } from '@hyperoru/domain';
import type { AuditEntry, Ids, JournalStore } from '@hyperoru/engine';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { jsonValue, storableJson } from '../schema/columns.ts';
import { alerts, auditEntries, events, settings } from '../schema/journal.ts';
import type { TxContext } from '../transaction.ts';
import { EVENTS_PER_TRANSACTION_MAX, nextSeq } from './event-order.ts';

/** Lock of the audit chain's end; held from the last statement of a transaction to its commit. */
const AUDIT_LOCK = 7_301_002;
/** `previousHash` of the first entry. */
export const AUDIT_GENESIS = '0'.repeat(64);

export function journalStore(context: TxContext): JournalStore {
  const { db } = context;
  return {
    publish: async (event) => {
      if (context.pendingEvents.length >= EVENTS_PER_TRANSACTION_MAX)
        throw new RangeError(`Expected at most ${EVENTS_PER_TRANSACTION_MAX} events in one transaction.`);
      context.pendingEvents.push(event);
    },
    audit: async (entry) => {
      context.pendingAudit.push(entry);
    },
    insertAlert: async (alert) => {
      await db.insert(alerts).values(alert);
    },
    getAlert: async (id) => (await db.select().from(alerts).where(eq(alerts.id, id)))[0] ?? null,
    updateAlert: async (alert) => {
      await db.update(alerts).set(alert).where(eq(alerts.id, alert.id));
    },
    hasOpenAlert: async (traderId, code) => {
      const open = and(eq(alerts.traderId, traderId), eq(alerts.code, code), isNull(alerts.acknowledgedAt));
      return (await db.select({ id: alerts.id }).from(alerts).where(open).limit(1)).length > 0;
    },
    getSetting: async (key) => (await db.select({ value: settings.value }).from(settings).where(eq(settings.key, key)))[0]?.value ?? null,
    putSetting: async (key, value) => {
      const row = { key, value: jsonValue(value) };
      await db.insert(settings).values(row).onConflictDoUpdate({ target: settings.key, set: row });
    },
  };
}

/** Writes what was published and audited, as the last thing before the commit. */
export async function flushJournal(context: TxContext): Promise<void> {
  await flushEvents(context);
  await flushAudit(context);
}

async function flushEvents({ db, pendingEvents }: TxContext): Promise<void> {
  if (pendingEvents.length === 0) return;
  await db
    .insert(events)
    .values(pendingEvents.map((event, place) => ({ ...event, payload: jsonValue(event.payload), seq: nextSeq(place) })));
}

async function flushAudit({ db, ids, pendingAudit }: TxContext): Promise<void> {
  if (pendingAudit.length === 0) return;
  await db.execute(sql`select pg_advisory_xact_lock(${AUDIT_LOCK})`);
  const [last] = await db
    .select({ seq: auditEntries.seq, hash: auditEntries.hash })
    .from(auditEntries)
    .orderBy(desc(auditEntries.seq))
    .limit(1);
  let seq = last?.seq ?? 0;
  let previousHash = last?.hash ?? AUDIT_GENESIS;
  const chained: AuditEntry[] = [];
  for (const entry of pendingAudit) {
    seq += 1;
    const link = { ...entry, detail: storableJson(entry.detail), seq, previousHash };
    const hash = auditHash(ids, link);
    chained.push({ ...link, hash });
    previousHash = hash;
  }
  await db.insert(auditEntries).values(chained.map((link) => ({ ...link, detail: jsonValue(link.detail) })));
}

/** SHA-256 of the previous hash followed by the canonical JSON of the entry without its own hash. */
export function auditHash(
  ids: Pick<Ids, 'hash'>,
  { seq, at, ownerId, actor, action, subject, detail, previousHash }: Omit<AuditEntry, 'hash'>,
): string {
  return ids.hash(previousHash + canonicalJson({ seq, at, ownerId, actor, action, subject, detail, previousHash }));
}
