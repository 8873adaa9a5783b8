import type { Operation } from '../core/faults.ts';
import * as account from './account-routes.ts';
import * as algo from './algo-orders.ts';
import type { Answer, Call } from './desk.ts';
import { getExchangeInfo } from './exchange-info.ts';
import { getIncome, getUserTrades } from './history-routes.ts';
import * as market from './market-routes.ts';
import { modifyOrder } from './modify-order.ts';
import * as orders from './order-routes.ts';
import type { Params } from './params.ts';
import { placeOrder } from './place-order.ts';
import * as settings from './settings-routes.ts';

/** Who may ask: anyone, a key, a signed request, or a signed request of a key that may trade. */
export type Security = 'none' | 'key' | 'signed' | 'trade';

/** One endpoint. */
export interface Route {
  readonly security: Security;
  /** Request weight, for some by parameters. */
  readonly weight: number | ((params: Params) => number);
  readonly operation: Operation;
  /** Orders that count against the limit of the account. */
  readonly orders?: (params: Params) => number;
  /** Its time is checked once more at the matching engine. */
  readonly isEngineChecked?: boolean;
  readonly run: (call: Call) => Answer;
}

const one = () => 1;
const batchSize = (params: Params): number => orders.listParam(params, 'batchOrders')?.length ?? 1;
/** Much cheaper for one symbol than for all. */
const bySymbol = (single: number, all: number) => (params: Params) => (params.has('symbol') ? single : all);

function byLimit(steps: readonly (readonly [upTo: number, weight: number])[], otherwise: number, standard: number) {
  return (params: Params): number => {
    const limit = params.integer('limit') ?? standard;
    return steps.find(([upTo]) => limit <= upTo)?.[1] ?? otherwise;
  };
}

const klineWeight = byLimit(
  [
    [99, 1],
    [499, 2],
    [1000, 5],
  ],
  10,
  500,
);
const depthWeight = byLimit(
  [
    [50, 2],
    [100, 5],
    [500, 10],
  ],
  20,
  500,
);

const open = (weight: Route['weight'], run: Route['run']): Route => ({ security: 'none', weight, operation: 'market', run });
const read = (weight: Route['weight'], operation: Operation, run: Route['run']): Route => ({ security: 'signed', weight, operation, run });
const write = (weight: number, operation: Operation, run: Route['run']): Route => ({ security: 'trade', weight, operation, run });
const engine = (operation: Operation, run: Route['run'], counted?: Route['orders'], weight = 1): Route => ({
  ...write(weight, operation, run),
  isEngineChecked: true,
  ...(counted === undefined ? {} : { orders: counted }),
});
const stream = (run: Route['run']): Route => ({ security: 'key', weight: 1, operation: 'stream', run });

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /fapi/v1/ping': open(1, market.ping),
  'GET /fapi/v1/time': open(1, market.getTime),
  'GET /fapi/v1/exchangeInfo': open(1, getExchangeInfo),
  'GET /fapi/v1/depth': open(depthWeight, market.getDepth),
  'GET /fapi/v1/klines': open(klineWeight, market.getKlines),
  'GET /fapi/v1/premiumIndex': open(bySymbol(1, 10), market.getPremiumIndex),
  'GET /fapi/v1/fundingRate': open(0, market.getFundingRate),
  'GET /fapi/v1/fundingInfo': open(0, market.getFundingInfo),
  'GET /fapi/v1/ticker/24hr': open(bySymbol(1, 40), market.getDayTicker),
  'GET /fapi/v1/ticker/price': open(bySymbol(1, 2), market.getPriceTicker),
  'GET /fapi/v2/ticker/price': open(bySymbol(1, 2), market.getPriceTicker),
  'GET /fapi/v1/ticker/bookTicker': open(bySymbol(2, 5), market.getBookTicker),

  'POST /fapi/v1/order': engine('place', placeOrder, one, 0),
  'POST /fapi/v1/batchOrders': engine('place', orders.placeBatch, batchSize, 5),
  'PUT /fapi/v1/order': engine('modify', modifyOrder, one),
  'DELETE /fapi/v1/order': engine('cancel', orders.cancelOrder),
  'DELETE /fapi/v1/allOpenOrders': engine('cancel', orders.cancelAllOrders),
  'GET /fapi/v1/order': read(1, 'find_order', orders.getOrder),
  'GET /fapi/v1/openOrder': read(1, 'find_order', orders.getOpenOrder),
  'GET /fapi/v1/openOrders': read(bySymbol(1, 40), 'open_orders', orders.getOpenOrders),
  'GET /fapi/v1/allOrders': read(5, 'open_orders', orders.getAllOrders),
  'GET /fapi/v1/userTrades': read(5, 'fills', getUserTrades),

  'POST /fapi/v1/algoOrder': engine('place', algo.placeAlgoOrder, one, 0),
  'DELETE /fapi/v1/algoOrder': engine('cancel', algo.cancelAlgoOrder),
  'DELETE /fapi/v1/algoOpenOrders': engine('cancel', algo.cancelAllAlgoOrders),
  'GET /fapi/v1/algoOrder': read(1, 'find_order', algo.getAlgoOrder),
  'GET /fapi/v1/openAlgoOrders': read(bySymbol(1, 40), 'open_orders', algo.getOpenAlgoOrders),
  'GET /fapi/v1/allAlgoOrders': read(5, 'open_orders', algo.getAllAlgoOrders),

  'GET /fapi/v3/account': read(5, 'account', account.getAccount),
  'GET /fapi/v2/account': read(5, 'account', account.getAccountV2),
  'GET /fapi/v3/balance': read(5, 'account', account.getBalance),
  'GET /fapi/v2/balance': read(5, 'account', account.getBalance),
  'GET /fapi/v3/positionRisk': read(5, 'account', account.getPositionRisk),
  'GET /fapi/v2/positionRisk': read(5, 'account', account.getPositionRiskV2),
  'GET /fapi/v1/symbolConfig': read(5, 'account', account.getSymbolConfig),
  'GET /fapi/v1/accountConfig': read(5, 'account', account.getAccountConfig),
  'GET /fapi/v1/commissionRate': read(20, 'account', account.getCommissionRate),
  'GET /fapi/v1/leverageBracket': read(1, 'account', account.getLeverageBracket),
  'GET /fapi/v1/rateLimit/order': read(1, 'account', settings.getOrderLimits),
  'GET /fapi/v1/income': read(30, 'funding', getIncome),
  'GET /sapi/v1/account/apiRestrictions': read(1, 'account', account.getApiRestrictions),

  'POST /fapi/v1/leverage': write(1, 'leverage', settings.setLeverage),
  'POST /fapi/v1/marginType': write(1, 'leverage', settings.setMarginType),
  'GET /fapi/v1/positionSide/dual': read(30, 'account', settings.getPositionMode),
  'POST /fapi/v1/positionSide/dual': write(1, 'other', settings.setPositionMode),
  'GET /fapi/v1/multiAssetsMargin': read(30, 'account', settings.getMultiAssetsMode),
  'POST /fapi/v1/countdownCancelAll': write(10, 'dead_man', settings.setCountdown),

  'POST /fapi/v1/listenKey': stream(settings.openListenKey),
  'PUT /fapi/v1/listenKey': stream(settings.keepListenKey),
  'DELETE /fapi/v1/listenKey': stream(settings.closeListenKey),
};

/** null when the venue has no such endpoint. */
export function routeOf(method: string, path: string): Route | null {
  const name = `${method} ${path}`;
  return Object.hasOwn(ROUTES, name) ? (ROUTES[name] ?? null) : null;
}

export const weightOf = ({ weight }: Route, params: Params): number => (typeof weight === 'number' ? weight : weight(params));
