import type { DecisionId, PositionId } from '../ids/ids.ts';
import { add, type Decimal, div, eq, isZero, min, mul, sub, ZERO } from '../money/decimal.ts';
import type { Fill } from '../orders/fill.ts';
import type { Position, PositionSide } from './position.ts';

/** What one fill does to a position. Ledger amounts follow: realizedPnl of `closed`/`open` change and the fee. */
export interface FillEffect {
  /** The position the fill reduced or closed, after it; null when it only opened or increased. */
  readonly reduced: Position | null;
  /** The position the fill opened or increased, after it; null when it only reduced. */
  readonly grown: Position | null;
  /** Realized by this fill, before fees. */
  readonly realizedPnl: Decimal;
}

export interface FillAttribution {
  /** Id for a position this fill may open. */
  readonly newPositionId: PositionId;
  readonly decisionId: DecisionId | null;
  readonly leverage: number;
  /** Recorded as `closedBy` when the fill closes the position. */
  readonly purpose: string;
}

/**
 * Applies a fill to the open position of its symbol (or to none). Averages are quantity-weighted; realized PnL is
 * closed quantity × (exit − entry), negated for a short. A fill larger than the opposite position flips: it closes the
 * one and opens another, the fee split by quantity.
 */
export function applyFill(position: Position | null, fill: Fill, by: FillAttribution): FillEffect {
  const side: PositionSide = fill.side === 'buy' ? 'long' : 'short';
  if (position === null) return { reduced: null, grown: openedBy(fill, fill.quantity, fill.fee, by), realizedPnl: ZERO };
  if (position.side === side) return { reduced: null, grown: grow(position, fill), realizedPnl: ZERO };
  const closing = min(position.quantity, fill.quantity);
  const rest = sub(fill.quantity, closing);
  const closingFee = isZero(rest) ? fill.fee : div(mul(fill.fee, closing), fill.quantity);
  const realizedPnl = realizedBy(position, closing, fill.price);
  const reduced = reduce(position, { fill, closing, closingFee, realizedPnl, purpose: by.purpose });
  return { reduced, grown: isZero(rest) ? null : openedBy(fill, rest, sub(fill.fee, closingFee), by), realizedPnl };
}

function openedBy(fill: Fill, quantity: Decimal, fees: Decimal, by: FillAttribution): Position {
  return {
    id: by.newPositionId,
    traderId: fill.traderId,
    symbol: fill.symbol,
    side: fill.side === 'buy' ? 'long' : 'short',
    quantity,
    enteredQuantity: quantity,
    averageEntryPrice: fill.price,
    averageExitPrice: null,
    leverage: by.leverage,
    realizedPnl: ZERO,
    fees,
    funding: ZERO,
    openedByDecisionId: by.decisionId,
    openedAt: fill.filledAt,
    closedAt: null,
    closedBy: null,
  };
}

function grow(position: Position, fill: Fill): Position {
  const quantity = add(position.quantity, fill.quantity);
  const cost = add(mul(position.averageEntryPrice, position.quantity), mul(fill.price, fill.quantity));
  return {
    ...position,
    quantity,
    enteredQuantity: add(position.enteredQuantity, fill.quantity),
    averageEntryPrice: div(cost, quantity),
    fees: add(position.fees, fill.fee),
  };
}

function reduce(
  position: Position,
  by: {
    readonly fill: Fill;
    readonly closing: Decimal;
    readonly closingFee: Decimal;
    readonly realizedPnl: Decimal;
    readonly purpose: string;
  },
): Position {
  const quantity = sub(position.quantity, by.closing);
  const isClosed = eq(quantity, ZERO);
  return {
    ...position,
    quantity,
    averageExitPrice: averageExit(position, by.closing, by.fill.price),
    realizedPnl: add(position.realizedPnl, by.realizedPnl),
    fees: add(position.fees, by.closingFee),
    closedAt: isClosed ? by.fill.filledAt : null,
    closedBy: isClosed ? (by.fill.isLiquidation ? 'liquidation' : by.purpose) : null,
  };
}

function realizedBy(position: Position, quantity: Decimal, exit: Decimal): Decimal {
  const move = position.side === 'long' ? sub(exit, position.averageEntryPrice) : sub(position.averageEntryPrice, exit);
  return mul(move, quantity);
}

/** Quantity-weighted over everything closed so far. */
function averageExit(position: Position, closing: Decimal, price: Decimal): Decimal {
  const closedBefore = sub(position.enteredQuantity, position.quantity);
  if (position.averageExitPrice === null) return price;
  return div(add(mul(position.averageExitPrice, closedBefore), mul(price, closing)), add(closedBefore, closing));
}

/** Unrealized PnL of an open position at a mark price. */
export const unrealizedPnl = (position: Position, mark: Decimal): Decimal => realizedBy(position, position.quantity, mark);
