import { add, ceilToStep, type Decimal, decimal, floorToStep, max, mul, ONE, type OrderSide, sub, unreachable } from '@hyperoru/domain';
import type { OrderRequest } from '@hyperoru/engine';
import type { Asset } from './assets.ts';
import { isValidPrice, isValidSize, priceIncrementAt } from './precision.ts';

/** The venue's form of a client order id. */
const CLIENT_ORDER_ID = /^0x[0-9a-f]{32}$/;
export const isClientOrderId = (text: string): boolean => CLIENT_ORDER_ID.test(text);

const TIME_IN_FORCE = { gtc: 'Gtc', ioc: 'Ioc', post_only: 'Alo' } as const;

/** Why a request cannot be an order of this asset at all; null when it can. Told before anything is sent or changed. */
export function problemOf(request: OrderRequest, asset: Asset): { readonly code: string; readonly message: string } | null {
  const { clientOrderId, type, quantity, leverage, reduceOnly } = request;
  const price = type.kind === 'limit' ? type.price : type.triggerPrice;
  if (!isClientOrderId(clientOrderId)) return { code: 'invalid_client_order_id', message: 'Client order ids are 0x and 32 hex digits.' };
  if (type.kind === 'limit' && type.timeInForce === 'fok')
    return { code: 'time_in_force_unsupported', message: 'Hyperliquid has no fill-or-kill orders.' };
  if (type.kind === 'trigger' && !reduceOnly)
    return { code: 'trigger_must_be_reduce_only', message: 'A trigger order must be reduce-only.' };
  if (!isValidPrice(price, asset.sizeDecimals))
    return { code: 'invalid_price', message: `${asset.coin} takes prices of 5 significant figures, was ${price}.` };
  if (!isValidSize(quantity, asset.sizeDecimals))
    return { code: 'invalid_quantity', message: `${asset.coin} takes sizes of ${asset.sizeDecimals} decimals, was ${quantity}.` };
  if (!reduceOnly && !(Number.isInteger(leverage) && leverage >= 1 && leverage <= asset.leverageMax))
    return { code: 'invalid_leverage', message: `${asset.coin} takes a leverage of 1 to ${asset.leverageMax}, was ${leverage}.` };
  return null;
}

/** The action that places one order. The order of keys is part of what is signed. */
export function orderAction(request: OrderRequest, asset: Asset): Readonly<Record<string, unknown>> {
  const { type } = request;
  const order = {
    a: asset.id,
    b: request.side === 'buy',
    p: type.kind === 'limit' ? type.price : worstPrice(type.triggerPrice, request.side, asset),
    s: request.quantity,
    r: request.reduceOnly,
    t: wireType(type),
    c: request.clientOrderId,
  };
  return { type: 'order', orders: [order], grouping: 'na' };
}

/** The venue's own tolerance for a trigger that fires as a market order. */
const TRIGGER_SLIPPAGE = decimal('0.1');

/** The limit of a fired trigger: a tenth worse than its trigger price, so that it executes wherever the venue would let it. */
function worstPrice(trigger: Decimal, side: OrderSide, asset: Asset): Decimal {
  const raw = mul(trigger, side === 'buy' ? add(ONE, TRIGGER_SLIPPAGE) : sub(ONE, TRIGGER_SLIPPAGE));
  const increment = priceIncrementAt(raw, asset.sizeDecimals);
  return side === 'buy' ? ceilToStep(raw, increment) : max(increment, floorToStep(raw, increment));
}

function wireType(type: OrderRequest['type']): Readonly<Record<string, unknown>> {
  switch (type.kind) {
    case 'limit':
      if (type.timeInForce === 'fok') throw new Error('Expected no fill-or-kill order.');
      return { limit: { tif: TIME_IN_FORCE[type.timeInForce] } };
    case 'trigger':
      return { trigger: { isMarket: true, triggerPx: type.triggerPrice, tpsl: type.trigger === 'stop_loss' ? 'sl' : 'tp' } };
    default:
      return unreachable(type);
  }
}

export const cancelAction = (asset: Asset, clientOrderId: string): Readonly<Record<string, unknown>> => ({
  type: 'cancelByCloid',
  cancels: [{ asset: asset.id, cloid: clientOrderId }],
});

export const leverageAction = (asset: Asset, leverage: number, isCross: boolean): Readonly<Record<string, unknown>> => ({
  type: 'updateLeverage',
  asset: asset.id,
  isCross,
  leverage,
});
