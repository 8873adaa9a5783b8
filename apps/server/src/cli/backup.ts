import { resolve } from 'node:path';
import { backupDatabase, restoreDatabase, systemClock } from '@hyperoru/adapters';
import { withConnection } from './with-store.ts';

const total = (rows: Readonly<Record<string, number>>): number => Object.values(rows).reduce((sum, count) => sum + count, 0);

/** Writes everything but the key into one new file; the product may go on running. */
export function backup(file: string): Promise<number> {
  return withConnection(async ({ connection, log, terminal, config }) => {
    const summary = await backupDatabase({ connection, file: resolve(file), clock: systemClock, log });
    terminal.say(`Wrote ${total(summary.rows)} records into ${summary.file} (${summary.bytes} bytes).`);
    if (config.key === null) terminal.say(`Stored secrets stay encrypted: keep a copy of ${config.keyFile} elsewhere.`);
  });
}

/** Reads a backup into an empty database, or over an existing one when forced. */
export function restore(file: string, options: { readonly force: boolean }): Promise<number> {
  return withConnection(async ({ connection, log, terminal }) => {
    const summary = await restoreDatabase({ connection, file: resolve(file), force: options.force, log });
    terminal.say(`Restored ${total(summary.rows)} records of ${summary.createdAt}.`);
    terminal.say(`All traders are paused (${summary.pausedTraders} were active): resume them one by one after a look at their positions.`);
  });
}
