import { symbol as symbolNamed } from '@hyperoru/domain';
import type { PlaceResult } from '../core/place-on-venue.ts';
import type { VenueOrderRecord, VenueOrderTicket } from '../core/records.ts';
import type { SimulatedVenue } from '../core/simulated-venue.ts';
import type { CoinList, HyperliquidCoin } from './instruments.ts';
import { decimalsOf, isNearReference, isValidPrice, wire } from './numbers.ts';
import type { OrderShape } from './shapes.ts';
import { FAR_FROM_REFERENCE, NO_LIQUIDITY, NO_MATCH, refusalWords } from './texts.ts';

/** One entry of `statuses`. */
export type OrderStatusEntry =
  | { readonly resting: { readonly oid: number; readonly cloid?: string } }
  | { readonly filled: { readonly totalSz: string; readonly avgPx: string; readonly oid: number; readonly cloid?: string } }
  | { readonly error: string }
  | 'waitingForFill'
  | 'waitingForTrigger';

export type Grouping = 'na' | 'normalTpsl' | 'positionTpsl';

const TIMES_IN_FORCE = { Gtc: 'gtc', Ioc: 'ioc', Alo: 'post_only', FrontendMarket: 'ioc' } as const;

/** Places the orders of one action. What fails before any of them is looked at gives one entry for the whole batch. */
export function placeOrders(
  venue: SimulatedVenue,
  coins: CoinList,
  accountId: string,
  batch: { readonly orders: readonly OrderShape[]; readonly grouping: Grouping },
): readonly OrderStatusEntry[] {
  const early = batchFault(venue, coins, batch.orders, batch.grouping);
  if (early !== null) return [{ error: early }];
  const statuses: OrderStatusEntry[] = [];
  let parent: PlaceResult | null = null;
  for (const order of batch.orders) {
    const isChild = batch.grouping === 'normalTpsl' && statuses.length > 0;
    if (isChild && parent?.kind === 'refused') {
      statuses.push(statuses[0] ?? { error: NO_MATCH });
      continue;
    }
    const parentId = isChild && parent !== null ? parent.order.id : null;
    const { entry, result } = placeOne(venue, coins, accountId, order, { grouping: batch.grouping, parentId });
    parent ??= result;
    statuses.push(entry);
  }
  return statuses;
}

/** Places one order; `parentId` makes it a child that waits. */
export function placeOne(
  venue: SimulatedVenue,
  coins: CoinList,
  accountId: string,
  order: OrderShape,
  group: { readonly grouping: Grouping; readonly parentId: number | null },
): { readonly entry: OrderStatusEntry; readonly result: PlaceResult | null } {
  const coin = coins.byAsset(order.asset);
  if (coin === null) return { entry: { error: 'Order has invalid asset.' }, result: null };
  const fault = numberFault(order, coin);
  if (fault !== null) return { entry: { error: `${fault} asset=${order.asset}` }, result: null };
  const result = venue.place(accountId, ticketOf(order, coin, group));
  return { entry: entryOf(venue, result, order, group.grouping), result };
}

function batchFault(venue: SimulatedVenue, coins: CoinList, orders: readonly OrderShape[], grouping: Grouping): string | null {
  for (const [index, order] of orders.entries()) {
    const isTrigger = 'tpsl' in order.type;
    const mustBeTrigger = grouping === 'positionTpsl' || (grouping === 'normalTpsl' && index > 0);
    if (isTrigger && !order.reduceOnly) return 'Invalid TP/SL price.';
    if (mustBeTrigger && !isTrigger) return 'Order has invalid grouping.';
    const coin = coins.byAsset(order.asset);
    const mark = coin === null ? undefined : venue.market.price(symbolNamed(coin.name))?.mark;
    if (!isTrigger && mark !== undefined && !isNearReference(order.price, mark)) return FAR_FROM_REFERENCE;
  }
  return null;
}

function numberFault(order: OrderShape, coin: HyperliquidCoin): string | null {
  const prices = 'tpsl' in order.type ? [order.price, order.type.triggerPx] : [order.price];
  if (prices.some((price) => !isValidPrice(price, coin.szDecimals))) return 'Price must be divisible by tick size.';
  if (decimalsOf(order.size) > coin.szDecimals) return 'Order has invalid size.';
  return null;
}

function ticketOf(
  order: OrderShape,
  coin: HyperliquidCoin,
  group: { readonly grouping: Grouping; readonly parentId: number | null },
): VenueOrderTicket {
  const { type } = order;
  const isTrigger = 'tpsl' in type;
  const side = order.isBuy ? 'buy' : 'sell';
  return {
    clientOrderId: order.cloid,
    symbol: symbolNamed(coin.name),
    side,
    type: isTrigger
      ? { kind: 'trigger', triggerPrice: type.triggerPx, trigger: type.tpsl === 'sl' ? 'stop_loss' : 'take_profit' }
      : { kind: 'limit', price: order.price, timeInForce: TIMES_IN_FORCE[type.tif] },
    quantity: order.size,
    reduceOnly: order.reduceOnly,
    followsPosition: group.grouping === 'positionTpsl',
    ...(group.parentId === null ? {} : { parentId: group.parentId }),
    extra: { limitPx: wire(order.price), tif: isTrigger ? null : type.tif, orderType: orderTypeOf(order) },
  };
}

function orderTypeOf({ type }: OrderShape): string {
  if (!('tpsl' in type)) return type.tif === 'FrontendMarket' ? 'Market' : 'Limit';
  return `${type.tpsl === 'sl' ? 'Stop' : 'Take Profit'} ${type.isMarket ? 'Market' : 'Limit'}`;
}

function entryOf(venue: SimulatedVenue, result: PlaceResult, shape: OrderShape, grouping: Grouping): OrderStatusEntry {
  const { order } = result;
  if (result.kind === 'refused') return { error: refusalText(venue, result, shape) };
  const ids = { oid: order.id, ...(order.clientOrderId === null ? {} : { cloid: order.clientOrderId }) };
  if (order.filledQuantity !== '0' && order.averagePrice !== null && isTaken(order))
    return { filled: { totalSz: order.filledQuantity, avgPx: order.averagePrice, ...ids } };
  if (order.parentId !== null) return order.status === 'open' ? 'waitingForTrigger' : 'waitingForFill';
  if (order.status === 'canceled' || order.status === 'rejected')
    return { error: `${order.extra['tif'] === 'FrontendMarket' ? NO_LIQUIDITY : NO_MATCH} asset=${shape.asset}` };
  return grouping === 'positionTpsl' ? 'waitingForTrigger' : { resting: ids };
}

/** Filled, or filled in part with nothing left to rest. */
const isTaken = (order: VenueOrderRecord): boolean => order.status !== 'open' && order.status !== 'partially_filled';

function refusalText(venue: SimulatedVenue, result: Extract<PlaceResult, { kind: 'refused' }>, shape: OrderShape): string {
  const { text } = refusalWords(result.code);
  if (result.code !== 'post_only_would_match') return `${text} asset=${shape.asset}`;
  const best = venue.market.bestPrices(result.order.symbol);
  return `${text} ${best?.bid ?? '0'}@${best?.ask ?? '0'}. asset=${shape.asset}`;
}
