import { positionOf, timestamp } from '@hyperoru/domain';
import { ApiError, apiError } from './api-error.ts';
import { type Answer, type Call, symbolOfCall } from './desk.ts';
import { notionalCapAt } from './symbols.ts';

const SUCCESS = { code: 200, msg: 'success' };

/** `POST /fapi/v1/leverage`. */
export function setLeverage(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const leverage = call.params.integer('leverage');
  if (leverage === null) return apiError(-1102, 'leverage');
  const { name, extras } = symbol;
  const cap = notionalCapAt(extras.brackets, leverage);
  if (cap === '0') return apiError(-4028, String(leverage));
  const { isCross } = call.desk.venue.leverageOf(call.accountId, name);
  const result = call.desk.venue.setLeverage(call.accountId, name, { leverage, isCross });
  if (result.kind === 'refused') return result.code === 'insufficient_margin' ? apiError(-2028) : apiError(-4028, String(leverage));
  return { leverage, maxNotionalValue: cap, symbol: name };
}

/** `POST /fapi/v1/marginType`. */
export function setMarginType(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const type = call.params.text('marginType');
  if (type !== 'ISOLATED' && type !== 'CROSSED') return apiError(type === null ? -1102 : -1130, 'marginType');
  const { venue } = call.desk;
  const { leverage, isCross } = venue.leverageOf(call.accountId, symbol.name);
  if (isCross === (type === 'CROSSED')) return apiError(-4046);
  if (venue.openOrders(call.accountId).some((order) => order.symbol === symbol.name)) return apiError(-4047);
  const result = venue.setLeverage(call.accountId, symbol.name, { leverage, isCross: !isCross });
  return result.kind === 'refused' ? apiError(-4048) : SUCCESS;
}

/** `GET /fapi/v1/positionSide/dual`. */
export const getPositionMode = ({ desk, accountId }: Call): Answer => ({ dualSidePosition: desk.modes.isHedge(accountId) });

/** `POST /fapi/v1/positionSide/dual`. */
export function setPositionMode({ desk, accountId, params }: Call): Answer {
  const word = params.text('dualSidePosition')?.toLowerCase();
  if (word !== 'true' && word !== 'false') return apiError(word === undefined ? -1102 : -1130, 'dualSidePosition');
  const isHedge = word === 'true';
  if (isHedge === desk.modes.isHedge(accountId)) return apiError(-4059);
  if (desk.venue.openOrders(accountId).length > 0) return apiError(-4067);
  const holds = desk.symbols.all().some(({ name }) => positionOf(desk.venue.books.account(accountId).state, name) !== null);
  if (holds) return apiError(-4068);
  desk.modes.set(accountId, isHedge);
  return SUCCESS;
}

/** `GET /fapi/v1/multiAssetsMargin`. */
export const getMultiAssetsMode = (): Answer => ({ multiAssetsMargin: false });

/** `POST /fapi/v1/countdownCancelAll`: cancels everything open of the symbol, conditional orders too, unless repeated in time. */
export function setCountdown(call: Call): Answer {
  const symbol = symbolOfCall(call);
  if (symbol instanceof ApiError) return symbol;
  const countdown = call.params.integer('countdownTime');
  if (countdown === null || countdown < 0) return apiError(-1102, 'countdownTime');
  const { venue } = call.desk;
  venue.setCancelAt(call.accountId, countdown === 0 ? null : timestamp(venue.now() + countdown), symbol.name);
  return { symbol: symbol.name, countdownTime: String(countdown) };
}

/** `POST`, `PUT` and `DELETE /fapi/v1/listenKey`. */
export const openListenKey = ({ desk, accountId }: Call): Answer => ({ listenKey: desk.listenKeys.open(accountId, desk.venue.now()) });

export function keepListenKey({ desk, accountId }: Call): Answer {
  const listenKey = desk.listenKeys.keepAlive(accountId, desk.venue.now());
  return listenKey === null ? apiError(-1125) : { listenKey };
}

export function closeListenKey({ desk, accountId }: Call): Answer {
  desk.listenKeys.close(accountId);
  return {};
}

/** `GET /fapi/v1/rateLimit/order`. */
export function getOrderLimits({ desk }: Call): Answer {
  const { ordersPerTenSeconds, ordersPerMinute } = desk.limits.limits;
  return [
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: ordersPerTenSeconds },
    { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: ordersPerMinute },
  ];
}
