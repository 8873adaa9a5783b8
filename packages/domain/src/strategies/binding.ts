import type { BindingId, PromptId, TraderId } from '../ids/ids.ts';
import type { Symbol } from '../market/instrument.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** What wakes a binding. Interval slots have a phase of the binding's own, see slotPhaseMs; cron has five fields in its time zone. */
export type BindingTrigger =
  | { readonly type: 'schedule'; readonly intervalSeconds: number }
  | { readonly type: 'schedule'; readonly cron: string; readonly timezone: string };

/** Strategy + trader + triggers. */
export interface Binding {
  readonly id: BindingId;
  readonly traderId: TraderId;
  readonly promptId: PromptId;
  readonly symbols: readonly Symbol[];
  readonly triggers: readonly BindingTrigger[];
  readonly params: { readonly [name: string]: string | number | boolean };
  readonly enabled: boolean;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly deletedAt: Timestamp | null;
}
