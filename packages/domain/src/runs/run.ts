import type { RunId, TraderId } from '../ids/ids.ts';
import type { Timestamp } from '../time/timestamp.ts';
import type { Trigger } from '../triggers/trigger.ts';

export const RUN_OUTCOMES = ['traded', 'held', 'denied', 'duplicate', 'skipped', 'late', 'failed'] as const;
/** How a trigger ended; each has exactly one. */
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** Outcomes of runs in which the strategy was executed; the others ended before it was asked. */
export const EXECUTED_OUTCOMES = ['traded', 'held', 'denied', 'failed'] as const satisfies readonly RunOutcome[];

/** One execution of a strategy for a trigger. */
export interface Run {
  readonly id: RunId;
  readonly traderId: TraderId;
  readonly trigger: Trigger;
  readonly state: 'queued' | 'running' | 'finished';
  readonly outcome: RunOutcome | null;
  /** Stable code of the reason, e.g. `trader_paused`, `model_upstream_error`; null for `traded`. */
  readonly code: string | null;
  /** One plain sentence. */
  readonly reason: string | null;
  readonly createdAt: Timestamp;
  readonly startedAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
}
