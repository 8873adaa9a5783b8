import { add, type Decimal, div, eq, isZero, mul, ZERO } from '../money/decimal.ts';
import { type AccountState, followedBy, type MatchedOrder, type MatchingOutcome, unchanged } from './account-state.ts';
import type { BookLevel } from './book.ts';
import { execute } from './execute.ts';
import { recordOrder, trimReduceOnly } from './resting-orders.ts';
import type { MatchingMarket } from './rules.ts';

/** What becomes of an order's rest after a match. */
export type RestOfOrder = { readonly kind: 'rests' } | { readonly kind: 'canceled'; readonly reason: string };

/**
 * Books the trades of one order, records the order and trims what it made too large.
 * The trades must not exceed the order's rest, and for a reduce-only order not the position either.
 */
export function fillOrder(
  state: AccountState,
  order: MatchedOrder,
  trades: { readonly levels: readonly BookLevel[]; readonly liquidity: 'maker' | 'taker'; readonly rest: RestOfOrder },
  market: MatchingMarket,
): MatchingOutcome {
  let outcome = unchanged(state);
  let filled = order.filledQuantity;
  let cost = order.averagePrice === null ? ZERO : mul(order.averagePrice, order.filledQuantity);
  for (const level of trades.levels) {
    const execution = {
      symbol: order.symbol,
      side: order.side,
      price: level.price,
      quantity: level.quantity,
      liquidity: trades.liquidity,
      isLiquidation: false,
      clientOrderId: order.clientOrderId,
      leverage: order.reduceOnly ? null : order.leverage,
    };
    outcome = followedBy(outcome, (current) => execute(current, execution, market));
    filled = add(filled, level.quantity);
    cost = add(cost, mul(level.price, level.quantity));
  }
  const after = orderAfter(order, filled, cost, trades.rest);
  outcome = followedBy(outcome, (current) => recordOrder(current, after));
  return trades.levels.length === 0 ? outcome : followedBy(outcome, (current) => trimReduceOnly(current, order.symbol));
}

function orderAfter(order: MatchedOrder, filledQuantity: Decimal, cost: Decimal, rest: RestOfOrder): MatchedOrder {
  const averagePrice = isZero(filledQuantity) ? null : div(cost, filledQuantity);
  const next = { ...order, filledQuantity, averagePrice };
  if (eq(filledQuantity, order.quantity)) return { ...next, state: 'filled' };
  if (rest.kind === 'canceled') return { ...next, state: 'canceled', reason: rest.reason };
  return { ...next, state: isZero(filledQuantity) ? 'open' : 'partially_filled' };
}
