import { type Binding, ok, type Trader, type TraderId } from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import type { UseCaseResult } from '../refusal.ts';
import { finishDeletion, markDeletion } from './finish-deletion.ts';
import { setUpLane } from './set-up-lane.ts';
import { storeTrader } from './store-trader.ts';

/**
 * Soft delete: its strategies stop at once, positions are closed, resting orders canceled, secrets destroyed; every record stays and
 * keeps its name. Doing it twice changes nothing. A crash in between is made up at the next start ({@link resumeDeletions}).
 */
export async function deleteTrader(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId },
): Promise<UseCaseResult<null>> {
  return deps.mutex(setUpLane(input.traderId), async (): Promise<UseCaseResult<null>> => {
    const result = await deps.store.transaction(async (tx): Promise<UseCaseResult<Trader>> => {
      const trader = await tx.traders.lock(input.traderId);
      if (trader === null || trader.ownerId !== scope.userId) return notFound('trader');
      if (trader.deletedAt !== null) return ok(trader);
      return ok(await retire(tx, deps, scope, trader));
    });
    if (!result.ok) return result;
    await finishDeletion(deps, result.value);
    return ok(null);
  });
}

async function retire(tx: StoreTx, deps: EngineDeps, scope: OwnerScope, trader: Trader): Promise<Trader> {
  const now = deps.clock.now();
  const bindings = await tx.bindings.listByTrader(trader.id);
  for (const binding of bindings) {
    const ended: Binding = { ...binding, enabled: false, updatedAt: now, deletedAt: now };
    await tx.bindings.update(ended);
  }
  const next: Trader = {
    ...trader,
    isActive: false,
    generation: trader.generation + 1,
    deletedAt: now,
    llm: trader.llm === null ? null : { ...trader.llm, hasApiKey: false },
  };
  await markDeletion(tx, trader.id);
  await storeTrader(tx, deps, scope, next, {
    action: 'trader.deleted',
    detail: { name: trader.name, bindings: bindings.map((binding) => binding.id) },
  });
  await tx.jobs.wake(trader.id);
  return next;
}
