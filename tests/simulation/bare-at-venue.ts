import { abs, type Decimal, gt, isPositive, type Symbol, sub, sum, ZERO } from '@hyperoru/domain';
import type { SimulatedVenue } from '@hyperoru/testkit';

/** What of each position no resting stop covers, as the venue itself knows it; base units, only what is above zero. */
export function bareAtVenue(venue: SimulatedVenue, accountId: string): ReadonlyMap<Symbol, Decimal> {
  const bare = new Map<Symbol, Decimal>();
  for (const { symbol, quantity } of venue.books.account(accountId).state.positions) {
    const side = isPositive(quantity) ? 'sell' : 'buy';
    const stops = venue
      .openOrders(accountId)
      .filter((order) => order.symbol === symbol && order.side === side && order.reduceOnly)
      .filter((order) => order.type.kind === 'trigger' && order.type.trigger === 'stop_loss');
    const missing = sub(abs(quantity), sum(stops.map((order) => sub(order.quantity, order.filledQuantity))));
    if (gt(missing, ZERO)) bare.set(symbol, missing);
  }
  return bare;
}
