import { accountMargin, type Decimal, eq, fillOrder, isNegative, ladder, lte, type MatchingMarket, sub, walkBook } from '@hyperoru/domain';
import { isOpenStatus, type VenueOrderRecord } from '../core/records.ts';
import { ApiError, apiError } from './api-error.ts';
import { type Answer, type Call, type Desk, pricesOf, symbolOfCall } from './desk.ts';
import { checkFilters } from './filters.ts';
import { sideOf } from './place-order.ts';
import { findOrder, newOrderJson, wireOrder } from './wire-orders.ts';

/** `PUT /fapi/v1/order`: another price or quantity for an open limit order, which keeps its id and its place in the history. */
export function modifyOrder(call: Call): Answer {
  const { desk, params, accountId } = call;
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const side = sideOf(call);
  if (side instanceof ApiError) return side;
  const quantity = params.decimal('quantity');
  if (quantity === null) return apiError(-1102, 'quantity');
  const price = params.decimal('price');
  if (price === null) return apiError(-1102, 'price');
  const wanted = { orderId: params.integer('orderId'), clientOrderId: params.text('origClientOrderId') };
  const order = findOrder(desk, accountId, symbol.name, wanted)?.record ?? null;
  if (order === null || !isOpenStatus(order.status) || order.type.kind !== 'limit' || order.side !== side) return apiError(-2011);
  if (eq(order.type.price, price) && eq(order.quantity, quantity)) return apiError(-5027);
  const prices = pricesOf(desk, symbol.name, side);
  if (prices === null) return apiError(-1000);
  const refusal = checkFilters(symbol, { side, quantity, limit: price, reduceOnly: order.reduceOnly }, prices);
  if (refusal !== null) return refusal;
  // What is filled already cannot be taken back: less than that ends the order.
  if (lte(quantity, order.filledQuantity)) desk.venue.cancel(accountId, order.id);
  else {
    const refused = applyChange(desk, order, price, quantity);
    if (refused !== null) return refused;
  }
  const shown = wireOrder(desk.venue.order(order.id) ?? order);
  return shown === null ? apiError(-2011) : newOrderJson(shown);
}

/** Matches the changed order against the book as if it were new; a refusal leaves it as it was. */
function applyChange(desk: Desk, order: VenueOrderRecord, price: Decimal, quantity: Decimal): ApiError | null {
  const { venue } = desk;
  const { state } = venue.books.account(order.accountId);
  const market: MatchingMarket = venue.market.matching(venue.now());
  const resting = state.orders.find((other) => other.clientOrderId === String(order.id));
  const rules = market.rules.get(order.symbol);
  const mark = market.marks.get(order.symbol);
  if (resting === undefined || resting.type.kind !== 'limit' || rules === undefined || mark === undefined) return apiError(-2011);
  const levels = walkBook(ladder(order.side, mark, rules), {
    side: order.side,
    quantity: sub(quantity, order.filledQuantity),
    limit: price,
  });
  if (resting.type.timeInForce === 'post_only' && levels.length > 0) return apiError(-5022);
  const type = { ...resting.type, price };
  const outcome = fillOrder(state, { ...resting, type, quantity }, { levels, liquidity: 'taker', rest: { kind: 'rests' } }, market);
  if (!order.reduceOnly && isNegative(accountMargin(outcome.state, market).free)) return apiError(-2019);
  venue.books.orders.put({ ...order, type, originalQuantity: quantity });
  venue.apply(order.accountId, outcome);
  return null;
}
