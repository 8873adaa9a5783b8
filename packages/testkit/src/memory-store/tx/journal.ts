import { canonicalJson } from '@hyperoru/domain';
import type { AuditEntry, Ids, JournalStore } from '@hyperoru/engine';
import type { TxContext } from '../context.ts';
import { storableJson } from '../core/storable.ts';
import { partOf } from './calls.ts';

/** As many as one transaction of the real store may publish. */
const EVENTS_PER_TRANSACTION_MAX = 4_096;
/** `previousHash` of the first entry. */
export const AUDIT_GENESIS = '0'.repeat(64);

export const journalStore = partOf<JournalStore>({
  publish: ({ tx, pendingEvents }, event) =>
    tx.call(
      'journal.publish',
      () => {
        if (pendingEvents.length >= EVENTS_PER_TRANSACTION_MAX)
          throw new RangeError(`Expected at most ${EVENTS_PER_TRANSACTION_MAX} events in one transaction.`);
        pendingEvents.push(event);
      },
      'local',
    ),
  audit: ({ tx, pendingAudit }, entry) => tx.call('journal.audit', () => void pendingAudit.push(entry), 'local'),
  insertAlert: ({ tx, tables }, alert) => tx.call('journal.insertAlert', () => tables.alerts.insertNew(tx, alert)),
  getAlert: ({ tx, tables }, id) => tx.call('journal.getAlert', () => tables.alerts.get(tx, id)),
  updateAlert: ({ tx, tables }, alert) =>
    tx.call('journal.updateAlert', async () => {
      await tables.alerts.update(tx, alert.id, () => alert);
    }),
  hasOpenAlert: ({ tx, tables }, traderId, code) =>
    tx.call('journal.hasOpenAlert', () => tables.alerts.find(tx, tables.alertsOpen, `${traderId} ${code}`) !== null),
  getSetting: ({ tx, tables }, key) => tx.call('journal.getSetting', () => tables.settings.get(tx, key)?.value ?? null),
  putSetting: ({ tx, tables }, key, value) => tx.call('journal.putSetting', () => tables.settings.put(tx, { key, value })),
});

/** Prepares what was published and audited, as the last thing before the commit. */
export async function flushJournal({ tx, tables, ids, pendingEvents, pendingAudit }: TxContext): Promise<void> {
  const { journal, auditLock } = tables;
  if (pendingEvents.length > 0)
    tx.onApply.push(() => journal.appendEvents(pendingEvents.map((event) => ({ ...event, payload: storableJson(event.payload) }))));
  if (pendingAudit.length === 0) return;
  await auditLock.take(tx);
  const last = journal.audit.at(-1);
  let [seq, previousHash] = [last?.seq ?? 0, last?.hash ?? AUDIT_GENESIS];
  const chained: AuditEntry[] = [];
  for (const entry of pendingAudit) {
    seq += 1;
    const link = { ...entry, detail: storableJson(entry.detail), seq, previousHash };
    const hash = auditHash(ids, link);
    chained.push({ ...link, hash });
    previousHash = hash;
  }
  tx.onApply.push(() => void journal.audit.push(...chained));
}

/** SHA-256 of the previous hash followed by the canonical JSON of the entry without its own hash. */
export function auditHash(
  ids: Pick<Ids, 'hash'>,
  { seq, at, ownerId, actor, action, subject, detail, previousHash }: Omit<AuditEntry, 'hash'>,
): string {
  return ids.hash(previousHash + canonicalJson({ seq, at, ownerId, actor, action, subject, detail, previousHash }));
}
