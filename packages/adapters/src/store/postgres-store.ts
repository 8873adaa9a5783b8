import type { Ids, PublishedEvent, Store, StoreTx } from '@hyperoru/engine';
import type pg from 'pg';
import type { JobQueues } from './jobs/queues.ts';
import type { SignalHub } from './signal-hub.ts';
import { inTransaction, type TxContext } from './transaction.ts';
import { flushJournal } from './tx/flush-journal.ts';
import { jobStore } from './tx/jobs.ts';
import { journalStore } from './tx/journal.ts';
import { orderStore } from './tx/orders.ts';
import { portfolioStore } from './tx/portfolio.ts';
import { runStore } from './tx/runs.ts';
import { safetyStore } from './tx/safety.ts';
import { bindingStore, promptStore, traderStore } from './tx/traders.ts';
import { userStore } from './tx/users.ts';

/** The transaction behind a StoreTx, for the parts of the store that must act inside it. */
export interface TxRegistry {
  contextOf(tx: StoreTx): TxContext;
}

/** The Store on PostgreSQL: READ COMMITTED, explicit row locks, events announced after the commit. */
export function postgresStore(
  pool: pg.Pool,
  ids: Ids,
  queues: JobQueues,
  hub: SignalHub,
): { readonly store: Store; readonly registry: TxRegistry } {
  const contexts = new WeakMap<StoreTx, TxContext>();
  const begin = (context: TxContext): StoreTx => {
    const tx = storeTx(context, queues);
    contexts.set(tx, context);
    return tx;
  };
  const listeners = new Set<(events: readonly PublishedEvent[]) => void>();
  const beforeCommit = async (context: TxContext) => {
    const underway = await flushJournal(context);
    if (context.pendingEvents.length > 0) {
      context.afterCommit.push(() => {
        for (const listener of listeners) listener(context.pendingEvents);
      });
      context.afterCommit.push(() => hub.announce('hyperoru_events'));
    }
    return underway;
  };
  return {
    store: {
      transaction: (work) => inTransaction(pool, ids, (context) => work(begin(context)), beforeCommit),
      onPublished: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    registry: {
      contextOf: (tx) => {
        const context = contexts.get(tx);
        if (context === undefined) throw new Error('Expected a transaction of this store, was one of another.');
        return context;
      },
    },
  };
}

/** Every part is made when it is first asked for: most transactions need two or three. */
function storeTx(context: TxContext, queues: JobQueues): StoreTx {
  const users = once(() => userStore(context));
  const traders = once(() => traderStore(context));
  const prompts = once(() => promptStore(context));
  const bindings = once(() => bindingStore(context));
  const runs = once(() => runStore(context));
  const orders = once(() => orderStore(context));
  const portfolio = once(() => portfolioStore(context));
  const safety = once(() => safetyStore(context));
  const journal = once(() => journalStore(context));
  const jobs = once(() => jobStore(context, queues));
  return {
    get users() {
      return users();
    },
    get traders() {
      return traders();
    },
    get prompts() {
      return prompts();
    },
    get bindings() {
      return bindings();
    },
    get runs() {
      return runs();
    },
    get orders() {
      return orders();
    },
    get portfolio() {
      return portfolio();
    },
    get safety() {
      return safety();
    },
    get journal() {
      return journal();
    },
    get jobs() {
      return jobs();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
