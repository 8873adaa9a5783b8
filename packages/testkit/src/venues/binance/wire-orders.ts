import { type Decimal, div, eq, mul, round, type Symbol, sum, ZERO } from '@hyperoru/domain';
import type { VenueFillRecord, VenueOrderRecord } from '../core/records.ts';
import type { Desk } from './desk.ts';

/** Decimals of computed numbers on the wire. */
const PLACES = 8;
const DAY_MS = 86_400_000;
/** An order that ended without a fill can be looked up this long, ms. */
export const UNFILLED_KEPT_MS = 3 * DAY_MS;
export const FILLED_KEPT_MS = 90 * DAY_MS;

/** An order as this venue shows it: of its own, what a conditional order became, or what the venue did itself. */
export interface WireOrder {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly symbol: Symbol;
  readonly side: 'BUY' | 'SELL';
  readonly positionSide: string;
  readonly type: string;
  readonly origType: string;
  readonly status: WireStatus;
  readonly price: Decimal;
  readonly stopPrice: Decimal;
  readonly origQty: Decimal;
  readonly executedQty: Decimal;
  readonly avgPrice: Decimal;
  readonly timeInForce: string;
  readonly reduceOnly: boolean;
  readonly closePosition: boolean;
  readonly workingType: string;
  readonly goodTillDate: number;
  readonly time: number;
  readonly updateTime: number;
}

export type WireStatus = 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH';

const TIMES_IN_FORCE = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', post_only: 'GTX' } as const;
/** Reasons of the core for which the venue says that the order expired; all others are cancellations. */
const EXPIRING_REASONS = new Set(['ioc_rest_canceled', 'position_closed', 'insufficient_margin', 'good_till_date']);

export const isConditional = (order: VenueOrderRecord): boolean => order.type.kind === 'trigger';

/** The order as a regular one; null when it never was one: refused, or conditional and not fired. */
export function wireOrder(order: VenueOrderRecord): WireOrder | null {
  if (order.type.kind === 'trigger') return order.firedId === null ? null : firedOrder(order, order.firedId, order.type.triggerPrice);
  if (order.status === 'rejected') return null;
  const isLimit = order.type.kind === 'limit';
  const type = isLimit ? 'LIMIT' : 'MARKET';
  return {
    ...sharedParts(order),
    orderId: order.id,
    type,
    origType: type,
    price: order.type.kind === 'limit' ? order.type.price : ZERO,
    stopPrice: ZERO,
    timeInForce: timeInForceOf(order),
  };
}

/** What a conditional order became. */
function firedOrder(order: VenueOrderRecord, firedId: number, stopPrice: Decimal): WireOrder {
  return {
    ...sharedParts(order),
    orderId: firedId,
    type: 'MARKET',
    origType: conditionalType(order),
    price: ZERO,
    stopPrice,
    timeInForce: 'GTC',
    time: order.updatedAt,
  };
}

/** `STOP_MARKET` or `TAKE_PROFIT_MARKET`. */
export const conditionalType = ({ type }: VenueOrderRecord): string =>
  type.kind === 'trigger' && type.trigger === 'take_profit' ? 'TAKE_PROFIT_MARKET' : 'STOP_MARKET';

export const timeInForceOf = ({ type, extra }: VenueOrderRecord): string => {
  if (extra['goodTillDate'] !== undefined) return 'GTD';
  return type.kind === 'limit' ? TIMES_IN_FORCE[type.timeInForce] : 'GTC';
};

function sharedParts(order: VenueOrderRecord) {
  return {
    clientOrderId: order.clientOrderId ?? '',
    symbol: order.symbol,
    side: order.side === 'buy' ? ('BUY' as const) : ('SELL' as const),
    positionSide: positionSideOf(order),
    status: statusOf(order),
    origQty: order.quantity,
    executedQty: order.filledQuantity,
    avgPrice: round(order.averagePrice ?? ZERO, PLACES),
    reduceOnly: order.reduceOnly && !order.followsPosition && positionSideOf(order) === 'BOTH',
    closePosition: order.followsPosition,
    workingType: textOf(order, 'workingType', 'CONTRACT_PRICE'),
    goodTillDate: Number(order.extra['goodTillDate'] ?? 0),
    time: order.createdAt,
    updateTime: order.updatedAt,
  };
}

export const textOf = (order: VenueOrderRecord, name: string, otherwise: string): string => String(order.extra[name] ?? otherwise);
export const positionSideOf = (order: VenueOrderRecord): string => textOf(order, 'positionSide', 'BOTH');

function statusOf({ status, reason }: VenueOrderRecord): WireStatus {
  if (status === 'filled') return 'FILLED';
  if (status === 'partially_filled') return 'PARTIALLY_FILLED';
  if (status === 'open' || status === 'waiting') return 'NEW';
  if (reason === 'self_trade') return 'EXPIRED_IN_MATCH';
  return reason !== null && EXPIRING_REASONS.has(reason) ? 'EXPIRED' : 'CANCELED';
}

/** The order behind a fill the venue made on its own: a liquidation or an automatic deleveraging. */
export function forcedOrder(fill: VenueFillRecord): WireOrder {
  return {
    orderId: fill.id,
    clientOrderId: fill.cause === 'adl' ? 'adl_autoclose' : `autoclose-${fill.id}`,
    symbol: fill.symbol,
    side: fill.side === 'buy' ? 'BUY' : 'SELL',
    positionSide: 'BOTH',
    type: 'LIQUIDATION',
    origType: 'LIQUIDATION',
    status: 'FILLED',
    price: fill.price,
    stopPrice: ZERO,
    origQty: fill.quantity,
    executedQty: fill.quantity,
    avgPrice: fill.price,
    timeInForce: 'IOC',
    reduceOnly: true,
    closePosition: false,
    workingType: 'CONTRACT_PRICE',
    goodTillDate: 0,
    time: fill.at,
    updateTime: fill.at,
  };
}

/** The order as it stood right after the last of these fills, of which there is at least one. */
export function orderAtFill(order: WireOrder, fills: readonly VenueFillRecord[]): WireOrder {
  const executedQty = sum(fills.map((fill) => fill.quantity));
  const cost = sum(fills.map((fill) => mul(fill.price, fill.quantity)));
  const isFilled = eq(executedQty, order.origQty);
  return { ...order, executedQty, avgPrice: round(div(cost, executedQty), PLACES), status: isFilled ? 'FILLED' : 'PARTIALLY_FILLED' };
}

/** Every order of the account and symbol that can still be seen in the history, oldest first. */
export function ordersOf(desk: Desk, accountId: string, symbol: Symbol): readonly WireOrder[] {
  const own = desk.venue.books.orders.all().filter((order) => order.accountId === accountId && order.symbol === symbol);
  const shown = own.filter((order) => !desk.venue.isHidden(order, 'history')).flatMap((order) => wireOrder(order) ?? []);
  const forced = desk.venue.fillsOf(accountId).filter((fill) => fill.orderId === null && fill.symbol === symbol);
  return [...shown, ...forced.map(forcedOrder)].filter((order) => isKept(order, desk.venue.now())).sort((a, b) => a.orderId - b.orderId);
}

/** The order with this id or client id; the newest when a client id was used again. null when there is none to be seen. */
export function findOrder(
  desk: Desk,
  accountId: string,
  symbol: Symbol,
  wanted: { readonly orderId: number | null; readonly clientOrderId: string | null },
): { readonly wire: WireOrder; readonly record: VenueOrderRecord | null } | null {
  const record = recordOf(desk, accountId, wanted);
  const wire = record === null ? null : wireOrder(record);
  if (record !== null && wire !== null && record.symbol === symbol && isKept(wire, desk.venue.now())) return { wire, record };
  const forced = desk.venue.fillsOf(accountId).find((fill) => fill.orderId === null && fill.symbol === symbol && isWanted(fill, wanted));
  return forced === undefined ? null : { wire: forcedOrder(forced), record: null };
}

function isWanted(fill: VenueFillRecord, { orderId, clientOrderId }: { orderId: number | null; clientOrderId: string | null }): boolean {
  return orderId === null ? forcedOrder(fill).clientOrderId === clientOrderId : fill.id === orderId;
}

function recordOf(
  { venue }: Desk,
  accountId: string,
  { orderId, clientOrderId }: { readonly orderId: number | null; readonly clientOrderId: string | null },
): VenueOrderRecord | null {
  if (orderId === null) {
    const named = clientOrderId === null ? [] : venue.books.orders.byClientId(accountId, clientOrderId);
    return named.filter((order) => wireOrder(order) !== null).at(-1) ?? null;
  }
  const direct = venue.order(orderId);
  if (direct !== null) return direct.accountId === accountId && !isConditional(direct) ? direct : null;
  return venue.books.orders.all().find((order) => order.firedId === orderId && order.accountId === accountId) ?? null;
}

function isKept(order: WireOrder, now: number): boolean {
  if (order.status === 'NEW' || order.status === 'PARTIALLY_FILLED') return true;
  return now - order.updateTime <= (order.executedQty === ZERO ? UNFILLED_KEPT_MS : FILLED_KEPT_MS);
}

/** The answer to a new, changed or canceled order: without `avgPrice` and `cumQuote`. */
export function newOrderJson(order: WireOrder): object {
  const { avgPrice: _, time: __, executedQty, ...rest } = order;
  return { ...rest, executedQty, cumQty: executedQty, ...ORDER_CONSTANTS };
}

/** The answer to a lookup. */
export function orderJson(order: WireOrder): object {
  return { ...order, cumQuote: round(mul(order.avgPrice, order.executedQty), PLACES), ...ORDER_CONSTANTS };
}

const ORDER_CONSTANTS = { priceProtect: false, priceMatch: 'NONE', selfTradePreventionMode: 'EXPIRE_MAKER' } as const;

/** The fills of the same order up to this one. */
export const fillsUpTo = (desk: Desk, fill: VenueFillRecord): readonly VenueFillRecord[] =>
  desk.venue.fillsOf(fill.accountId).filter((other) => other.orderId === fill.orderId && other.id <= fill.id);
