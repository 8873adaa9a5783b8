import type { PositionId, TraderId } from '../ids/ids.ts';
import type { Symbol } from '../market/instrument.ts';
import { abs, add, type Decimal, gt, isPositive, isZero, sub, ZERO } from '../money/decimal.ts';
import type { Timestamp } from '../time/timestamp.ts';
import type { Position, PositionSide } from './position.ts';

/** A position as a venue reports it; `quantity` signed, positive long, 0 = none. */
export interface ReportedPosition {
  readonly symbol: Symbol;
  readonly quantity: Decimal;
  readonly averageEntryPrice: Decimal;
  readonly leverage: number;
}

/**
 * Takes over what the venue reports where fills do not explain it: the open position changes its size, ends (`closedBy` adjustment),
 * or another one begins. Realized PnL stays as the fills made it; what it cost shows in the balance, which is adjusted on its own.
 */
export function adjustPosition(
  position: Position | null,
  reported: ReportedPosition,
  by: { readonly newPositionId: PositionId; readonly traderId: TraderId; readonly at: Timestamp },
): { readonly closed: Position | null; readonly open: Position | null } {
  const side: PositionSide = isPositive(reported.quantity) ? 'long' : 'short';
  if (position !== null && position.side === side && !isZero(reported.quantity)) return { closed: null, open: resized(position, reported) };
  const closed: Position | null = position === null ? null : { ...position, quantity: ZERO, closedAt: by.at, closedBy: 'adjustment' };
  return { closed, open: isZero(reported.quantity) ? null : begun(reported, side, by) };
}

function resized(position: Position, reported: ReportedPosition): Position {
  const quantity = abs(reported.quantity);
  const grown = gt(quantity, position.quantity) ? sub(quantity, position.quantity) : ZERO;
  return {
    ...position,
    quantity,
    enteredQuantity: add(position.enteredQuantity, grown),
    averageEntryPrice: reported.averageEntryPrice,
  };
}

const begun = (
  { symbol, quantity, averageEntryPrice, leverage }: ReportedPosition,
  side: PositionSide,
  by: { readonly newPositionId: PositionId; readonly traderId: TraderId; readonly at: Timestamp },
): Position => ({
  id: by.newPositionId,
  traderId: by.traderId,
  symbol,
  side,
  quantity: abs(quantity),
  enteredQuantity: abs(quantity),
  averageEntryPrice,
  averageExitPrice: null,
  leverage,
  realizedPnl: ZERO,
  fees: ZERO,
  funding: ZERO,
  openedByDecisionId: null,
  openedAt: by.at,
  closedAt: null,
  closedBy: null,
});
