import { addMs, type BindingId, type Timestamp, toIso } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import { fireTrigger } from './fire-trigger.ts';
import { nextSlot } from './next-slot.ts';

export interface ScheduleSlot {
  readonly bindingId: BindingId;
  readonly triggerIndex: number;
  readonly at: Timestamp;
}

/**
 * A schedule's slot has come: fires its trigger and asks for the next slot, in one transaction. The chain ends when the
 * binding or its trader no longer runs; resuming starts it again. Slots missed while the process was down are one, the oldest.
 */
export async function workSlot(deps: EngineDeps, slot: ScheduleSlot): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const binding = await tx.bindings.get(slot.bindingId);
    const trigger = binding?.triggers[slot.triggerIndex];
    if (binding === null || trigger === undefined || !binding.enabled || binding.deletedAt !== null) return;
    // The schedule was changed after this slot was asked for; its own chain goes on.
    if (nextSlot(trigger, addMs(slot.at, -1), binding.id) !== slot.at) return;
    const trader = await tx.traders.get(binding.traderId);
    if (trader === null || !trader.isActive || trader.deletedAt !== null) return;
    await fireTrigger(deps, tx, { trader, binding, cause: 'schedule', eventId: `${slot.triggerIndex}@${toIso(slot.at)}`, at: slot.at });
    const now = deps.clock.now();
    const after = now > slot.at ? now : slot.at;
    await tx.jobs.scheduleSlot({ ...slot, at: nextSlot(trigger, after, binding.id) });
  });
}

/** Asks for the next slot of every enabled binding of every active trader; asking twice is nothing new. */
export async function scheduleAllSlots(deps: EngineDeps): Promise<void> {
  await deps.store.transaction(async (tx) => {
    for (const binding of await tx.bindings.listEnabled()) await scheduleBindingSlots(deps, tx, binding);
  });
}

/** Asks for the next slot of each trigger of one binding. */
export async function scheduleBindingSlots(
  deps: Pick<EngineDeps, 'clock'>,
  tx: StoreTx,
  binding: { readonly id: BindingId; readonly triggers: readonly Parameters<typeof nextSlot>[0][] },
): Promise<void> {
  const now = deps.clock.now();
  for (const [triggerIndex, trigger] of binding.triggers.entries())
    await tx.jobs.scheduleSlot({ bindingId: binding.id, triggerIndex, at: nextSlot(trigger, now, binding.id) });
}
