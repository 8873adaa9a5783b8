import { abs, type Decimal, gt, isPositive, type Symbol, sub, sum, ZERO } from '@hyperoru/domain';
import type { SimulatedVenue } from '@hyperoru/testkit';

/** Alerts that say that a position is not protected. */
export const BARE_ALERTS: ReadonlySet<string> = new Set(['stop_loss_failed', 'position_bare']);

/** What of each position no resting stop covers, as the venue itself knows it; base units, only what is above zero. */
export function bareAtVenue(venue: SimulatedVenue, accountId: string): ReadonlyMap<Symbol, Decimal> {
  const bare = new Map<Symbol, Decimal>();
  for (const { symbol } of venue.books.account(accountId).state.positions) {
    const missing = missingAt(venue, accountId, symbol);
    if (missing !== ZERO) bare.set(symbol, missing);
  }
  return bare;
}

/** The same for one symbol; 0 when all of it is covered, and without a position. */
export function missingAt(venue: SimulatedVenue, accountId: string, symbol: Symbol): Decimal {
  const held = venue.books.account(accountId).state.positions.find((position) => position.symbol === symbol);
  if (held === undefined) return ZERO;
  const side = isPositive(held.quantity) ? 'sell' : 'buy';
  const stops = venue
    .openOrders(accountId)
    .filter((order) => order.symbol === symbol && order.side === side && order.reduceOnly)
    .filter((order) => order.type.kind === 'trigger' && order.type.trigger === 'stop_loss');
  const missing = sub(abs(held.quantity), sum(stops.map((order) => sub(order.quantity, order.filledQuantity))));
  return gt(missing, ZERO) ? missing : ZERO;
}
