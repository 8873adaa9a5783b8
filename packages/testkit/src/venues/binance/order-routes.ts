import { isOpenStatus } from '../core/records.ts';
import { ApiError, apiError } from './api-error.ts';
import { type Answer, type Call, symbolOfCall } from './desk.ts';
import { Params } from './params.ts';
import { placeOrder } from './place-order.ts';
import type { KnownSymbol } from './symbols.ts';
import { findOrder, isConditional, newOrderJson, orderJson, ordersOf, wireOrder } from './wire-orders.ts';

export const BATCH_SIZE_MAX = 5;
const HISTORY_ROWS_DEFAULT = 500;
const HISTORY_ROWS_MAX = 1000;

/** `GET /fapi/v1/order`. */
export function getOrder(call: Call): Answer {
  const found = wantedOrder(call);
  if (found instanceof ApiError) return found;
  const isHidden = found?.record !== undefined && found.record !== null && call.desk.venue.isHidden(found.record, 'lookup');
  return found === null || isHidden ? apiError(-2013) : orderJson(found.wire);
}

/** `DELETE /fapi/v1/order`. */
export function cancelOrder(call: Call): Answer {
  const found = wantedOrder(call);
  if (found instanceof ApiError) return found;
  const { venue } = call.desk;
  if (found === null || found.record === null || !isOpenStatus(found.record.status)) return apiError(-2011);
  if (venue.cancel(call.accountId, found.record.id) === 'gone') return apiError(-2011);
  const shown = wireOrder(venue.order(found.record.id) ?? found.record);
  return newOrderJson(shown ?? found.wire);
}

function wantedOrder(call: Call): ReturnType<typeof findOrder> | ApiError {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const orderId = call.params.integer('orderId');
  const clientOrderId = call.params.text('origClientOrderId');
  if (orderId === null && clientOrderId === null) return apiError(-1102, 'orderId');
  return findOrder(call.desk, call.accountId, symbol.name, { orderId, clientOrderId });
}

/** `DELETE /fapi/v1/allOpenOrders`: regular orders of one symbol. */
export function cancelAllOrders(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const { venue } = call.desk;
  for (const order of venue.openOrders(call.accountId)) {
    if (!isConditional(order) && order.symbol === symbol.name) venue.cancel(call.accountId, order.id);
  }
  return { code: 200, msg: 'The operation of cancel all open order is done.' };
}

/** `POST /fapi/v1/batchOrders`: every order by itself, with its own refusal. */
export function placeBatch(call: Call): Answer {
  const orders = listParam(call.params, 'batchOrders');
  if (orders === null || orders.length === 0 || orders.length > BATCH_SIZE_MAX) return apiError(-4082);
  return orders.map((order) => {
    const answer = placeOrder({ ...call, params: Params.of(order) });
    return answer instanceof ApiError ? { code: answer.code, msg: answer.msg } : answer;
  });
}

/** The objects of a JSON list in a parameter; null when it is not one. */
export function listParam(params: Params, name: string): readonly object[] | null {
  const text = params.text(name);
  const value = text === null ? null : jsonOf(text);
  return Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null) ? value : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** `GET /fapi/v1/openOrders`. */
export function getOpenOrders(call: Call): Answer {
  const symbol = call.params.has('symbol') ? symbolOfCall(call) : null;
  if (symbol instanceof ApiError) return symbol;
  return openWireOrders(call, symbol).map(orderJson);
}

/** `GET /fapi/v1/openOrder`: one of them. */
export function getOpenOrder(call: Call): Answer {
  const found = wantedOrder(call);
  if (found instanceof ApiError) return found;
  const isOpen = found !== null && openWireOrders(call, null).some((order) => order.orderId === found.wire.orderId);
  return isOpen ? orderJson(found.wire) : apiError(-2013);
}

function openWireOrders({ desk, accountId }: Call, symbol: KnownSymbol | null) {
  return desk.venue
    .openOrders(accountId)
    .filter((order) => symbol === null || order.symbol === symbol.name)
    .filter((order) => !desk.venue.isHidden(order, 'open_orders'))
    .flatMap((order) => wireOrder(order) ?? []);
}

/** `GET /fapi/v1/allOrders`: from an order id on, or the newest in a span of time. */
export function getAllOrders(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const { params } = call;
  const limit = Math.min(params.integer('limit') ?? HISTORY_ROWS_DEFAULT, HISTORY_ROWS_MAX);
  const from = params.integer('orderId');
  const all = ordersOf(call.desk, call.accountId, symbol.name);
  if (from !== null)
    return all
      .filter((order) => order.orderId >= from)
      .slice(0, limit)
      .map(orderJson);
  const since = params.integer('startTime') ?? 0;
  const until = params.integer('endTime') ?? Number.MAX_SAFE_INTEGER;
  return all
    .filter((order) => order.time >= since && order.time <= until)
    .slice(-limit)
    .map(orderJson);
}
