import { abs, add, type Decimal, div, isPositive, isZero, lt, mul, neg, ZERO } from '../money/decimal.ts';
import type { Fill } from '../orders/fill.ts';
import { unrealizedPnl } from './apply-fill.ts';
import type { Position } from './position.ts';

/** What fills leave, in the order in which the venue made them. `quantity` signed: positive long. */
export interface NetPosition {
  readonly quantity: Decimal;
  /** 0 while flat. */
  readonly averageEntryPrice: Decimal;
}

/** The position after these fills, oldest first; the first one starts from flat. */
export const netPositionOf = (fills: readonly Pick<Fill, 'side' | 'quantity' | 'price'>[]): NetPosition =>
  fills.reduce<NetPosition>(afterFill, { quantity: ZERO, averageEntryPrice: ZERO });

function afterFill(held: NetPosition, { side, quantity, price }: Pick<Fill, 'side' | 'quantity' | 'price'>): NetPosition {
  const signed = side === 'buy' ? quantity : neg(quantity);
  const after = add(held.quantity, signed);
  if (isZero(after)) return { quantity: ZERO, averageEntryPrice: ZERO };
  if (isZero(held.quantity) || isPositive(held.quantity) === isPositive(signed)) {
    const cost = add(mul(held.quantity, held.averageEntryPrice), mul(signed, price));
    return { quantity: after, averageEntryPrice: div(cost, after) };
  }
  const isFlipped = lt(abs(held.quantity), abs(signed));
  return { quantity: after, averageEntryPrice: isFlipped ? price : held.averageEntryPrice };
}

/**
 * Corrects an open position some of whose fills were booked in another order than the venue made them in. What is held is the
 * same; its entry price, and with it what was realized so far, depend on the order. Cash does not, so both move by the same sum:
 * Δ realized = the change of the unrealized PnL, negated. Returns the position as it should be and Δ realized; null when there is
 * nothing to correct, or the fills do not explain what is held.
 */
export function reorderPosition(
  position: Position,
  fills: readonly Fill[],
): { readonly position: Position; readonly realizedPnl: Decimal } | null {
  const net = netPositionOf(fills);
  const held = position.side === 'long' ? position.quantity : neg(position.quantity);
  if (net.quantity !== held || net.averageEntryPrice === position.averageEntryPrice) return null;
  const realizedPnl = unrealizedPnl(position, net.averageEntryPrice);
  return {
    position: { ...position, averageEntryPrice: net.averageEntryPrice, realizedPnl: add(position.realizedPnl, realizedPnl) },
    realizedPnl,
  };
}
