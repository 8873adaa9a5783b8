import { startEmbeddedPostgres, systemClock } from '@hyperoru/adapters';
import { quietLog } from './quiet-log.ts';

/** A process that runs the embedded database in a folder and keeps it: something to kill. Prints `ready`, or `failed` and why. */
try {
  const server = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', clock: systemClock, log: quietLog });
  process.stdout.write(`ready ${JSON.stringify(server)}\n`);
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`failed ${error instanceof Error ? error.message : String(error)}\n`);
}
