import { decimal, isZero, type OrderType, timestamp } from '@hyperoru/domain';
import type { VenueAccount, VenueFill, VenueFunding, VenueOrder, VenueOrderState } from '@hyperoru/engine';
import type { SimulatedVenue, VenueFillRecord, VenueFundingRecord, VenueOrderRecord } from '@hyperoru/testkit';

/** The venue's records in the words of the exchange port, for the seeds that speak no wire protocol. */
export const toVenueOrder = (order: VenueOrderRecord): VenueOrder => ({
  clientOrderId: order.clientOrderId,
  venueOrderId: String(order.id),
  symbol: order.symbol,
  side: order.side,
  type: typeOf(order),
  quantity: order.quantity,
  filledQuantity: order.filledQuantity,
  averagePrice: order.averagePrice,
  reduceOnly: order.reduceOnly,
  state: stateOf(order),
  reason: order.reason,
});

function typeOf({ type, averagePrice }: VenueOrderRecord): OrderType {
  return type.kind === 'market' ? { kind: 'limit', price: averagePrice ?? decimal('0'), timeInForce: 'ioc' } : type;
}

function stateOf({ status }: VenueOrderRecord): VenueOrderState {
  return status === 'waiting' ? 'open' : status;
}

export const toVenueFill = (fill: VenueFillRecord): VenueFill => ({
  clientOrderId: fill.clientOrderId,
  tradeId: String(fill.id),
  symbol: fill.symbol,
  side: fill.side,
  price: fill.price,
  quantity: fill.quantity,
  fee: fill.fee,
  liquidity: fill.liquidity,
  isLiquidation: fill.cause === 'liquidation',
  filledAt: fill.at,
  marketTime: fill.at,
});

export const toVenueFunding = (payment: VenueFundingRecord): VenueFunding => ({
  fundingId: String(payment.id),
  symbol: payment.symbol,
  amount: payment.amount,
  rate: payment.rate,
  at: timestamp(payment.at),
});

export function toVenueAccount(venue: SimulatedVenue, accountId: string): VenueAccount {
  const { state } = venue.books.account(accountId);
  const margin = venue.margin(accountId);
  return {
    balance: state.balance,
    equity: margin.equity,
    available: margin.free,
    positions: state.positions
      .filter(({ quantity }) => !isZero(quantity))
      .map((held) => ({
        symbol: held.symbol,
        quantity: held.quantity,
        averageEntryPrice: held.averageEntryPrice,
        markPrice: venue.market.price(held.symbol)?.mark ?? held.averageEntryPrice,
        unrealizedPnl: decimal('0'),
        margin: decimal('0'),
        leverage: held.leverage,
        liquidationPrice: venue.liquidationPrice(accountId, held.symbol),
      })),
  };
}
