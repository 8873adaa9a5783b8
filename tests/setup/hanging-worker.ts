import { type DatabaseConnection, openStore, systemClock, systemIds } from '@hyperoru/adapters';
import { quietLog } from './quiet-log.ts';

/** A worker process that takes a lane and never lets it go: something to kill. Prints `taken` when it has one. */
const connection: DatabaseConnection = JSON.parse(process.argv[2] ?? '{}');
const opened = await openStore({ connection, clock: systemClock, ids: systemIds, log: quietLog });
await opened.jobs.start({
  onLane: () => {
    process.stdout.write('taken\n');
    return new Promise(() => undefined);
  },
  onSlot: async () => undefined,
});
