import {
  type AccountState,
  add,
  isReached,
  isZero,
  type MatchedOrder,
  min,
  type PriceStep,
  reducible,
  sub,
  type TriggerOrder,
} from '@hyperoru/domain';
import type { VenueOrderRecord } from './records.ts';
import type { VenueBooks } from './venue-books.ts';

/** The part of an order that triggers are judged by; null for all other orders. */
export function triggerPartOf(order: VenueOrderRecord): TriggerOrder | null {
  const { type, side } = order;
  return type.kind === 'trigger' ? { side, trigger: type.trigger, triggerPrice: type.triggerPrice } : null;
}

/** What of the trigger can execute against the position now. */
function coverable(state: AccountState, order: VenueOrderRecord) {
  const held = reducible(state, order.symbol, order.side);
  return order.followsPosition ? held : min(sub(order.quantity, order.filledQuantity), held);
}

function matchedOf(order: VenueOrderRecord, leverage: number, rest: MatchedOrder['quantity']): MatchedOrder | null {
  if (order.type.kind !== 'trigger') return null;
  return {
    clientOrderId: String(order.id),
    venueOrderId: String(order.id),
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    quantity: rest,
    filledQuantity: order.filledQuantity,
    averagePrice: order.averagePrice,
    reduceOnly: true,
    leverage,
    state: isZero(order.filledQuantity) ? 'open' : 'partially_filled',
    reason: null,
  };
}

/**
 * Gives the matching engine the triggers whose size is the venue's business: those that follow the position and those that
 * outlive it. The engine holds them at what they can reduce now, and not at all without a position.
 */
export function syncPositionTriggers(books: VenueBooks, accountId: string, keepsTriggers: boolean): void {
  const account = books.account(accountId);
  let { orders } = account.state;
  for (const order of books.orders.live(accountId)) {
    if (order.type.kind !== 'trigger' || order.status === 'waiting' || !(keepsTriggers || order.followsPosition)) continue;
    const rest = coverable(account.state, order);
    const present = orders.find((other) => other.clientOrderId === String(order.id));
    const wanted = isZero(rest) ? null : add(order.filledQuantity, rest);
    if ((present?.quantity ?? null) === wanted) continue;
    orders = orders.filter((other) => other !== present);
    const matched = wanted === null ? null : matchedOf(order, account.leverages[order.symbol]?.leverage ?? 1, wanted);
    if (matched !== null) orders = [...orders, matched];
    if (order.followsPosition && wanted !== null) books.orders.put({ ...order, quantity: wanted });
  }
  if (orders !== account.state.orders) books.setState(accountId, { ...account.state, orders });
}

/** Puts one order of the venue into the matching engine as a trigger of this rest. */
export function armTrigger(books: VenueBooks, order: VenueOrderRecord): boolean {
  const account = books.account(order.accountId);
  const rest = coverable(account.state, order);
  const matched = isZero(rest) ? null : matchedOf(order, account.leverages[order.symbol]?.leverage ?? 1, rest);
  if (matched === null) return false;
  books.orders.put({ ...order, status: 'open', quantity: rest });
  books.setState(order.accountId, { ...account.state, orders: [...account.state.orders, matched] });
  return true;
}

/** Open triggers of the account that the step reaches. */
export function reachedBy(books: VenueBooks, accountId: string, step: PriceStep): readonly VenueOrderRecord[] {
  return books.orders.live(accountId).filter((order) => {
    const trigger = order.symbol === step.symbol && order.status !== 'waiting' ? triggerPartOf(order) : null;
    return trigger !== null && isReached(trigger, step);
  });
}
