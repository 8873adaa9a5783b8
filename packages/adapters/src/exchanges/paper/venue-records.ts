import type { MatchedFill, MatchedFunding, MatchedOrder, MatchingEvent, Timestamp, TraderId } from '@hyperoru/domain';
import type { PaperFillRow, PaperFundingRow, PaperOrderRow, VenueEvent, VenueFill, VenueFunding, VenueOrder } from '@hyperoru/engine';
import { toJson } from './account-row.ts';

/** A matched order as the port reports it. */
export function toVenueOrder(order: MatchedOrder): VenueOrder {
  const { clientOrderId, venueOrderId, symbol, side, type, quantity, filledQuantity, averagePrice, reduceOnly, state, reason } = order;
  return { clientOrderId, venueOrderId, symbol, side, type, quantity, filledQuantity, averagePrice, reduceOnly, state, reason };
}

export function toVenueFunding(funding: MatchedFunding): VenueFunding {
  return { fundingId: funding.fundingId, symbol: funding.symbol, amount: funding.amount, rate: funding.rate, at: funding.at };
}

/** Row mappers: rows hold what was written by `rowsOf`. */
export const orderOf = (row: PaperOrderRow): MatchedOrder => row.body as unknown as MatchedOrder;
export const fillOf = (row: PaperFillRow): VenueFill => row.body as unknown as MatchedFill;
export const fundingOf = (row: PaperFundingRow): VenueFunding => toVenueFunding(row.body as unknown as MatchedFunding);

/** Events as the port tells them; a liquidation speaks through its fill. */
export function toVenueEvents(traderId: TraderId, events: readonly MatchingEvent[]): readonly VenueEvent[] {
  return events.flatMap((event): VenueEvent[] => {
    if (event.kind === 'order') return [{ kind: 'order', traderId, order: toVenueOrder(event.order) }];
    if (event.kind === 'fill') return [{ kind: 'fill', traderId, fill: event.fill }];
    if (event.kind === 'funding') return [{ kind: 'funding', traderId, funding: toVenueFunding(event.funding) }];
    return [];
  });
}

/** The rows that make events durable; of an order that changed twice the last form counts. */
export function rowsOf(
  traderId: TraderId,
  events: readonly MatchingEvent[],
  at: Timestamp,
): { readonly orders: readonly PaperOrderRow[]; readonly fills: readonly PaperFillRow[]; readonly funding: readonly PaperFundingRow[] } {
  const orders = new Map<string, PaperOrderRow>();
  const fills: PaperFillRow[] = [];
  const funding: PaperFundingRow[] = [];
  for (const event of events) {
    if (event.kind === 'order') {
      const { clientOrderId } = event.order;
      orders.set(clientOrderId, { traderId, clientOrderId, at, body: toJson(event.order) });
    }
    if (event.kind === 'fill') fills.push({ traderId, tradeId: event.fill.tradeId, at: event.fill.filledAt, body: toJson(event.fill) });
    if (event.kind === 'funding') {
      const { fundingId } = event.funding;
      funding.push({ traderId, fundingId, at: event.funding.at, body: toJson(event.funding) });
    }
  }
  return { orders: [...orders.values()], fills, funding };
}
