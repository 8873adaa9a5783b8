import type { Instrument, Symbol } from '../market/instrument.ts';
import { type Decimal, eq, floorToStep, isPositive, isZero, lt, mul } from '../money/decimal.ts';
import type { OrderSide, OrderType } from '../orders/order.ts';
import { err, ok, type Result } from '../result.ts';
import type { Timestamp } from '../time/timestamp.ts';
import type { AccountState } from './account-state.ts';
import { reducible } from './resting-orders.ts';
import { type MatchingMarket, type MatchingRules, OPEN_ORDERS_MAX } from './rules.ts';

/** An order as it reaches the engine. */
export interface MatchingRequest {
  readonly clientOrderId: string;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly quantity: Decimal;
  readonly reduceOnly: boolean;
  readonly leverage: number;
  /** Refused after this moment of `market.now`. */
  readonly deadline: Timestamp;
}

/** Why an order was refused; `message` names the cause and what to do. */
export interface MatchingRejection {
  readonly code: MatchingRejectionCode;
  readonly message: string;
}

export type MatchingRejectionCode =
  | 'expired_deadline'
  | 'duplicate_client_order_id'
  | 'unknown_symbol'
  | 'no_price'
  | 'too_many_open_orders'
  | 'invalid_leverage'
  | 'invalid_quantity'
  | 'invalid_price'
  | 'below_minimum_quantity'
  | 'below_minimum_notional'
  | 'insufficient_margin'
  | 'reduce_only_would_increase'
  | 'trigger_must_be_reduce_only'
  | 'would_trigger_immediately'
  | 'post_only_would_match'
  | 'fok_not_filled';

export const rejected = (code: MatchingRejectionCode, message: string): Result<never, MatchingRejection> => err({ code, message });

/** Everything that can be said without looking at the book: time, identity, instrument, increments, minimums, direction. */
export function checkRequest(
  state: AccountState,
  request: MatchingRequest,
  market: MatchingMarket,
): Result<{ readonly rules: MatchingRules; readonly mark: Decimal }, MatchingRejection> {
  if (market.now > request.deadline)
    return rejected('expired_deadline', 'The order arrived after its deadline; decide again from current prices.');
  if (state.orders.some((order) => order.clientOrderId === request.clientOrderId)) return duplicateRejection(request.clientOrderId);
  const rules = market.rules.get(request.symbol);
  if (rules === undefined) return rejected('unknown_symbol', `${request.symbol} is not traded here.`);
  const mark = market.marks.get(request.symbol);
  if (mark === undefined) return rejected('no_price', `${request.symbol} has no price yet; try again once the market has started.`);
  if (state.orders.length >= OPEN_ORDERS_MAX) {
    return rejected('too_many_open_orders', `${OPEN_ORDERS_MAX} orders rest already; cancel some first.`);
  }
  const refusal = checkNumbers(request, rules.instrument) ?? checkDirection(state, request);
  return refusal ?? ok({ rules, mark });
}

export const duplicateRejection = (clientOrderId: string): Result<never, MatchingRejection> =>
  rejected(
    'duplicate_client_order_id',
    `The client order id ${clientOrderId} was used before; look the order up instead of sending it again.`,
  );

function checkNumbers(request: MatchingRequest, instrument: Instrument): Result<never, MatchingRejection> | null {
  const { leverage, quantity, symbol } = request;
  if (!Number.isInteger(leverage) || leverage < 1 || leverage > instrument.leverageMax) {
    return rejected(
      'invalid_leverage',
      `Leverage of ${symbol} must be a whole number from 1 to ${instrument.leverageMax}, was ${leverage}.`,
    );
  }
  const price = request.type.kind === 'limit' ? request.type.price : request.type.triggerPrice;
  if (!isPositive(price) || !isMultiple(price, instrument.priceIncrement)) {
    return rejected('invalid_price', `Prices of ${symbol} must be positive multiples of ${instrument.priceIncrement}, was ${price}.`);
  }
  if (!isPositive(quantity) || !isMultiple(quantity, instrument.sizeIncrement)) {
    return rejected(
      'invalid_quantity',
      `Quantities of ${symbol} must be positive multiples of ${instrument.sizeIncrement}, was ${quantity}.`,
    );
  }
  // What is left of a position can always be closed, however small.
  if (request.reduceOnly) return null;
  if (lt(quantity, instrument.quantityMin)) {
    return rejected('below_minimum_quantity', `The smallest order of ${symbol} is ${instrument.quantityMin}, was ${quantity}.`);
  }
  const notional = mul(price, quantity);
  if (lt(notional, instrument.notionalMin)) {
    return rejected(
      'below_minimum_notional',
      `An order must be worth at least ${instrument.notionalMin} ${instrument.quoteCurrency}, was ${notional}.`,
    );
  }
  return null;
}

function checkDirection(state: AccountState, request: MatchingRequest): Result<never, MatchingRejection> | null {
  if (request.type.kind === 'trigger' && !request.reduceOnly) {
    return rejected('trigger_must_be_reduce_only', 'Stop-loss and take-profit orders only reduce; send them as reduce-only.');
  }
  if (request.reduceOnly && isZero(reducible(state, request.symbol, request.side))) {
    return rejected('reduce_only_would_increase', `There is no ${request.symbol} position that a ${request.side} order could reduce.`);
  }
  return null;
}

const isMultiple = (value: Decimal, step: Decimal): boolean => eq(floorToStep(value, step), value);
