import type { Run } from '../runs/run.ts';
import type { Trader } from './trader.ts';

export type TraderStatus = 'active' | 'paused' | 'error' | 'deleted';

/**
 * What the dashboard shows: derived, never stored. `error` = active, and its last executed run failed.
 * A run that ended before the trader was last set active does not count: resuming is a fresh start.
 */
export function traderStatus(
  trader: Pick<Trader, 'isActive' | 'activatedAt' | 'deletedAt'>,
  lastExecuted: Pick<Run, 'outcome' | 'finishedAt'> | null,
): TraderStatus {
  if (trader.deletedAt !== null) return 'deleted';
  if (!trader.isActive) return 'paused';
  if (lastExecuted?.outcome !== 'failed') return 'active';
  const isOfThisActivation =
    trader.activatedAt === null || lastExecuted.finishedAt === null || lastExecuted.finishedAt >= trader.activatedAt;
  return isOfThisActivation ? 'error' : 'active';
}
