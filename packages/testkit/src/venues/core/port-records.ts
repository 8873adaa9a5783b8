import { asId, decimal, isZero, type OrderType, type TraderId, timestamp } from '@hyperoru/domain';
import type { VenueAccount, VenueEvent, VenueFill, VenueFunding, VenueOrder, VenueOrderState } from '@hyperoru/engine';
import type { VenueChange, VenueFillRecord, VenueFundingRecord, VenueOrderRecord } from './records.ts';
import type { SimulatedVenue } from './simulated-venue.ts';

/** The venue's records in the words of the exchange port, for tests that speak no wire protocol. */
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

/** What the port tells of a change; null when it is no event of the port. Accounts are named by their traders. */
export function toVenueEvent(change: VenueChange): VenueEvent | null {
  switch (change.kind) {
    case 'order':
      return change.order.status === 'rejected' && change.order.filledQuantity === '0' && change.order.type.kind !== 'trigger'
        ? null
        : { kind: 'order', traderId: asId<TraderId>(change.accountId), order: toVenueOrder(change.order) };
    case 'fill':
      return { kind: 'fill', traderId: asId<TraderId>(change.accountId), fill: toVenueFill(change.fill) };
    case 'funding':
      return { kind: 'funding', traderId: asId<TraderId>(change.accountId), funding: toVenueFunding(change.funding) };
    default:
      return null;
  }
}
