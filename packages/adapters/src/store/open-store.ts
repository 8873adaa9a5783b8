import type { Clock, Ids, JobRunner, Log, PaperRows, ReadModel, SecretRows, Store } from '@hyperoru/engine';
import type { DatabaseConnection } from './connection.ts';
import { openDb, openPool } from './database.ts';
import { openQueues } from './jobs/queues.ts';
import { jobRunner, LANE_SLOTS } from './jobs/runner.ts';
import { defaultMigrationsFolder, installAlone, migrateSchema } from './migrate.ts';
import { paperRows } from './paper-rows.ts';
import { postgresStore } from './postgres-store.ts';
import { postgresReadModel } from './read-model/read-model.ts';
import { secretRows } from './secret-rows.ts';
import { openSignalHub, type SignalHub } from './signal-hub.ts';

export interface OpenStoreOptions {
  readonly connection: DatabaseConnection;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Folder of the SQL migrations; by default the one beside the code. */
  readonly migrationsFolder?: string;
  /** Connections of the pool at most; default 10. */
  readonly poolMax?: number;
  /** Lanes that may work at the same moment; default 200. */
  readonly lanesMax?: number;
}

/** Everything the database does for the product. */
export interface OpenedStore {
  readonly store: Store;
  readonly readModel: ReadModel;
  readonly jobs: JobRunner;
  readonly secretRows: SecretRows;
  readonly paperRows: PaperRows;
  /** Ends listening and all connections; stop the job runner first. */
  close(): Promise<void>;
}

/** Connects, brings the schema up to date and installs the job queues. Throws SchemaProblem, or the driver's error when nothing answers. */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { connection, clock, ids, log } = options;
  const pool = openPool(connection, log, options.poolMax);
  let hub: SignalHub | null = null;
  try {
    const queues = await installAlone(pool, async () => {
      await migrateSchema(pool, options.migrationsFolder ?? defaultMigrationsFolder());
      return openQueues(pool, ids, log);
    });
    const signals = await openSignalHub({ connection, pool, clock, ids, log });
    hub = signals;
    queues.onWakeCommitted = () => signals.announce('hyperoru_lanes');
    const { store, registry } = postgresStore(pool, ids, queues, signals);
    const db = openDb(pool);
    const readModel = postgresReadModel({ db, hub: signals, ids, clock, log });
    return {
      store,
      readModel: readModel.reads,
      jobs: jobRunner({ connection, pool, queues, registry, hub: signals, clock, log, lanesMax: options.lanesMax ?? LANE_SLOTS }),
      secretRows: secretRows(db),
      paperRows: paperRows(pool, clock),
      close: async () => {
        readModel.close();
        await queues.boss.stop({ graceful: false });
        await signals.close();
        await pool.end();
      },
    };
  } catch (error) {
    await hub?.close();
    await pool.end();
    throw error;
  }
}
