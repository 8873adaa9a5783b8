import type { BindingId, TraderId, TriggerId } from '../ids/ids.ts';
import type { Timestamp } from '../time/timestamp.ts';

export const TRIGGER_CAUSES = ['schedule', 'manual', 'signal'] as const;
export type TriggerCause = (typeof TRIGGER_CAUSES)[number];

/**
 * One occurrence that starts a run. The id is derived (binding, cause, event): the same slot or the same
 * `event_id` arriving twice is the same trigger.
 */
export interface Trigger {
  readonly id: TriggerId;
  readonly traderId: TraderId;
  readonly bindingId: BindingId;
  readonly cause: TriggerCause;
  /** The caller's event id, or the slot as ISO time for schedules. */
  readonly eventId: string;
  /** When it was due; age is measured from here. */
  readonly at: Timestamp;
}
