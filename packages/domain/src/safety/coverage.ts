import type { Symbol } from '../market/instrument.ts';
import { abs, type Decimal, isPositive, max, min, sub, sum, ZERO } from '../money/decimal.ts';
import type { OrderSide, OrderType } from '../orders/order.ts';

/** An order that rests at a venue, as the venue reports it and as far as protection goes. */
export interface RestingOrder {
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
  readonly reduceOnly: boolean;
}

/** What stops do for a position, base units; `missing` and `excess` are never both above 0. */
export interface Coverage {
  /** At most the position. */
  readonly covered: Decimal;
  readonly missing: Decimal;
  /** What stops would close beyond the position: clutter, for reduce-only orders cannot open one. */
  readonly excess: Decimal;
}

/**
 * How much of a position resting reduce-only stop-losses on its closing side cover. Both come from the venue: what we sent, or think
 * that rests, protects nothing. `quantity` is signed, positive long.
 */
export function coverage(held: { readonly symbol: Symbol; readonly quantity: Decimal }, resting: readonly RestingOrder[]): Coverage {
  const side: OrderSide = isPositive(held.quantity) ? 'sell' : 'buy';
  const stops = resting.filter((order) => order.symbol === held.symbol && order.side === side && isStop(order));
  const size = abs(held.quantity);
  const total = sum(stops.map((order) => max(ZERO, sub(order.quantity, order.filledQuantity))));
  return { covered: min(size, total), missing: max(ZERO, sub(size, total)), excess: max(ZERO, sub(total, size)) };
}

const isStop = ({ type, reduceOnly }: RestingOrder): boolean => reduceOnly && type.kind === 'trigger' && type.trigger === 'stop_loss';
