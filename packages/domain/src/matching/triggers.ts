import { type Decimal, gt, gte, lt, lte, min } from '../money/decimal.ts';
import type { OrderSide } from '../orders/order.ts';
import type { AccountState, MatchedOrder, MatchingOutcome } from './account-state.ts';
import { ladder, walkBook } from './book.ts';
import { fillOrder } from './fill-order.ts';
import { reducible, restOf } from './resting-orders.ts';
import { type MatchingMarket, type PriceStep, rulesOf } from './rules.ts';

/** A trigger order and its price. */
export interface TriggerOrder {
  readonly side: OrderSide;
  readonly trigger: 'stop_loss' | 'take_profit';
  readonly triggerPrice: Decimal;
}

/** A sell stops below and takes profit above; a buy the other way round. Reaching the trigger price is enough. */
export function isTriggered(order: TriggerOrder, mark: Decimal): boolean {
  return firesWhenFalling(order) ? lte(mark, order.triggerPrice) : gte(mark, order.triggerPrice);
}

/** True when the mark has been at or past the trigger price at some point of the step. */
export const isReached = (order: TriggerOrder, step: PriceStep): boolean =>
  isTriggered(order, firesWhenFalling(order) ? step.low : step.high);

/** The trigger's part of an order; null for a limit order. */
export function triggerOf(order: MatchedOrder): TriggerOrder | null {
  return order.type.kind === 'trigger' ? { side: order.side, trigger: order.type.trigger, triggerPrice: order.type.triggerPrice } : null;
}

/**
 * Where the mark stood when the order fired: at its trigger price, or for a stop at the first price after a gap beyond it.
 * A take-profit gains nothing from a gap: the worse case for the holder.
 */
export function firingPrice(order: TriggerOrder, step: PriceStep): Decimal {
  if (order.trigger === 'take_profit') return order.triggerPrice;
  const isPast = firesWhenFalling(order) ? lt(step.open, order.triggerPrice) : gt(step.open, order.triggerPrice);
  return isPast ? step.open : order.triggerPrice;
}

/**
 * Fires the order as a reduce-only market order that walks the ladder around the firing price, slippage included.
 * What an exhausted ladder leaves stays armed and fires again with the next step.
 */
export function fireTrigger(
  state: AccountState,
  order: MatchedOrder,
  trigger: TriggerOrder,
  step: PriceStep,
  market: MatchingMarket,
): MatchingOutcome {
  const rules = rulesOf(market, order.symbol);
  const quantity = min(restOf(order), reducible(state, order.symbol, order.side));
  const levels = ladder(order.side, firingPrice(trigger, step), rules, rules.book.triggerSlippageBps);
  const trades = walkBook(levels, { side: order.side, quantity, limit: null });
  return fillOrder(state, order, { levels: trades, liquidity: 'taker', rest: { kind: 'rests' } }, market);
}

/** Stops of longs and take-profits of shorts wait below the mark, the others above. */
export const firesWhenFalling = (order: TriggerOrder): boolean => (order.trigger === 'stop_loss') === (order.side === 'sell');
