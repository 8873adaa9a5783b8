import type { Ids } from '@hyperoru/engine';
import type { Database } from './host.ts';
import { MemoryProcess } from './process.ts';
import type { MemoryProcessOptions } from './process-options.ts';
import { newTables, type Tables } from './tables.ts';

export interface MemoryDatabaseOptions {
  readonly ids: Pick<Ids, 'hash'>;
}

/** The durable data; outlives the processes that use it. */
export class MemoryDatabase implements Database {
  readonly tables: Tables = newTables();
  readonly ids: Pick<Ids, 'hash'>;
  readonly processes = new Set<MemoryProcess>();
  #lastId = 0;

  constructor(options: MemoryDatabaseOptions) {
    this.ids = options.ids;
  }

  /** A new process with its own handles. */
  open(options: MemoryProcessOptions): MemoryProcess {
    const opened = new MemoryProcess(this, this.nextId(), options);
    this.processes.add(opened);
    return opened;
  }

  /** Every process dies, and every commit that was not on disk yet is gone. */
  powerLoss(): void {
    for (const one of [...this.processes]) one.die('power');
  }

  readonly nextId = (): number => {
    this.#lastId += 1;
    return this.#lastId;
  };

  readonly announceJobs = (): void => {
    for (const one of this.processes) one.jobs.look();
  };
}
