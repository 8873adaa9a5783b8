import type { Fill as FillAnswer, Order as OrderAnswer } from '@hyperoru/contracts';
import { type Fill, type Order, toIso } from '@hyperoru/domain';
import { isoOrNull } from '../time.ts';

export const presentOrder = (order: Order, traderName: string): OrderAnswer => ({
  id: order.id,
  trader_id: order.traderId,
  trader_name: traderName,
  decision_id: order.decisionId,
  exchange: order.venue,
  environment: order.environment,
  client_order_id: order.clientOrderId,
  venue_order_id: order.venueOrderId,
  symbol: order.symbol,
  side: order.side,
  purpose: order.purpose,
  order_type: order.type.kind,
  price: order.type.kind === 'limit' ? order.type.price : null,
  trigger_price: order.type.kind === 'trigger' ? order.type.triggerPrice : null,
  time_in_force: order.type.kind === 'limit' ? order.type.timeInForce : null,
  quantity: order.quantity,
  filled_quantity: order.filledQuantity,
  average_price: order.averagePrice,
  reduce_only: order.reduceOnly,
  leverage: order.leverage,
  state: order.state,
  reason: order.reason,
  created_at: toIso(order.createdAt),
  sent_at: isoOrNull(order.sentAt),
  updated_at: toIso(order.updatedAt),
});

export const presentFill = (fill: Fill, traderName: string): FillAnswer => ({
  id: fill.id,
  trader_id: fill.traderId,
  trader_name: traderName,
  order_id: fill.orderId,
  trade_id: fill.tradeId,
  symbol: fill.symbol,
  side: fill.side,
  price: fill.price,
  quantity: fill.quantity,
  fee: fill.fee,
  liquidity: fill.liquidity,
  is_liquidation: fill.isLiquidation,
  filled_at: toIso(fill.filledAt),
  market_time: toIso(fill.marketTime),
});
