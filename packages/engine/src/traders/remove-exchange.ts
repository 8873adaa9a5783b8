import { ok, type Trader, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { lockOwnTrader } from './own-trader.ts';
import { releaseVenue } from './release-venue.ts';
import { setUpLane } from './set-up-lane.ts';
import { storeTrader } from './store-trader.ts';
import { type TraderView, viewTrader } from './view-trader.ts';

/** Takes the trader off its exchange; books and history stay. Needs a paused, flat trader: `trader_active`, `position_open`, `order_open`. */
export async function removeExchange(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId },
): Promise<UseCaseResult<TraderView>> {
  return deps.mutex(setUpLane(input.traderId), async (): Promise<UseCaseResult<TraderView>> => {
    let left: Trader | null = null;
    const result = await deps.store.transaction(async (tx): Promise<UseCaseResult<TraderView>> => {
      const own = await lockOwnTrader(tx, scope, input.traderId);
      if (!own.ok) return own;
      const trader = own.value;
      if (trader.exchange === null) return ok(await viewTrader(tx, deps, trader));
      if (trader.isActive) return refuse('trader_active', `"${trader.name}" is active. Pause it before you remove its exchange.`);
      if ((await tx.portfolio.listOpenPositions(trader.id)).length > 0) {
        return refuse('position_open', `"${trader.name}" holds open positions. Close them before you remove its exchange.`);
      }
      if ((await tx.orders.listOpen(trader.id)).length > 0) {
        return refuse('order_open', `"${trader.name}" has open orders. Cancel them before you remove its exchange.`);
      }
      const next: Trader = { ...trader, exchange: null };
      await storeTrader(tx, deps, scope, next, { action: 'trader.exchange_removed', detail: { exchange: trader.exchange.venue } });
      left = trader;
      return ok(await viewTrader(tx, deps, next));
    });
    if (left !== null) await releaseVenue(deps, left);
    return result;
  });
}
