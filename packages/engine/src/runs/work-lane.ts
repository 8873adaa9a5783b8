import { gt, isOpen, isProtective, type Order, type Run, ZERO } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { LaneLease } from '../ports/jobs.ts';
import type { StoreTx } from '../ports/store.ts';
import { executeOrder } from './execute-order.ts';
import { executeRun } from './execute-run.ts';
import { finishRun } from './finish-run.ts';

/** Runs worked off in one pass; the rest waits for the next wake. */
const RUNS_PER_PASS_MAX = 200;

/** The serial lane of one trader: ends what a dead worker left, works off the queued runs, oldest first, and completes the job. */
export async function workLane(deps: EngineDeps, lease: LaneLease): Promise<void> {
  for (let count = 0; count < RUNS_PER_PASS_MAX; count++) {
    const next = await nextOrComplete(deps, lease);
    if (next === null) return;
    lease.signal.throwIfAborted();
    await (next.trigger.cause === 'order' ? executeOrder : executeRun)(deps, lease, next);
  }
  throw new Error(`Expected at most ${RUNS_PER_PASS_MAX} runs in one pass; the rest follows.`);
}

async function nextOrComplete(deps: EngineDeps, lease: LaneLease): Promise<Run | null> {
  return deps.store.transaction(async (tx) => {
    const open = await tx.runs.listOpen(lease.traderId);
    for (const run of open) if (run.state === 'running') await endInterrupted(deps, tx, run);
    const queued = open.filter((run) => run.state === 'queued');
    // A person's order goes before the strategies.
    const next = queued.find((run) => run.trigger.cause === 'order') ?? queued[0];
    if (next !== undefined) return next;
    await lease.completeIn(tx);
    return null;
  });
}

/** We hold the lane, so a run that still says `running` belongs to a worker that died. It is never repeated into a moved market. */
async function endInterrupted(deps: EngineDeps, tx: StoreTx, run: Run): Promise<void> {
  const trader = await tx.traders.get(run.traderId);
  if (trader === null) throw new Error(`Expected trader ${run.traderId} to be stored.`);
  const legs: Order[] = [];
  for (const record of await tx.runs.listDecisions(run.id)) legs.push(...(await tx.orders.listByDecision(record.id)));
  const reached = legs.some(
    (order) => !isProtective(order.purpose) && order.state !== 'intent' && (isOpen(order.state) || gt(order.filledQuantity, ZERO)),
  );
  const end = reached
    ? ({ outcome: 'traded', code: 'interrupted', reason: 'The process stopped during this run; its order was recovered.' } as const)
    : ({ outcome: 'skipped', code: 'interrupted', reason: 'The process stopped during this run; nothing was traded.' } as const);
  await finishRun(deps, tx, { run, trader, end });
}
