import type { Symbol } from '../market/instrument.ts';
import { abs, add, type Decimal, gt, isNegative, isPositive, isZero, sub, ZERO } from '../money/decimal.ts';
import type { OrderSide } from '../orders/order.ts';
import { type AccountState, type MatchedOrder, type MatchingEvent, type MatchingOutcome, positionOf } from './account-state.ts';

/** Quantity still to fill. */
export const restOf = (order: MatchedOrder): Decimal => sub(order.quantity, order.filledQuantity);

/** How much an order of this side can reduce: the size of the opposite position, else 0. */
export function reducible(state: AccountState, symbol: Symbol, side: OrderSide): Decimal {
  const held = positionOf(state, symbol)?.quantity ?? ZERO;
  const opposes = side === 'buy' ? isNegative(held) : isPositive(held);
  return opposes ? abs(held) : ZERO;
}

/** Puts the order in its place among the resting ones, or takes it away when it is final; the event tells of it. */
export function recordOrder(state: AccountState, order: MatchedOrder): MatchingOutcome {
  const isResting = order.state === 'open' || order.state === 'partially_filled';
  const known = state.orders.some((other) => other.clientOrderId === order.clientOrderId);
  const event: MatchingEvent = { kind: 'order', order };
  if (!known) return { state: isResting ? { ...state, orders: [...state.orders, order] } : state, events: [event] };
  const orders = isResting
    ? state.orders.map((other) => (other.clientOrderId === order.clientOrderId ? order : other))
    : state.orders.filter((other) => other.clientOrderId !== order.clientOrderId);
  return { state: { ...state, orders }, events: [event] };
}

/**
 * Keeps reduce-only orders of a symbol within its position: larger ones shrink, and once nothing is left to reduce they are
 * canceled — so the stop-loss goes when the take-profit has closed the position, and the other way round.
 */
export function trimReduceOnly(state: AccountState, symbol: Symbol): MatchingOutcome {
  let current = state;
  const events: MatchingEvent[] = [];
  for (const order of state.orders) {
    if (!order.reduceOnly || order.symbol !== symbol) continue;
    const trimmed = trimmedOrder(order, reducible(state, symbol, order.side));
    if (trimmed === null) continue;
    const outcome = recordOrder(current, trimmed);
    current = outcome.state;
    events.push(...outcome.events);
  }
  return { state: current, events };
}

/** Cancels resting orders; with a symbol only those of it. */
export function cancelResting(state: AccountState, reason: string, symbol?: Symbol): MatchingOutcome {
  const gone = state.orders.filter((order) => symbol === undefined || order.symbol === symbol);
  if (gone.length === 0) return { state, events: [] };
  const events = gone.map((order): MatchingEvent => ({ kind: 'order', order: { ...order, state: 'canceled', reason } }));
  return { state: { ...state, orders: state.orders.filter((order) => !gone.includes(order)) }, events };
}

function trimmedOrder(order: MatchedOrder, limit: Decimal): MatchedOrder | null {
  if (isZero(limit)) return { ...order, state: 'canceled', reason: 'position_closed' };
  if (!gt(restOf(order), limit)) return null;
  return { ...order, quantity: add(order.filledQuantity, limit), reason: 'reduced_with_position' };
}
