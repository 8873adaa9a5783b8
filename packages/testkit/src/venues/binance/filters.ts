import { type Decimal, eq, floorToStep, gt, isPositive, lt, mul, type OrderSide, sub } from '@hyperoru/domain';
import { type ApiError, apiError } from './api-error.ts';
import type { KnownSymbol } from './symbols.ts';

/** What filters look at. `limit` is null for a market order. */
export interface FilteredOrder {
  readonly side: OrderSide;
  readonly quantity: Decimal;
  readonly limit: Decimal | null;
  readonly reduceOnly: boolean;
}

/** Prices the filters compare with: the mark, and the best price an order of the side would meet. */
export interface FilterPrices {
  readonly mark: Decimal;
  readonly best: Decimal;
}

/** All filters of an order in the order in which the venue applies them; null when it passes. */
export function checkFilters(symbol: KnownSymbol, order: FilteredOrder, prices: FilterPrices): ApiError | null {
  return (
    checkQuantity(symbol, order.quantity, order.limit === null) ??
    (order.limit === null ? null : checkPrice(symbol, order.limit)) ??
    checkPercentPrice(symbol, order, prices) ??
    checkNotional(symbol, order, prices.mark)
  );
}

/** PRICE_FILTER and precision. */
export function checkPrice({ instrument, extras }: KnownSymbol, price: Decimal): ApiError | null {
  if (digitsOf(price) > extras.pricePrecision) return apiError(-1111);
  if (lt(price, extras.priceMin)) return apiError(-4013);
  if (gt(price, extras.priceMax)) return apiError(-4002);
  return isOnStep(price, extras.priceMin, instrument.priceIncrement) ? null : apiError(-4014);
}

/** LOT_SIZE or MARKET_LOT_SIZE, and precision. */
export function checkQuantity({ instrument, extras }: KnownSymbol, quantity: Decimal, isMarket: boolean): ApiError | null {
  if (!isPositive(quantity)) return apiError(-4003);
  if (digitsOf(quantity) > extras.quantityPrecision) return apiError(-1111);
  const least = isMarket ? extras.marketQuantityMin : instrument.quantityMin;
  const most = isMarket ? extras.marketQuantityMax : extras.quantityMax;
  if (lt(quantity, least)) return apiError(-4004);
  if (gt(quantity, most)) return apiError(-4005);
  return isOnStep(quantity, least, instrument.sizeIncrement) ? null : apiError(-4023);
}

/** PERCENT_PRICE: a buy has a cap, a sell a floor. A market order is measured by the best price of the other side. */
function checkPercentPrice({ extras }: KnownSymbol, { side, limit }: FilteredOrder, { mark, best }: FilterPrices): ApiError | null {
  const cap = mul(mark, extras.multiplierUp);
  const floor = mul(mark, extras.multiplierDown);
  const price = limit ?? best;
  if (side === 'buy' && gt(price, cap)) return limit === null ? apiError(-4131) : apiError(-4016, cap);
  if (side === 'sell' && lt(price, floor)) return limit === null ? apiError(-4131) : apiError(-4024, floor);
  return null;
}

/** MIN_NOTIONAL: a market order is worth its mark; what only reduces is exempt. */
function checkNotional({ instrument }: KnownSymbol, order: FilteredOrder, mark: Decimal): ApiError | null {
  if (order.reduceOnly) return null;
  return lt(mul(order.limit ?? mark, order.quantity), instrument.notionalMin) ? apiError(-4164, instrument.notionalMin) : null;
}

function isOnStep(value: Decimal, least: Decimal, step: Decimal): boolean {
  const above = sub(value, least);
  return eq(floorToStep(above, step), above);
}

const digitsOf = (value: Decimal): number => value.split('.')[1]?.length ?? 0;
