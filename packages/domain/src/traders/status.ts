import type { RunOutcome } from '../runs/run.ts';
import type { Trader } from './trader.ts';

export type TraderStatus = 'active' | 'paused' | 'error' | 'deleted';

/** What the dashboard shows: derived, never stored. `error` = active, and its last finished run failed. */
export function traderStatus(trader: Pick<Trader, 'isActive' | 'deletedAt'>, lastOutcome: RunOutcome | null): TraderStatus {
  if (trader.deletedAt !== null) return 'deleted';
  if (!trader.isActive) return 'paused';
  return lastOutcome === 'failed' ? 'error' : 'active';
}
