import { ok, type Trader, type TraderId } from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { StoreTx } from '../ports/store.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';

/** The caller's trader, held until the transaction ends. Refuses `not_found` and, when it is history, `trader_deleted`. */
export async function lockOwnTrader(tx: StoreTx, scope: OwnerScope, id: TraderId): Promise<UseCaseResult<Trader>> {
  return checkOwn(await tx.traders.lock(id), scope);
}

/** As {@link lockOwnTrader}, without holding it. */
export async function readOwnTrader(tx: StoreTx, scope: OwnerScope, id: TraderId): Promise<UseCaseResult<Trader>> {
  return checkOwn(await tx.traders.get(id), scope);
}

function checkOwn(trader: Trader | null, scope: OwnerScope): UseCaseResult<Trader> {
  if (trader === null || trader.ownerId !== scope.userId) return notFound('trader');
  if (trader.deletedAt !== null)
    return refuse('trader_deleted', `"${trader.name}" was deleted; only its history remains. Create a new trader.`);
  return ok(trader);
}
