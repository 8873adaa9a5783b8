import { add, type Decimal, isZero, type OrderType, sum, timestamp, ZERO } from '@hyperoru/domain';
import type { VenueAccount, VenueFill, VenueOrder, VenueOrderState, VenuePosition } from '@hyperoru/engine';
import { symbolOf } from './instruments.ts';
import type { OrderEvent, WireAccount, WireAlgoOrder, WireOrder, WirePosition, WireTrade } from './wire.ts';

const TIME_IN_FORCE: Readonly<Record<string, 'gtc' | 'ioc' | 'fok' | 'post_only'>> = {
  GTC: 'gtc',
  IOC: 'ioc',
  FOK: 'fok',
  GTX: 'post_only',
  GTD: 'gtc',
};
const SIDES = { BUY: 'buy', SELL: 'sell' } as const;

/** Client ids of the venue's own orders: liquidation, deleveraging, settlement. */
const FORCED = /^(autoclose-|adl_autoclose|settlement_autoclose-)/;

/** null for what is no USDT perpetual. */
export function toVenueOrder(order: WireOrder): VenueOrder | null {
  const symbol = symbolOf(order.symbol);
  if (symbol === null) return null;
  const filledQuantity = order.executedQty;
  const state = stateOf(order.status, filledQuantity);
  return {
    clientOrderId: order.clientOrderId,
    venueOrderId: order.orderId,
    symbol,
    side: SIDES[order.side],
    type: typeOf(order.type, { price: order.price, triggerPrice: order.stopPrice ?? ZERO, timeInForce: order.timeInForce }),
    quantity: order.origQty,
    filledQuantity,
    averagePrice: isZero(filledQuantity) ? null : order.avgPrice,
    reduceOnly: order.reduceOnly,
    state,
    reason: reasonOf(state, order.status),
  };
}

/** A trigger order with what became of the order it fired, once it has; null for what is no USDT perpetual. */
export function toVenueAlgoOrder(algo: WireAlgoOrder, fired: WireOrder | null): VenueOrder | null {
  const symbol = symbolOf(algo.symbol);
  if (symbol === null) return null;
  const filledQuantity = fired?.executedQty ?? ZERO;
  const state = fired === null ? algoStateOf(algo.algoStatus) : stateOf(fired.status, filledQuantity);
  return {
    clientOrderId: algo.clientAlgoId,
    venueOrderId: `algo-${algo.algoId}`,
    symbol,
    side: SIDES[algo.side],
    type: typeOf(algo.orderType, { price: ZERO, triggerPrice: algo.triggerPrice, timeInForce: undefined }),
    quantity: algo.quantity,
    filledQuantity,
    averagePrice: isZero(filledQuantity) ? null : (fired?.avgPrice ?? null),
    reduceOnly: algo.reduceOnly,
    state,
    reason: reasonOf(state, fired?.status ?? algo.algoStatus),
  };
}

/** Market orders, which we never place, are told as immediate limits without a price. */
function typeOf(
  type: string,
  {
    price,
    triggerPrice,
    timeInForce,
  }: { readonly price: Decimal; readonly triggerPrice: Decimal; readonly timeInForce: string | undefined },
): OrderType {
  if (type.startsWith('TAKE_PROFIT')) return { kind: 'trigger', trigger: 'take_profit', triggerPrice };
  if (type.startsWith('STOP') || type.startsWith('TRAILING_STOP')) return { kind: 'trigger', trigger: 'stop_loss', triggerPrice };
  return { kind: 'limit', price, timeInForce: type === 'MARKET' ? 'ioc' : (TIME_IN_FORCE[timeInForce ?? ''] ?? 'gtc') };
}

function stateOf(status: string, filled: Decimal): VenueOrderState {
  if (status === 'FILLED') return 'filled';
  if (status === 'CANCELED') return 'canceled';
  if (status.startsWith('EXPIRED')) return 'expired';
  if (status === 'REJECTED') return 'rejected';
  return isZero(filled) ? 'open' : 'partially_filled';
}

/** Before it has fired; what has fired is told by the order it became. */
function algoStateOf(status: string): VenueOrderState {
  if (status === 'CANCELED') return 'canceled';
  if (status === 'EXPIRED') return 'expired';
  return status === 'REJECTED' ? 'rejected' : 'open';
}

const reasonOf = (state: VenueOrderState, status: string): string | null =>
  state === 'canceled' || state === 'expired' || state === 'rejected' ? status : null;

export const isForced = (clientOrderId: string): boolean => FORCED.test(clientOrderId);

/** null for what is no USDT perpetual. `fee` is the commission in the quote currency. */
export function toVenueFill(trade: WireTrade, clientOrderId: string | null, fee: Decimal): VenueFill | null {
  const symbol = symbolOf(trade.symbol);
  if (symbol === null) return null;
  const at = timestamp(trade.time);
  return {
    clientOrderId,
    tradeId: tradeId(trade.symbol, trade.id),
    symbol,
    side: SIDES[trade.side],
    price: trade.price,
    quantity: trade.qty,
    fee,
    liquidity: trade.maker ? 'maker' : 'taker',
    isLiquidation: clientOrderId !== null && isForced(clientOrderId),
    filledAt: at,
    marketTime: at,
  };
}

/** Trade numbers are unique per symbol only. */
const tradeId = (symbol: string, id: string): string => `${symbol}-${id}`;

/** `CALCULATED` is an execution of the venue's own in a liquidation. */
const EXECUTIONS = new Set(['TRADE', 'CALCULATED']);

/** The execution inside an order event, in the form of a trade; null when the event tells none. */
export function tradeOf(event: OrderEvent): WireTrade | null {
  if (!EXECUTIONS.has(event.x) || isZero(event.l)) return null;
  return {
    id: event.t,
    orderId: event.i,
    symbol: event.s,
    side: event.S,
    price: event.L,
    qty: event.l,
    commission: event.n ?? ZERO,
    commissionAsset: event.N ?? '',
    maker: event.m,
    time: event.T,
  };
}

export const orderOf = (event: OrderEvent): WireOrder => ({
  orderId: event.i,
  symbol: event.s,
  status: event.X,
  clientOrderId: event.c,
  price: event.p,
  avgPrice: event.ap,
  origQty: event.q,
  executedQty: event.z,
  timeInForce: event.f,
  type: event.o,
  stopPrice: event.sp,
  reduceOnly: event.R,
  side: event.S,
});

/** Positions and balance are read one after the other; equity is made of both. */
export function toVenueAccount(
  account: WireAccount,
  positions: readonly WirePosition[],
  leverages: ReadonlyMap<string, number>,
): VenueAccount {
  const held = positions.filter((position) => !isZero(position.positionAmt));
  const balance = account.totalWalletBalance;
  return {
    balance,
    equity: add(balance, sum(held.map((position) => position.unRealizedProfit))),
    available: account.availableBalance,
    positions: held.flatMap((position): VenuePosition[] => {
      const symbol = symbolOf(position.symbol);
      if (symbol === null) return [];
      return [
        {
          symbol,
          quantity: position.positionAmt,
          averageEntryPrice: position.entryPrice,
          markPrice: position.markPrice,
          unrealizedPnl: position.unRealizedProfit,
          margin: position.positionInitialMargin,
          leverage: leverages.get(position.symbol) ?? 1,
          liquidationPrice: isZero(position.liquidationPrice) ? null : position.liquidationPrice,
        },
      ];
    }),
  };
}
