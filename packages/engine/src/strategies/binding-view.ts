import { type Binding, type BindingId, ok, type Timestamp, type Trader, type TraderId } from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import type { UseCaseResult } from '../refusal.ts';
import { lockOwnTrader } from '../traders/own-trader.ts';
import { nextRunAt } from '../traders/trader-card.ts';

/** A binding with what a page shows beside it. */
export interface BindingView {
  readonly binding: Binding;
  readonly promptName: string;
  /** null when it has no schedule, or it or its trader does not run. */
  readonly nextRunAt: Timestamp | null;
}

export const bindingView = (binding: Binding, trader: Trader, promptName: string, now: Timestamp): BindingView => ({
  binding,
  promptName,
  nextRunAt: trader.isActive ? nextRunAt([binding], now) : null,
});

/** The caller's binding with its trader, which is held until the transaction ends. A deleted binding is not found. */
export async function lockOwnBinding(
  tx: StoreTx,
  scope: OwnerScope,
  id: BindingId,
): Promise<UseCaseResult<{ readonly binding: Binding; readonly trader: Trader }>> {
  const found = await tx.bindings.get(id);
  if (found === null) return notFound('binding');
  const own = await lockOwnTrader(tx, scope, found.traderId);
  // Read again under the lock: what was found before may have changed meanwhile.
  const binding = await tx.bindings.get(id);
  if (!own.ok || binding === null || binding.deletedAt !== null) return notFound('binding');
  return ok({ binding, trader: own.value });
}

/** The bindings of one of the caller's traders, oldest first; none once it was deleted. */
export async function listBindings(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId },
): Promise<UseCaseResult<readonly BindingView[]>> {
  const trader = await deps.readModel.findTrader(scope, input.traderId);
  if (trader === null) return notFound('trader');
  const now = deps.clock.now();
  const bindings = await deps.readModel.listBindings(scope, { traderId: trader.id });
  const live = bindings.filter((binding) => binding.deletedAt === null).toSorted((a, b) => a.createdAt - b.createdAt);
  return ok(live.map(({ promptName, ...binding }) => bindingView(binding, trader, promptName, now)));
}
