import { type DatabaseConnection, type OpenedStore, systemIds } from '@hyperoru/adapters';
import type { Ids, Log } from '@hyperoru/engine';
import { type Config, readConfig } from '../config.ts';
import { ShutdownStack } from '../shutdown.ts';
import { openDatabase, openServer } from '../wiring.ts';
import { failureMessage } from './failures.ts';
import { openLogging } from './logging.ts';
import { openTerminal, type Terminal } from './terminal.ts';

export interface DatabaseCommand {
  readonly config: Config;
  readonly ids: Ids;
  readonly log: Log;
  readonly terminal: Terminal;
}

/** Runs a short command on the store, beside the product or without it. Returns the exit code. */
export const withStore = (work: (command: DatabaseCommand & { readonly opened: OpenedStore }) => Promise<void>): Promise<number> =>
  runShort(async (command, shutdown) => work({ ...command, opened: await openDatabase(command.config, command.log, shutdown) }));

/** As {@link withStore}, with nothing but the way to the database. */
export const withConnection = (
  work: (command: DatabaseCommand & { readonly connection: DatabaseConnection }) => Promise<void>,
): Promise<number> =>
  runShort(async (command, shutdown) => work({ ...command, connection: await openServer(command.config, command.log, shutdown) }));

async function runShort(work: (command: DatabaseCommand, shutdown: ShutdownStack) => Promise<void>): Promise<number> {
  const terminal = openTerminal({ jsonLogs: false });
  const read = readConfig();
  if (!read.ok) {
    terminal.fail(read.problems.join('\n'));
    return 1;
  }
  const shutdown = new ShutdownStack();
  const logging = openLogging(read.config, { jsonLogs: false });
  try {
    await work({ config: read.config, ids: systemIds, log: logging.log, terminal }, shutdown);
    return 0;
  } catch (error) {
    logging.log.error('command.failed', { error: error instanceof Error ? error.stack : String(error) });
    terminal.fail(failureMessage(error, logging.file));
    return 1;
  } finally {
    await shutdown.run(logging.log);
    logging.close();
  }
}
