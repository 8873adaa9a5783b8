import { asId, DEFAULT_RISK_LIMITS, ok, type Trader, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { announceTrader } from './store-trader.ts';
import { type TraderView, viewTrader } from './view-trader.ts';

/** A new trader: paused, without model, exchange and bindings, under cautious limits. Refuses `user_id_mismatch`. */
export async function createTrader(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly name: string; readonly description: string; readonly userId?: string | undefined },
): Promise<UseCaseResult<TraderView>> {
  if (input.userId !== undefined && input.userId !== scope.userId) {
    return refuse('user_id_mismatch', 'A trader belongs to the caller. Leave user_id out, or send your own id.', [
      { field: 'user_id', message: 'Expected your own id.' },
    ]);
  }
  const trader: Trader = {
    id: asId<TraderId>(deps.ids.uuid()),
    ownerId: scope.userId,
    name: input.name,
    description: input.description,
    isActive: false,
    activatedAt: null,
    generation: 0,
    isReduceOnly: false,
    isDemo: false,
    llm: null,
    exchange: null,
    risk: DEFAULT_RISK_LIMITS,
    createdAt: deps.clock.now(),
    deletedAt: null,
  };
  return deps.store.transaction(async (tx) => {
    await tx.traders.insert(trader);
    await announceTrader(tx, deps, scope, trader, { action: 'trader.created', detail: { name: trader.name } });
    return ok(await viewTrader(tx, deps, trader));
  });
}
