import { type OpenedStore, systemIds } from '@hyperoru/adapters';
import type { Ids, Log } from '@hyperoru/engine';
import { type Config, readConfig } from '../config.ts';
import { ShutdownStack } from '../shutdown.ts';
import { openDatabase } from '../wiring.ts';
import { failureMessage } from './failures.ts';
import { openLogging } from './logging.ts';
import { openTerminal, type Terminal } from './terminal.ts';

export interface StoreCommand {
  readonly config: Config;
  readonly opened: OpenedStore;
  readonly ids: Ids;
  readonly log: Log;
  readonly terminal: Terminal;
}

/** Runs a short command on the database; it may run beside the product. Returns the exit code. */
export async function withStore(work: (command: StoreCommand) => Promise<void>): Promise<number> {
  const terminal = openTerminal({ jsonLogs: false });
  const read = readConfig();
  if (!read.ok) {
    terminal.fail(read.problems.join('\n'));
    return 1;
  }
  const shutdown = new ShutdownStack();
  const logging = openLogging(read.config, { jsonLogs: false });
  try {
    const opened = await openDatabase(read.config, logging.log, shutdown);
    await work({ config: read.config, opened, ids: systemIds, log: logging.log, terminal });
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
