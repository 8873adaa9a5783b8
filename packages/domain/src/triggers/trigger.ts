import type { Decision } from '../decisions/decision.ts';
import type { BindingId, TraderId, TriggerId } from '../ids/ids.ts';
import type { Timestamp } from '../time/timestamp.ts';

export const TRIGGER_CAUSES = ['schedule', 'manual', 'signal', 'order'] as const;
export type TriggerCause = (typeof TRIGGER_CAUSES)[number];

/**
 * What starts a run: a slot of a schedule, `Run now`, a signal, or an order a person wrote by hand.
 * One occurrence that starts a run. The id is derived (binding, cause, event): the same slot or the same
 * `event_id` arriving twice is the same trigger.
 */
export interface Trigger {
  readonly id: TriggerId;
  readonly traderId: TraderId;
  /** null for a person's own order, which no strategy decides. */
  readonly bindingId: BindingId | null;
  readonly cause: TriggerCause;
  /** The caller's event id, or the slot as ISO time for schedules. */
  readonly eventId: string;
  /** When it was due; age is measured from here. */
  readonly at: Timestamp;
  /** What the person wants; with cause `order` only, where no strategy is asked. */
  readonly decision?: Decision;
  /** The trader's generation when the person ordered, with `decision`: what was stopped since is not sent. */
  readonly generation?: number;
}
