import { decimal, div, mul, ONE, sub } from '@hyperoru/domain';
import { QUOTE_ASSET, shown } from './account-shapes.ts';
import type { Answer, Call, Desk } from './desk.ts';
import { OPEN_ORDERS_PER_SYMBOL_MAX } from './place-order.ts';
import type { KnownSymbol } from './symbols.ts';

/** 2019-09-25T08:00:00Z and 2100-12-25T08:00:00Z, as perpetuals carry them. */
const ONBOARD_DATE = 1_569_398_400_000;
const DELIVERY_DATE = 4_133_404_800_000;
const HUNDRED = decimal('100');

/** `GET /fapi/v1/exchangeInfo`. */
export function getExchangeInfo({ desk }: Call): Answer {
  const { weightPerMinute, ordersPerMinute, ordersPerTenSeconds } = desk.limits.limits;
  return {
    timezone: 'UTC',
    serverTime: desk.venue.now(),
    futuresType: 'U_MARGINED',
    rateLimits: [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: weightPerMinute },
      { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: ordersPerMinute },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: ordersPerTenSeconds },
    ],
    exchangeFilters: [],
    assets: [{ asset: QUOTE_ASSET, marginAvailable: true, autoAssetExchange: '-10000' }],
    symbols: desk.symbols.all().map((symbol) => symbolJson(desk, symbol)),
  };
}

function symbolJson(desk: Desk, symbol: KnownSymbol): object {
  const { name, instrument, extras } = symbol;
  return {
    symbol: name,
    pair: name,
    contractType: 'PERPETUAL',
    deliveryDate: DELIVERY_DATE,
    onboardDate: ONBOARD_DATE,
    status: desk.venue.market.isHalted(name) ? 'SETTLING' : 'TRADING',
    maintMarginPercent: shown(mul(instrument.maintenanceMarginRate, HUNDRED)),
    requiredMarginPercent: shown(div(HUNDRED, decimal(String(instrument.leverageMax)))),
    baseAsset: extras.baseAsset,
    quoteAsset: QUOTE_ASSET,
    marginAsset: QUOTE_ASSET,
    pricePrecision: extras.pricePrecision,
    quantityPrecision: extras.quantityPrecision,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: ['PoW'],
    settlePlan: 0,
    triggerProtect: '0.05',
    liquidationFee: '0.0125',
    marketTakeBound: sub(extras.multiplierUp, ONE),
    maxMoveOrderLimit: 10_000,
    filters: filtersOf(symbol),
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
  };
}

function filtersOf({ instrument, extras }: KnownSymbol): readonly object[] {
  const { priceIncrement, sizeIncrement, quantityMin, notionalMin } = instrument;
  return [
    { filterType: 'PRICE_FILTER', minPrice: extras.priceMin, maxPrice: extras.priceMax, tickSize: priceIncrement },
    { filterType: 'LOT_SIZE', minQty: quantityMin, maxQty: extras.quantityMax, stepSize: sizeIncrement },
    { filterType: 'MARKET_LOT_SIZE', minQty: extras.marketQuantityMin, maxQty: extras.marketQuantityMax, stepSize: sizeIncrement },
    { filterType: 'MAX_NUM_ORDERS', limit: OPEN_ORDERS_PER_SYMBOL_MAX },
    { filterType: 'MIN_NOTIONAL', notional: notionalMin },
    {
      filterType: 'PERCENT_PRICE',
      multiplierUp: extras.multiplierUp,
      multiplierDown: extras.multiplierDown,
      multiplierDecimal: '4',
    },
    { filterType: 'POSITION_RISK_CONTROL', positionControlSide: 'NONE' },
  ];
}
