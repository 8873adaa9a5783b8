import type { Run } from '../runs/run.ts';
import type { Trader } from './trader.ts';

export type TraderStatus = 'active' | 'reduce_only' | 'paused' | 'error' | 'deleted';

/**
 * What the dashboard shows: derived, never stored. `error` = active, and its last executed run failed.
 * `reduce_only` = active without entries, and its last executed run did not fail.
 * A run that ended before the trader was last set active does not count: resuming is a fresh start.
 */
export function traderStatus(
  trader: Pick<Trader, 'isActive' | 'isReduceOnly' | 'activatedAt' | 'deletedAt'>,
  lastExecuted: Pick<Run, 'outcome' | 'finishedAt'> | null,
): TraderStatus {
  if (trader.deletedAt !== null) return 'deleted';
  if (!trader.isActive) return 'paused';
  const running = trader.isReduceOnly ? 'reduce_only' : 'active';
  if (lastExecuted?.outcome !== 'failed') return running;
  const isOfThisActivation =
    trader.activatedAt === null || lastExecuted.finishedAt === null || lastExecuted.finishedAt >= trader.activatedAt;
  return isOfThisActivation ? 'error' : running;
}
