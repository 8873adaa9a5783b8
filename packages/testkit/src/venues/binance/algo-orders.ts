import { type Decimal, isTriggered, type OrderSide, type Symbol, ZERO } from '@hyperoru/domain';
import { isOpenStatus, type VenueOrderRecord } from '../core/records.ts';
import { shown } from './account-shapes.ts';
import { ApiError, apiError } from './api-error.ts';
import { type Answer, type Call, type Desk, symbolOfCall } from './desk.ts';
import { checkPrice, checkQuantity } from './filters.ts';
import { clientIdOf, positionSideOf, refusalOf, sideOf } from './place-order.ts';
import type { KnownSymbol } from './symbols.ts';
import { conditionalType, isConditional, positionSideOf as shownSideOf, textOf } from './wire-orders.ts';

/** Conditional orders that may be open over all symbols. */
export const OPEN_ALGO_ORDERS_MAX = 200;
const HISTORY_ROWS_DEFAULT = 500;
const HISTORY_ROWS_MAX = 1000;

const TRIGGERS: Readonly<Record<string, 'stop_loss' | 'take_profit'>> = { STOP_MARKET: 'stop_loss', TAKE_PROFIT_MARKET: 'take_profit' };
const WORKING_TYPES = ['MARK_PRICE', 'CONTRACT_PRICE'];

interface AlgoRequest {
  readonly trigger: 'stop_loss' | 'take_profit';
  readonly triggerPrice: Decimal;
  /** null = the whole position. */
  readonly quantity: Decimal | null;
  readonly positionSide: string | null;
  readonly clientAlgoId: string;
  readonly workingType: string;
}

/**
 * `POST /fapi/v1/algoOrder`. No margin is checked before the order triggers. The venue here knows protective orders at the
 * market only (STOP_MARKET and TAKE_PROFIT_MARKET that reduce or close): other types are refused with -1116, a trigger that
 * could open a position with -4062.
 */
export function placeAlgoOrder(call: Call): Answer {
  const { desk, accountId } = call;
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const side = sideOf(call);
  if (side instanceof ApiError) return side;
  const request = readAlgoRequest(call, symbol, side);
  if (request instanceof ApiError) return request;
  const refusal = checkAlgoOrder(call, symbol, side, request);
  if (refusal !== null) return refusal;
  const { trigger, triggerPrice, quantity, positionSide, clientAlgoId, workingType } = request;
  const placed = desk.venue.place(accountId, {
    clientOrderId: clientAlgoId,
    symbol: symbol.name,
    side,
    type: { kind: 'trigger', trigger, triggerPrice },
    quantity: quantity ?? symbol.instrument.quantityMin,
    reduceOnly: true,
    followsPosition: quantity === null,
    extra: { workingType, ...(positionSide === null ? {} : { positionSide }) },
  });
  return placed.kind === 'refused' ? refusalOf(placed.code) : newAlgoJson(placed.order);
}

function readAlgoRequest(call: Call, symbol: KnownSymbol, side: OrderSide): AlgoRequest | ApiError {
  const { params } = call;
  if (params.text('algoType') !== 'CONDITIONAL') return apiError(params.has('algoType') ? -1130 : -1102, 'algoType');
  const trigger = TRIGGERS[params.text('type') ?? ''];
  if (trigger === undefined) return params.has('type') ? apiError(-1116) : apiError(-1102, 'type');
  const triggerPrice = params.decimal('triggerPrice');
  if (triggerPrice === null) return apiError(-1102, 'triggerPrice');
  const workingType = params.text('workingType') ?? 'CONTRACT_PRICE';
  if (!WORKING_TYPES.includes(workingType)) return apiError(-1130, 'workingType');
  const position = positionSideOf(call, side);
  if (position instanceof ApiError) return position;
  const quantity = quantityOf(call, position.reduceOnly);
  if (quantity instanceof ApiError) return quantity;
  const clientAlgoId = clientIdOf(call, 'clientAlgoId');
  if (clientAlgoId instanceof ApiError) return clientAlgoId;
  const refusal = checkPrice(symbol, triggerPrice) ?? (quantity === null ? null : checkQuantity(symbol, quantity, true));
  const positionSide = typeof position.extra['positionSide'] === 'string' ? position.extra['positionSide'] : null;
  return refusal ?? { trigger, triggerPrice, quantity, positionSide, clientAlgoId, workingType };
}

/** `closePosition` takes neither quantity nor reduceOnly. */
function quantityOf({ params }: Call, reduceOnly: boolean): Decimal | null | ApiError {
  if (params.flag('closePosition')) {
    if (params.has('quantity')) return apiError(-4137);
    if (params.has('reduceOnly')) return params.flag('reduceOnly') ? apiError(-1106, 'reduceOnly') : apiError(-4138);
    return null;
  }
  if (!reduceOnly) return apiError(-4062);
  return params.decimal('quantity') ?? apiError(-1102, 'quantity');
}

function checkAlgoOrder({ desk, accountId }: Call, symbol: KnownSymbol, side: OrderSide, request: AlgoRequest): ApiError | null {
  const open = openAlgoOrders(desk, accountId);
  if (open.some((order) => order.clientOrderId === request.clientAlgoId)) return apiError(-4116);
  if (open.length >= OPEN_ALGO_ORDERS_MAX) return apiError(-4045);
  const isSame = (order: VenueOrderRecord) =>
    order.symbol === symbol.name && order.side === side && order.followsPosition && order.type.kind === 'trigger';
  const closing = request.quantity === null ? open.filter(isSame) : [];
  if (closing.some((order) => order.type.kind === 'trigger' && order.type.trigger === request.trigger)) return apiError(-4130);
  const mark = desk.venue.market.price(symbol.name)?.mark;
  if (mark === undefined) return apiError(-1000);
  return isTriggered({ side, ...request }, mark) ? apiError(-2021) : null;
}

function openAlgoOrders({ venue }: Desk, accountId: string): readonly VenueOrderRecord[] {
  return venue.openOrders(accountId).filter((order) => isConditional(order) && order.firedId === null);
}

/** `GET /fapi/v1/algoOrder`. */
export function getAlgoOrder(call: Call): Answer {
  const order = wantedAlgoOrder(call);
  if (order instanceof ApiError) return order;
  return order === null || call.desk.venue.isHidden(order, 'lookup') ? apiError(-2013) : algoJson(order);
}

/** `DELETE /fapi/v1/algoOrder`. */
export function cancelAlgoOrder(call: Call): Answer {
  const order = wantedAlgoOrder(call);
  if (order instanceof ApiError) return order;
  const isOpen = order !== null && isOpenStatus(order.status) && order.firedId === null;
  if (!isOpen || call.desk.venue.cancel(call.accountId, order.id) === 'gone') return apiError(-2011);
  return { algoId: order.id, clientAlgoId: order.clientOrderId, code: '200', msg: 'success' };
}

function wantedAlgoOrder({ desk, accountId, params }: Call): VenueOrderRecord | null | ApiError {
  const algoId = params.integer('algoId');
  const clientAlgoId = params.text('clientAlgoId');
  if (algoId === null && clientAlgoId === null) return apiError(-1102, 'algoId');
  const { orders } = desk.venue.books;
  const order = algoId === null ? null : orders.get(algoId);
  const named = clientAlgoId === null ? [] : orders.byClientId(accountId, clientAlgoId).filter(wasTaken);
  const found = algoId === null ? (named.at(-1) ?? null) : order;
  return found !== null && found.accountId === accountId && wasTaken(found) ? found : null;
}

/** A conditional order that the venue accepted, whatever became of it. */
const wasTaken = (order: VenueOrderRecord): boolean =>
  isConditional(order) && (order.status !== 'rejected' || (order.reason?.endsWith('_at_trigger') ?? false));

/** `DELETE /fapi/v1/algoOpenOrders`: all conditional orders of one symbol. */
export function cancelAllAlgoOrders(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  for (const order of openAlgoOrders(call.desk, call.accountId)) {
    if (order.symbol === symbol.name) call.desk.venue.cancel(call.accountId, order.id);
  }
  return { code: 200, msg: 'The operation of cancel all open order is done.' };
}

/** `GET /fapi/v1/openAlgoOrders`. */
export function getOpenAlgoOrders(call: Call): Answer {
  const symbol = call.params.has('symbol') ? symbolOfCall(call) : null;
  if (symbol instanceof ApiError) return symbol;
  const algoId = call.params.integer('algoId');
  return openAlgoOrders(call.desk, call.accountId)
    .filter((order) => (symbol === null || order.symbol === symbol.name) && (algoId === null || order.id === algoId))
    .filter((order) => !call.desk.venue.isHidden(order, 'open_orders'))
    .map(algoJson);
}

/** `GET /fapi/v1/allAlgoOrders`: from an id on, or the newest in a span of time. */
export function getAllAlgoOrders(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const { params } = call;
  const from = params.integer('algoId');
  const since = params.integer('startTime') ?? 0;
  const until = params.integer('endTime') ?? Number.MAX_SAFE_INTEGER;
  const limit = Math.min(params.integer('limit') ?? HISTORY_ROWS_DEFAULT, HISTORY_ROWS_MAX);
  const all = algoOrdersOf(call, symbol.name);
  if (from !== null)
    return all
      .filter((order) => order.id >= from)
      .slice(0, limit)
      .map(algoJson);
  return all
    .filter((order) => order.createdAt >= since && order.createdAt <= until)
    .slice(-limit)
    .map(algoJson);
}

function algoOrdersOf({ desk, accountId }: Call, symbol: Symbol): readonly VenueOrderRecord[] {
  const { books } = desk.venue;
  const own = books.orders.all().filter((order) => order.accountId === accountId && order.symbol === symbol && wasTaken(order));
  return own.filter((order) => !desk.venue.isHidden(order, 'history'));
}

/** A conditional order as the answer to its placement shows it. */
const newAlgoJson = (order: VenueOrderRecord): object => ({ ...algoPart(order), activatePrice: '', callbackRate: '' });

/** A conditional order as lookups show it, with the order it became. */
function algoJson(order: VenueOrderRecord): object {
  const { firedId, averagePrice, filledQuantity } = order;
  return {
    ...algoPart(order),
    actualOrderId: firedId === null ? '' : String(firedId),
    actualPrice: shown(averagePrice ?? ZERO),
    actualQty: filledQuantity,
    actualType: firedId === null ? '' : 'MARKET',
    tpOrderType: '',
  };
}

function algoPart(order: VenueOrderRecord) {
  const { type, firedId } = order;
  return {
    algoId: order.id,
    clientAlgoId: order.clientOrderId ?? '',
    algoType: 'CONDITIONAL',
    orderType: conditionalType(order),
    symbol: order.symbol,
    side: order.side === 'buy' ? 'BUY' : 'SELL',
    positionSide: shownSideOf(order),
    timeInForce: 'GTC',
    quantity: shownQuantity(order),
    algoStatus: algoStatusOf(order),
    triggerPrice: type.kind === 'trigger' ? type.triggerPrice : ZERO,
    price: ZERO,
    icebergQuantity: null,
    selfTradePreventionMode: 'EXPIRE_MAKER',
    workingType: textOf(order, 'workingType', 'CONTRACT_PRICE'),
    priceMatch: 'NONE',
    closePosition: order.followsPosition,
    priceProtect: false,
    reduceOnly: !order.followsPosition,
    createTime: order.createdAt,
    updateTime: order.updatedAt,
    triggerTime: firedId === null ? 0 : order.updatedAt,
    goodTillDate: 0,
  };
}

export const shownQuantity = (order: VenueOrderRecord): Decimal => (order.followsPosition ? ZERO : order.originalQuantity);

export type AlgoStatus = 'NEW' | 'TRIGGERING' | 'TRIGGERED' | 'FINISHED' | 'CANCELED' | 'REJECTED' | 'EXPIRED';

export function algoStatusOf(order: VenueOrderRecord): AlgoStatus {
  switch (order.status) {
    case 'open':
    case 'waiting':
      return 'NEW';
    case 'partially_filled':
      return 'TRIGGERED';
    case 'filled':
      return 'FINISHED';
    case 'rejected':
      return 'REJECTED';
    case 'canceled':
      if (order.firedId !== null) return 'FINISHED';
      return order.reason === 'position_closed' ? 'EXPIRED' : 'CANCELED';
  }
}
