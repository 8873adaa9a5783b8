import { isWithdrawn, lt, type Order, type OrderId, type OrderState, type Timestamp } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { expected } from '../expected.ts';
import { bookFill } from '../portfolio/book-fill.ts';
import type { VenueOrder } from '../ports/exchange.ts';
import { moveOrder } from './store-order.ts';

/** Fills are looked for from this long before an order was stored: clocks differ. */
const FILL_LOOKBACK_MS = 60_000;

/**
 * Reads an order and its fills from the venue and books what is new compared with `order`, as it was read last. Safe to
 * repeat; returns the order as it stands.
 */
export async function settleOrder(deps: EngineDeps, connection: VenueConnection, order: Order): Promise<Order> {
  const found = await connection.exchange.findOrder(order.traderId, order.clientOrderId);
  return found === null ? order : takeReport(deps, connection, order, found);
}

/** Books the fills that a report about one of our orders tells of, and takes over its state. Returns the order as it stands. */
export async function takeReport(deps: EngineDeps, connection: VenueConnection, order: Order, found: VenueOrder): Promise<Order> {
  if (isKnown(order, found)) return order;
  if (found.filledQuantity !== order.filledQuantity || found.state === 'filled') {
    const since = (order.createdAt - FILL_LOOKBACK_MS) as Timestamp;
    const fills = await connection.exchange.fillsSince(order.traderId, since);
    for (const fill of fills) if (fill.clientOrderId === order.clientOrderId) await bookFill(deps, order.traderId, fill);
  }
  return applyVenueOrder(deps, order.id, found);
}

/** True when the venue's word is what the order says already. */
export const isKnown = (order: Order, found: VenueOrder): boolean =>
  stateOf(found) === order.state && found.filledQuantity === order.filledQuantity;

/** Takes over what the venue says of one of our orders; the state machine decides whether it is news. Returns the order as it stands. */
export async function applyVenueOrder(deps: EngineDeps, orderId: OrderId, found: VenueOrder): Promise<Order> {
  return deps.store.transaction(async (tx) => {
    const order = expected(await tx.orders.lock(orderId), `order ${orderId} to be stored`);
    const trader = expected(await tx.traders.get(order.traderId), `trader ${order.traderId} to be stored`);
    // Reports may overtake each other; what was filled once stays filled.
    if (isKnown(order, found) || lt(found.filledQuantity, order.filledQuantity)) return order;
    const { venueOrderId, filledQuantity, averagePrice } = found;
    const reason = isWithdrawn(order) ? order.reason : found.reason;
    const change = { venueOrderId, filledQuantity, averagePrice, reason };
    return (await moveOrder(deps, tx, { order, to: stateOf(found), trader, change })) ?? order;
  });
}

function stateOf(found: VenueOrder): OrderState {
  switch (found.state) {
    case 'open':
      return 'accepted';
    case 'partially_filled':
    case 'filled':
    case 'canceled':
    case 'expired':
    case 'rejected':
      return found.state;
  }
}
