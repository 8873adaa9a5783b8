import type { Alert, Json } from '@hyperoru/domain';
import { AdvisoryLock } from '../core/advisory-lock.ts';
import { storableJson, withStorableText } from '../core/storable.ts';
import { Table } from '../core/table.ts';
import { JournalData } from '../journal-data.ts';

export interface SettingRow {
  readonly key: string;
  readonly value: Json;
}

/** What was told and what is remembered about it. */
export function journalTables() {
  const alerts = new Table<Alert>({ name: 'alerts', idOf: (row) => row.id, stored: (row) => withStorableText(row, ['message']) });
  return {
    alerts,
    alertsOpen: alerts.index((row) => (row.acknowledgedAt === null && row.traderId !== null ? `${row.traderId} ${row.code}` : null)),
    settings: new Table<SettingRow>({ name: 'settings', idOf: (row) => row.key, stored: storableJson }),
    /** Held by whoever appends to the audit chain, to its commit. */
    auditLock: new AdvisoryLock(),
    journal: new JournalData(),
  };
}
