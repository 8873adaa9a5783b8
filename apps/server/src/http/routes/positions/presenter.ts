import type { Position as PositionAnswer } from '@hyperoru/contracts';
import { add, type Decimal, mul, type Order, type Position, sub, type Trader, toIso } from '@hyperoru/domain';
import type { VenuePosition } from '@hyperoru/engine';
import { isoOrNull } from '../time.ts';

/** What is known of an open position besides its own record. */
export interface PositionSurroundings {
  readonly trader: Trader | null;
  readonly markPrice: Decimal | null;
  /** As the venue reports it; null when it does not answer. */
  readonly venue: VenuePosition | null;
  /** Resting orders of the trader in this symbol. */
  readonly restingOrders: readonly Order[];
}

export function presentPosition(position: Position, around: PositionSurroundings): PositionAnswer {
  const isOpen = position.closedAt === null;
  return {
    id: position.id,
    trader_id: position.traderId,
    trader_name: around.trader?.name ?? position.traderId,
    environment: around.trader?.exchange?.environment ?? null,
    symbol: position.symbol,
    side: position.side,
    status: isOpen ? 'open' : 'closed',
    quantity: position.quantity,
    entered_quantity: position.enteredQuantity,
    average_entry_price: position.averageEntryPrice,
    average_exit_price: position.averageExitPrice,
    leverage: position.leverage,
    mark_price: isOpen ? around.markPrice : null,
    unrealized_pnl: isOpen && around.markPrice !== null ? unrealizedPnl(position, around.markPrice) : null,
    liquidation_price: isOpen ? (around.venue?.liquidationPrice ?? null) : null,
    realized_pnl: position.realizedPnl,
    fees: position.fees,
    funding: position.funding,
    net_pnl: add(sub(position.realizedPnl, position.fees), position.funding),
    stop_loss_price: isOpen ? triggerPrice(around.restingOrders, 'stop_loss') : null,
    take_profit_price: isOpen ? triggerPrice(around.restingOrders, 'take_profit') : null,
    opened_by_decision_id: position.openedByDecisionId,
    opened_at: toIso(position.openedAt),
    closed_at: isoOrNull(position.closedAt),
    closed_by: position.closedBy,
  };
}

/** (mark − entry) × quantity for a long, the negative of it for a short; fees not counted. */
function unrealizedPnl(position: Position, markPrice: Decimal): Decimal {
  const distance = position.side === 'long' ? sub(markPrice, position.averageEntryPrice) : sub(position.averageEntryPrice, markPrice);
  return mul(distance, position.quantity);
}

function triggerPrice(orders: readonly Order[], purpose: 'stop_loss' | 'take_profit'): Decimal | null {
  const order = orders.find((candidate) => candidate.purpose === purpose && candidate.type.kind === 'trigger');
  return order?.type.kind === 'trigger' ? order.type.triggerPrice : null;
}
