import type { JournalStore } from '@hyperoru/engine';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { jsonValue } from '../schema/columns.ts';
import { alerts, settings } from '../schema/journal.ts';
import { statement } from '../statement.ts';
import type { TxContext } from '../transaction.ts';
import { EVENTS_PER_TRANSACTION_MAX } from './event-order.ts';

const GET_SETTING = statement('settings_get', (db) =>
  db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, sql.placeholder('key'))),
);

export function journalStore(context: TxContext): JournalStore {
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
      await context.db.insert(alerts).values(alert);
    },
    getAlert: async (id) => (await context.db.select().from(alerts).where(eq(alerts.id, id)))[0] ?? null,
    updateAlert: async (alert) => {
      await context.db.update(alerts).set(alert).where(eq(alerts.id, alert.id));
    },
    hasOpenAlert: async (traderId, code) => {
      const open = and(eq(alerts.traderId, traderId), eq(alerts.code, code), isNull(alerts.acknowledgedAt));
      return (await context.db.select({ id: alerts.id }).from(alerts).where(open).limit(1)).length > 0;
    },
    getSetting: async (key) => (await context.run(GET_SETTING, { key }))[0]?.value ?? null,
    putSetting: async (key, value) => {
      const row = { key, value: jsonValue(value) };
      await context.db.insert(settings).values(row).onConflictDoUpdate({ target: settings.key, set: row });
    },
  };
}
