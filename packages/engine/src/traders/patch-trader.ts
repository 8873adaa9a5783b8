import { ok, type Trader, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';
import { lockOwnTrader } from './own-trader.ts';
import { storeTrader } from './store-trader.ts';
import { type TraderView, viewTrader } from './view-trader.ts';

/** Renames or redescribes. Records show the new name from now on, the audit log keeps both. */
export async function patchTrader(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId; readonly name?: string | undefined; readonly description?: string | undefined },
): Promise<UseCaseResult<TraderView>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<TraderView>> => {
    const own = await lockOwnTrader(tx, scope, input.traderId);
    if (!own.ok) return own;
    const trader = own.value;
    const next: Trader = { ...trader, name: input.name ?? trader.name, description: input.description ?? trader.description };
    const detail = { name_before: trader.name, name: next.name, description_changed: next.description !== trader.description };
    await storeTrader(tx, deps, scope, next, { action: 'trader.renamed', detail });
    return ok(await viewTrader(tx, deps, next));
  });
}
