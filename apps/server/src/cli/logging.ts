import { join } from 'node:path';
import { createRedactor, pinoLog, type Redactor } from '@hyperoru/adapters';
import type { Log } from '@hyperoru/engine';
import type { Config } from '../config.ts';
import { LogFile } from '../home/log-file.ts';

export interface Logging {
  readonly log: Log;
  readonly redactor: Redactor;
  /** Path of the log file; null when lines go to stdout. */
  readonly file: string | null;
  close(): void;
}

/** JSON lines into a bounded file under the data folder, or to stdout. Configured secrets are hidden from the first line on. */
export function openLogging(config: Config, options: { readonly jsonLogs: boolean }): Logging {
  const redactor = createRedactor();
  for (const secret of [config.databaseUrl, config.key, config.setupToken]) if (secret !== null) redactor.remember(secret);
  if (options.jsonLogs)
    return { log: pinoLog({ stream: process.stdout, level: config.logLevel, redactor }), redactor, file: null, close: () => undefined };
  const path = join(config.home, 'logs', 'hyperoru.log');
  const file = new LogFile(path);
  return { log: pinoLog({ stream: file, level: config.logLevel, redactor }), redactor, file: path, close: () => file.close() };
}
