import type { Clock, Log } from '@hyperoru/engine';

/** What a process brings along when it opens the database. */
export interface MemoryProcessOptions {
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Called at every named point: `<part>.<method>` before each statement (`orders.compareAndSet`), the {@link TRANSACTION_POINTS},
   * `read.<method>` before each read of the ReadModel, and the runner's own `jobs.*`. What it returns is waited for; what it throws is
   * thrown by the call, as a broken connection does; a promise that never settles is a process that hangs there.
   */
  readonly onCall?: (point: string) => Promise<void> | void;
  /** Lanes that may work at the same moment; default 200. */
  readonly lanesMax?: number;
}

/**
 * Named points of every transaction, in their order. An error before `sync` leaves nothing of the transaction. While `sync` waits,
 * the commit is written but not on disk: nobody sees it, a crash of the process does not stop it, a power loss undoes it. At
 * `committed` it is durable and visible; an error there is the answer that was lost.
 */
export const TRANSACTION_POINTS = ['transaction.begin', 'transaction.commit', 'transaction.sync', 'transaction.committed'] as const;
