import type { TraderId } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { LaneLease } from '../ports/jobs.ts';
import type { PublishedEvent } from '../ports/store.ts';
import { executeOrder } from './execute-order.ts';

/**
 * Waits for `waiting`, e.g. the answer of a model, and meanwhile executes the trader's orders by hand under the same lease: a person
 * does not wait for a slow model. An order stored by another process is executed by the lane afterwards.
 */
export async function servingOrders<T>(deps: EngineDeps, lease: LaneLease, waiting: Promise<T>): Promise<T> {
  let served = Promise.resolve();
  const serve = (): void => {
    served = served.then(() => executeQueued(deps, lease));
    // A failure is heard below, when nothing more can come.
    served.catch(() => undefined);
  };
  const unsubscribe = deps.store.onPublished((events) => {
    if (events.some((event) => isOrderOf(lease.traderId, event))) serve();
  });
  serve();
  try {
    return await waiting;
  } finally {
    unsubscribe();
    await served;
  }
}

async function executeQueued(deps: EngineDeps, lease: LaneLease): Promise<void> {
  const open = await deps.store.transaction((tx) => tx.runs.listOpen(lease.traderId));
  for (const run of open) if (run.state === 'queued' && run.trigger.cause === 'order') await executeOrder(deps, lease, run);
}

function isOrderOf(traderId: TraderId, { topic, traderId: of, payload }: PublishedEvent): boolean {
  if (topic !== 'run.created' || of !== traderId || typeof payload !== 'object' || payload === null) return false;
  return 'cause' in payload && payload['cause'] === 'order';
}
