import type { Order, OrderState, Position, Trader, TraderId } from '@hyperoru/domain';
import { type OwnerScope, type VenueAccount, VenueUnavailable } from '@hyperoru/engine';
import type { HttpContext } from '../../context.ts';
import { tradersOf } from '../trader-names.ts';
import type { PositionSurroundings } from './presenter.ts';

const RESTING_STATES: readonly OrderState[] = ['accepted', 'partially_filled'];
const RESTING_ORDERS_MAX = 200;

/** Looks up what open positions are shown with, once per trader. */
export async function surroundingsOf(
  context: HttpContext,
  scope: OwnerScope,
  positions: readonly Position[],
): Promise<(position: Position) => PositionSurroundings> {
  const traders = await tradersOf(context, scope, positions);
  const exposed = [...new Set(positions.filter((position) => position.closedAt === null).map((position) => position.traderId))];
  const accounts = new Map<TraderId, VenueAccount | null>();
  const orders = new Map<TraderId, readonly Order[]>();
  for (const traderId of exposed) {
    accounts.set(traderId, await accountOf(context, traders.get(traderId)));
    const page = await context.deps.readModel.listOrders(
      scope,
      { traderId, states: RESTING_STATES },
      { limit: RESTING_ORDERS_MAX, cursor: null },
    );
    orders.set(traderId, page.items);
  }
  return (position) => {
    const trader = traders.get(position.traderId) ?? null;
    return {
      trader,
      markPrice: connectionOf(context, trader)?.market.quote(position.symbol)?.mark ?? null,
      venue: accounts.get(position.traderId)?.positions.find((held) => held.symbol === position.symbol) ?? null,
      restingOrders: (orders.get(position.traderId) ?? []).filter((order) => order.symbol === position.symbol),
    };
  };
}

const connectionOf = (context: HttpContext, trader: Trader | null | undefined) =>
  trader?.exchange ? context.deps.venue(trader.exchange.venue, trader.exchange.environment) : null;

/** A silent venue hides its figures; the records are shown all the same. */
async function accountOf(context: HttpContext, trader: Trader | undefined): Promise<VenueAccount | null> {
  const connection = connectionOf(context, trader);
  if (trader === undefined || connection === null) return null;
  try {
    return await connection.exchange.account(trader.id);
  } catch (error) {
    if (error instanceof VenueUnavailable) return null;
    throw error;
  }
}
