import type { Symbol, Timestamp, TraderId } from '@hyperoru/domain';
import type { Clock } from '../ports/clock.ts';
import type { ExchangePort, VenueAccount, VenueOrder, VenuePosition } from '../ports/exchange.ts';

/** What a venue reports of an account at about one moment. */
export interface VenueLook {
  /** Taken before the first read: what changed since may not be in it. */
  readonly at: Timestamp;
  readonly openOrders: readonly VenueOrder[];
  readonly account: VenueAccount;
}

/** Orders before positions: an order that executes in between shows in the position, so nothing seems smaller than it is. */
export async function lookAtVenue(clock: Clock, exchange: ExchangePort, traderId: TraderId): Promise<VenueLook> {
  const at = clock.now();
  const openOrders = await exchange.openOrders(traderId);
  return { at, openOrders, account: await exchange.account(traderId) };
}

export const reportedPosition = ({ positions }: VenueAccount, symbol: Symbol): VenuePosition | null =>
  positions.find((position) => position.symbol === symbol) ?? null;
