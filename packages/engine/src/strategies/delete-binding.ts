import { type BindingId, ok } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';
import { announceTrader } from '../traders/store-trader.ts';
import { lockOwnBinding } from './binding-view.ts';

/** Ends a binding: its schedules stop, runs and decisions it made stay. */
export async function deleteBinding(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly bindingId: BindingId },
): Promise<UseCaseResult<null>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<null>> => {
    const own = await lockOwnBinding(tx, scope, input.bindingId);
    if (!own.ok) return own;
    const { binding, trader } = own.value;
    const now = deps.clock.now();
    await tx.bindings.update({ ...binding, enabled: false, updatedAt: now, deletedAt: now });
    await announceTrader(tx, deps, scope, trader, { action: 'binding.deleted', detail: { binding_id: binding.id } });
    return ok(null);
  });
}
