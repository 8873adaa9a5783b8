import {
  add,
  ceilToStep,
  type Decimal,
  decimal,
  div,
  floorToStep,
  gt,
  isPositive,
  isZero,
  lt,
  max,
  min,
  mul,
  ONE,
  sub,
  ZERO,
} from '../money/decimal.ts';
import type { OrderSide } from '../orders/order.ts';
import type { MatchingRules } from './rules.ts';

/** One price of the ladder and the quantity offered there. */
export interface BookLevel {
  readonly price: Decimal;
  readonly quantity: Decimal;
}

const BPS = decimal('10000');
const bps = (value: Decimal): Decimal => div(value, BPS);

/** Best bid and ask of the modelled book around a mark; multiples of the tick, bid < ask. */
export function bestPrices(mark: Decimal, rules: MatchingRules): { readonly bid: Decimal; readonly ask: Decimal } {
  return { bid: bestPrice('sell', mark, rules, ZERO), ask: bestPrice('buy', mark, rules, ZERO) };
}

/**
 * The levels an order of this side meets, best first. `extraBps` moves the whole ladder against the taker.
 * Levels at or below zero do not exist.
 */
export function ladder(side: OrderSide, mark: Decimal, rules: MatchingRules, extraBps: Decimal = ZERO): readonly BookLevel[] {
  const { instrument, book } = rules;
  const tick = tickOf(rules);
  const step = max(tick, floorToStep(mul(mark, bps(book.levelStepBps)), tick));
  const levels: BookLevel[] = [];
  let price = bestPrice(side, mark, rules, extraBps);
  for (let index = 0; index < book.levels && isPositive(price); index += 1) {
    // At least one increment, so that a book of an expensive instrument is thin but never empty.
    const quantity = max(instrument.sizeIncrement, floorToStep(div(book.levelNotional, price), instrument.sizeIncrement));
    levels.push({ price, quantity });
    price = side === 'buy' ? add(price, step) : sub(price, step);
  }
  return levels;
}

const tickOf = (rules: MatchingRules): Decimal => rules.book.tick ?? rules.instrument.priceIncrement;

/** Takes up to `quantity` from the levels, none of them beyond `limit` (null = at any price). */
export function walkBook(
  levels: readonly BookLevel[],
  order: { readonly side: OrderSide; readonly quantity: Decimal; readonly limit: Decimal | null },
): readonly BookLevel[] {
  const taken: BookLevel[] = [];
  let rest = order.quantity;
  for (const level of levels) {
    if (isZero(rest) || (order.limit !== null && isBeyond(level.price, order.side, order.limit))) break;
    const quantity = min(rest, level.quantity);
    taken.push({ price: level.price, quantity });
    rest = sub(rest, quantity);
  }
  return taken;
}

/** True when the price is worse for the side than the limit. */
export const isBeyond = (price: Decimal, side: OrderSide, limit: Decimal): boolean =>
  side === 'buy' ? gt(price, limit) : lt(price, limit);

function bestPrice(side: OrderSide, mark: Decimal, rules: MatchingRules, extraBps: Decimal): Decimal {
  const distance = bps(add(rules.book.halfSpreadBps, extraBps));
  const increment = tickOf(rules);
  if (side === 'sell') return floorToStep(mul(mark, sub(ONE, distance)), increment);
  const ask = ceilToStep(mul(mark, add(ONE, distance)), increment);
  // A mark on a multiple with a spread of zero would let bid and ask meet.
  return gt(ask, floorToStep(mul(mark, sub(ONE, distance)), increment)) ? ask : add(ask, increment);
}
