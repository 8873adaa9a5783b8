import { abs, add, type Decimal, gt, mul, neg, type OrderSide, positionOf, type TimeInForce, ZERO } from '@hyperoru/domain';
import type { RefusalCode } from '../core/place-on-venue.ts';
import { type Extra, isOpenStatus, type VenueOrderType } from '../core/records.ts';
import { ApiError, apiError } from './api-error.ts';
import { type Answer, type Call, type Desk, pricesOf, symbolOfCall } from './desk.ts';
import { checkFilters } from './filters.ts';
import { type KnownSymbol, notionalCapAt } from './symbols.ts';
import { isConditional, newOrderJson, wireOrder } from './wire-orders.ts';

/** Regular orders that may be open per symbol. */
export const OPEN_ORDERS_PER_SYMBOL_MAX = 200;
const CLIENT_ID_LENGTH_MAX = 36;
const CLIENT_ID = /^[.A-Z:/a-z0-9_-]+$/;
const CONDITIONAL_TYPES = ['STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'];
/** A GTD order must live at least this long, ms. */
const GOOD_TILL_MS_MIN = 600_000;

const TIMES_IN_FORCE: Readonly<Record<string, TimeInForce>> = { GTC: 'gtc', IOC: 'ioc', FOK: 'fok', GTX: 'post_only', GTD: 'gtc' };

/** The venue's codes for what the core refuses. */
const REFUSALS: Readonly<Record<RefusalCode, number>> = {
  expired_deadline: -5028,
  duplicate_client_order_id: -4116,
  client_id_in_use: -4116,
  unknown_symbol: -1121,
  symbol_halted: -4108,
  no_price: -1000,
  too_many_open_orders: -2025,
  invalid_leverage: -2027,
  invalid_quantity: -4023,
  invalid_price: -4014,
  below_minimum_quantity: -4004,
  below_minimum_notional: -4164,
  insufficient_margin: -2019,
  reduce_only_would_increase: -2022,
  trigger_must_be_reduce_only: -2022,
  would_trigger_immediately: -2021,
  post_only_would_match: -5022,
  fok_not_filled: -5021,
};

export const refusalOf = (code: RefusalCode): ApiError => apiError(REFUSALS[code]);

/** `POST /fapi/v1/order`. */
export function placeOrder(call: Call): Answer {
  const { desk, accountId, params } = call;
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const side = sideOf(call);
  if (side instanceof ApiError) return side;
  const type = orderTypeOf(call);
  if (type instanceof ApiError) return type;
  const quantity = params.decimal('quantity');
  if (quantity === null) return apiError(-1102, 'quantity');
  const position = positionSideOf(call, side);
  if (position instanceof ApiError) return position;
  const clientOrderId = clientIdOf(call, 'newClientOrderId');
  if (clientOrderId instanceof ApiError) return clientOrderId;
  const prices = pricesOf(desk, symbol.name, side);
  if (prices === null) return apiError(-1000);
  const { reduceOnly } = position;
  const limit = type.kind === 'limit' ? type.price : null;
  const refusal =
    checkFilters(symbol, { side, quantity, limit, reduceOnly }, prices) ??
    checkOpenOrders(call, symbol, clientOrderId) ??
    (reduceOnly ? null : checkNotionalCap(call, symbol, { side, quantity, price: limit ?? prices.mark }));
  if (refusal !== null) return refusal;
  const extra = { ...position.extra, ...goodTillOf(call) };
  const placed = desk.venue.place(accountId, { clientOrderId, symbol: symbol.name, side, type, quantity, reduceOnly, extra });
  if (placed.kind === 'refused') return refusalOf(placed.code);
  const shown = wireOrder(placed.order);
  if (shown === null) throw new Error(`Expected order ${placed.order.id} to be a regular one.`);
  // ACK tells only that the order was taken.
  return newOrderJson(params.text('newOrderRespType') === 'RESULT' ? shown : { ...shown, status: 'NEW', executedQty: ZERO });
}

export function sideOf({ params }: Call): OrderSide | ApiError {
  const side = params.text('side');
  if (side === null) return apiError(-1102, 'side');
  if (side === 'BUY') return 'buy';
  return side === 'SELL' ? 'sell' : apiError(-1117);
}

function orderTypeOf({ params, desk }: Call): Exclude<VenueOrderType, { kind: 'trigger' }> | ApiError {
  const type = params.text('type');
  if (type === null) return apiError(-1102, 'type');
  if (CONDITIONAL_TYPES.includes(type)) return apiError(-4120);
  if (type === 'MARKET') return params.has('price') ? apiError(-1106, 'price') : { kind: 'market' };
  if (type !== 'LIMIT') return apiError(-1116);
  const word = params.text('timeInForce');
  if (word === null) return apiError(-1102, 'timeInForce');
  const timeInForce = TIMES_IN_FORCE[word];
  if (timeInForce === undefined) return apiError(-1115);
  const price = params.decimal('price');
  if (price === null) return apiError(-1102, 'price');
  if (word !== 'GTD') return { kind: 'limit', price, timeInForce };
  const until = params.integer('goodTillDate');
  if (until === null) return apiError(-1102, 'goodTillDate');
  return until > desk.venue.now() + GOOD_TILL_MS_MIN ? { kind: 'limit', price, timeInForce } : apiError(-4531);
}

const goodTillOf = ({ params }: Call): Extra =>
  params.text('timeInForce') === 'GTD' ? { goodTillDate: params.integer('goodTillDate') } : {};

/**
 * Whether the order only reduces, and what is kept of its position side. In hedge mode the venue here holds one side of a
 * symbol at a time: an order that would open the other beside it is refused with -2010.
 */
export function positionSideOf(
  { desk, accountId, params }: Call,
  side: OrderSide,
): { readonly reduceOnly: boolean; readonly extra: Extra } | ApiError {
  const named = params.text('positionSide') ?? 'BOTH';
  if (!['BOTH', 'LONG', 'SHORT'].includes(named)) return apiError(-4060);
  if ((named !== 'BOTH') !== desk.modes.isHedge(accountId)) return apiError(-4061);
  if (named === 'BOTH') return { reduceOnly: params.flag('reduceOnly'), extra: {} };
  if (params.has('reduceOnly')) return apiError(-4062);
  const reduceOnly = (named === 'LONG') !== (side === 'buy');
  if (!reduceOnly && holdsOther(desk, accountId, params.text('symbol'), side)) return apiError(-2010);
  return { reduceOnly, extra: { positionSide: named } };
}

function holdsOther(desk: Desk, accountId: string, name: string | null, side: OrderSide): boolean {
  const symbol = desk.symbols.get(name);
  const held = symbol === null ? null : positionOf(desk.venue.books.account(accountId).state, symbol.name);
  return held !== null && gt(held.quantity, ZERO) !== (side === 'buy');
}

/** The client id of the request, or one the venue makes. -4015 when too long, -1100 when it has other characters. */
export function clientIdOf({ desk, params }: Call, name: string): string | ApiError {
  const id = params.text(name);
  if (id === null) return `auto_${desk.venue.books.lastId + 1}`;
  if (id.length > CLIENT_ID_LENGTH_MAX) return apiError(-4015);
  return CLIENT_ID.test(id) ? id : apiError(-1100, name);
}

/** Client ids are unique among open orders only: an id of a final order may be used again. */
function checkOpenOrders({ desk, accountId }: Call, symbol: KnownSymbol, clientOrderId: string): ApiError | null {
  const open = desk.venue.books.orders.live(accountId).filter((order) => !isConditional(order) && isOpenStatus(order.status));
  if (open.some((order) => order.clientOrderId === clientOrderId)) return apiError(-4116);
  return open.filter((order) => order.symbol === symbol.name).length >= OPEN_ORDERS_PER_SYMBOL_MAX ? apiError(-2025) : null;
}

/** The position after the order must lie within what the leverage allows. */
function checkNotionalCap(
  { desk, accountId }: Call,
  { name, extras }: KnownSymbol,
  order: { readonly side: OrderSide; readonly quantity: Decimal; readonly price: Decimal },
): ApiError | null {
  const held = positionOf(desk.venue.books.account(accountId).state, name)?.quantity ?? ZERO;
  const after = add(held, order.side === 'buy' ? order.quantity : neg(order.quantity));
  const cap = notionalCapAt(extras.brackets, desk.venue.leverageOf(accountId, name).leverage);
  return gt(abs(after), abs(held)) && gt(mul(abs(after), order.price), cap) ? apiError(-2027) : null;
}
