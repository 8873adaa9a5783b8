import { type BindingId, ok } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { type FiredTrigger, fireTrigger } from './fire-trigger.ts';

/** Wakes a binding by hand. `eventId` null = a new event each time. A paused trader takes the trigger and records it as skipped. */
export async function fireManualTrigger(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly bindingId: BindingId; readonly eventId: string | null },
): Promise<UseCaseResult<FiredTrigger>> {
  const binding = await deps.readModel.findBinding(scope, input.bindingId);
  if (binding === null || binding.deletedAt !== null) return refuse('not_found', 'There is no such binding.');
  return deps.store.transaction(async (tx) => {
    const trader = await tx.traders.get(binding.traderId);
    if (trader === null || trader.deletedAt !== null) return refuse('trader_deleted', 'The trader of this binding was deleted.');
    const eventId = input.eventId ?? deps.ids.uuid();
    return ok(await fireTrigger(deps, tx, { trader, binding, cause: 'manual', eventId, at: deps.clock.now() }));
  });
}
