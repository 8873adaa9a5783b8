import { lt, type Order, type OrderId, type OrderState, type Timestamp, type TraderId, unreachable } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { bookFill } from '../portfolio/book-fill.ts';
import type { VenueOrder } from '../ports/exchange.ts';
import { moveOrder } from './store-order.ts';

/** Fills are looked for from this long before an order was stored: clocks differ. */
const FILL_LOOKBACK_MS = 60_000;

/** Reads an order and its fills from the venue and books what is new. Safe to repeat; returns the order as it stands. */
export async function settleOrder(deps: EngineDeps, connection: VenueConnection, traderId: TraderId, orderId: OrderId): Promise<Order> {
  const order = await readOrder(deps, orderId);
  const found = await connection.exchange.findOrder(traderId, order.clientOrderId);
  if (found !== null) {
    if (found.filledQuantity !== order.filledQuantity || found.state === 'filled') {
      const since = (order.createdAt - FILL_LOOKBACK_MS) as Timestamp;
      const fills = await connection.exchange.fillsSince(traderId, since);
      for (const fill of fills) if (fill.clientOrderId === order.clientOrderId) await bookFill(deps, traderId, fill);
    }
    await applyVenueOrder(deps, orderId, found);
  }
  return readOrder(deps, orderId);
}

/** Takes over what the venue says of one of our orders; the state machine decides whether it is news. */
export async function applyVenueOrder(deps: EngineDeps, orderId: OrderId, found: VenueOrder): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const order = await tx.orders.lock(orderId);
    if (order === null) return;
    const trader = await tx.traders.get(order.traderId);
    if (trader === null) return;
    const to = stateOf(found);
    if (to === order.state && found.filledQuantity === order.filledQuantity) return;
    // Reports may overtake each other; what was filled once stays filled.
    if (lt(found.filledQuantity, order.filledQuantity)) return;
    await moveOrder(deps, tx, {
      order,
      to,
      trader,
      change: {
        venueOrderId: found.venueOrderId,
        filledQuantity: found.filledQuantity,
        averagePrice: found.averagePrice,
        reason: found.reason,
      },
    });
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
    default:
      return unreachable(found.state);
  }
}

async function readOrder(deps: EngineDeps, orderId: OrderId): Promise<Order> {
  const order = await deps.store.transaction((tx) => tx.orders.get(orderId));
  if (order === null) throw new Error(`Expected order ${orderId} to be stored.`);
  return order;
}
