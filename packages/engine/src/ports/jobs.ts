import type { BindingId, Timestamp, TraderId } from '@hyperoru/domain';
import type { StoreTx } from './store.ts';

/** The exclusive right to work for one trader, until completed, failed or lost. */
export interface LaneLease {
  readonly traderId: TraderId;
  /** Aborted when the right is lost (another worker took over) or the process stops. */
  readonly signal: AbortSignal;
  /** 0 on the first delivery; more when an earlier worker died or failed. */
  readonly retryCount: number;
  /** Rises with every take-over of the trader's lane; whoever sends compares it with the stored one (I14). */
  readonly epoch: number;
  /** Fences: completes the job inside `tx`; throws LeaseLost when another worker holds the lane, so that nothing of `tx` stays. */
  completeIn(tx: StoreTx): Promise<void>;
  /** Throws LeaseLost unless the lane is still ours for at least `ms` more; call before anything leaves for a venue. */
  assertHeldFor(ms: number): Promise<void>;
}

export class LeaseLost extends Error {
  readonly traderId: TraderId;

  constructor(traderId: TraderId) {
    super(`Expected to hold the lane of trader ${traderId}, but it was taken over.`);
    this.name = 'LeaseLost';
    this.traderId = traderId;
  }
}

export interface JobHandlers {
  /** Works off everything open for the trader; a throw makes the job fail and be retried. */
  onLane(lease: LaneLease): Promise<void>;
  /** A schedule's slot has come; at-least-once. */
  onSlot(slot: { readonly bindingId: BindingId; readonly triggerIndex: number; readonly at: Timestamp }): Promise<void>;
}

/** Durable jobs: one lane per trader over all workers, and deferred schedule slots. */
export interface JobRunner {
  start(handlers: JobHandlers): Promise<void>;
  /** Stops fetching, lets running work end for at most `graceMs`, then aborts it. */
  stop(graceMs: number): Promise<void>;
}
