import { chainAudit, type JournalStore } from '@hyperoru/engine';
import type { TxContext } from '../context.ts';
import { storableJson } from '../core/storable.ts';
import { partOf } from './calls.ts';

/** As many as one transaction of the real store may publish. */
const EVENTS_PER_TRANSACTION_MAX = 4_096;

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
  const storable = pendingAudit.map((entry) => ({ ...entry, detail: storableJson(entry.detail) }));
  const chained = chainAudit(ids, journal.audit.at(-1) ?? null, storable);
  tx.onApply.push(() => void journal.audit.push(...chained));
}
