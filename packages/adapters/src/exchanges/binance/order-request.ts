import { floorToStep, type Instrument, isPositive, unreachable } from '@hyperoru/domain';
import type { OrderRequest } from '@hyperoru/engine';
import { LEVERAGE_MAX, wireSymbol } from './instruments.ts';
import type { Parameters } from './signer.ts';

const CLIENT_ORDER_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;
export const isClientOrderId = (text: string): boolean => CLIENT_ORDER_ID.test(text);

const TIME_IN_FORCE = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', post_only: 'GTX' } as const;

/** Why a request cannot be an order of this instrument at all; null when it can. Told before anything is sent or changed. */
export function problemOf(request: OrderRequest, instrument: Instrument): { readonly code: string; readonly message: string } | null {
  const { clientOrderId, type, quantity, leverage, reduceOnly, symbol } = request;
  const price = type.kind === 'limit' ? type.price : type.triggerPrice;
  if (!isClientOrderId(clientOrderId))
    return { code: 'invalid_client_order_id', message: 'Client order ids are 1 to 36 letters, digits or signs.' };
  if (type.kind === 'trigger' && !reduceOnly)
    return { code: 'trigger_must_be_reduce_only', message: 'A trigger order must be reduce-only.' };
  if (!isPositive(price) || floorToStep(price, instrument.priceIncrement) !== price)
    return { code: 'invalid_price', message: `Prices of ${symbol} are multiples of ${instrument.priceIncrement}, was ${price}.` };
  if (!isPositive(quantity) || floorToStep(quantity, instrument.sizeIncrement) !== quantity)
    return { code: 'invalid_quantity', message: `Sizes of ${symbol} are multiples of ${instrument.sizeIncrement}, was ${quantity}.` };
  if (!reduceOnly && !(Number.isInteger(leverage) && leverage >= 1 && leverage <= LEVERAGE_MAX))
    return { code: 'invalid_leverage', message: `Leverage is 1 to ${LEVERAGE_MAX}, was ${leverage}.` };
  return null;
}

export interface PlaceCall {
  readonly kind: 'plain' | 'algo';
  readonly path: string;
  readonly parameters: Parameters;
}

/** How one order is placed: trigger orders have had a list of their own since December 2025. */
export function placeCall(request: OrderRequest): PlaceCall {
  const { type, symbol, side, quantity, reduceOnly, clientOrderId } = request;
  const common = {
    symbol: wireSymbol(symbol),
    side: side === 'buy' ? 'BUY' : 'SELL',
    quantity,
    ...(reduceOnly ? { reduceOnly: 'true' } : {}),
  };
  switch (type.kind) {
    case 'limit':
      return {
        kind: 'plain',
        path: '/fapi/v1/order',
        parameters: {
          ...common,
          type: 'LIMIT',
          timeInForce: TIME_IN_FORCE[type.timeInForce],
          price: type.price,
          newClientOrderId: clientOrderId,
          newOrderRespType: 'ACK',
        },
      };
    case 'trigger':
      return {
        kind: 'algo',
        path: '/fapi/v1/algoOrder',
        parameters: {
          algoType: 'CONDITIONAL',
          ...common,
          type: type.trigger === 'stop_loss' ? 'STOP_MARKET' : 'TAKE_PROFIT_MARKET',
          triggerPrice: type.triggerPrice,
          workingType: 'MARK_PRICE',
          clientAlgoId: clientOrderId,
        },
      };
    default:
      return unreachable(type);
  }
}
