import {
  type Decimal,
  div,
  type EquityPoint,
  type Fill,
  isPositive,
  mul,
  type Order,
  type OrderId,
  type OrderSide,
  ok,
  round,
  type Symbol,
  sum,
  type Timestamp,
  type TraderId,
} from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';

/** Newest fills that become markers; a chart with more shows nothing. */
const FILLS_MAX = 200;
/** Places of an average price; finer than any price increment. */
const PRICE_PLACES = 12;

/** Where a position was entered or left: the fills of one order as one marker, at their average price. */
export interface EquityMarker {
  readonly at: Timestamp;
  readonly kind: 'entry' | 'exit';
  readonly side: OrderSide;
  readonly symbol: Symbol;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** null for what the venue did without an order of ours. */
  readonly orderId: OrderId | null;
}

export interface TraderEquity {
  readonly points: readonly EquityPoint[];
  readonly markers: readonly EquityMarker[];
}

/** Equity over time with entries and exits. Without `from` it starts at the trader's creation, without `to` it ends now. */
export async function traderEquity(
  deps: EngineDeps,
  scope: OwnerScope,
  input: {
    readonly traderId: TraderId;
    readonly from?: Timestamp | undefined;
    readonly to?: Timestamp | undefined;
    readonly points: number;
  },
): Promise<UseCaseResult<TraderEquity>> {
  const trader = await deps.readModel.findTrader(scope, input.traderId);
  if (trader === null) return notFound('trader');
  const from = input.from ?? trader.createdAt;
  const to = input.to ?? deps.clock.now();
  const newest = { limit: FILLS_MAX, cursor: null };
  const [points, fills, orders] = await Promise.all([
    deps.readModel.equityCurve(scope, trader.id, { from, to, pointsMax: input.points }),
    deps.readModel.listFills(scope, { traderId: trader.id, from, to }, newest),
    deps.readModel.listOrders(scope, { traderId: trader.id, to }, newest),
  ]);
  return ok({ points, markers: markersOf(fills.items, await purposesOf(deps, fills.items, orders.items)) });
}

/** What each fill's order was for. The newest orders are at hand; older ones, whose fill came late, are read one by one. */
async function purposesOf(
  deps: EngineDeps,
  fills: readonly Fill[],
  known: readonly Order[],
): Promise<ReadonlyMap<OrderId, Order['purpose']>> {
  const purposes = new Map(known.map((order) => [order.id, order.purpose]));
  const missing = new Set(fills.flatMap((fill) => (fill.orderId === null || purposes.has(fill.orderId) ? [] : [fill.orderId])));
  if (missing.size === 0) return purposes;
  await deps.store.transaction(async (tx) => {
    for (const id of missing) {
      const order = await tx.orders.get(id);
      if (order !== null) purposes.set(id, order.purpose);
    }
  });
  return purposes;
}

/** One marker per order, one per fill without an order; oldest first. */
export function markersOf(fills: readonly Fill[], purposes: ReadonlyMap<OrderId, Order['purpose']>): readonly EquityMarker[] {
  const groups = new Map<string, Fill[]>();
  for (const fill of fills) {
    const key = fill.orderId ?? fill.id;
    groups.set(key, [...(groups.get(key) ?? []), fill]);
  }
  return [...groups.values()].flatMap((group) => markerOf(group, purposes)).toSorted((a, b) => a.at - b.at);
}

function markerOf(fills: readonly Fill[], purposes: ReadonlyMap<OrderId, Order['purpose']>): readonly EquityMarker[] {
  const last = fills.toSorted((a, b) => b.filledAt - a.filledAt)[0];
  const quantity = sum(fills.map((fill) => fill.quantity));
  if (last === undefined || !isPositive(quantity)) return [];
  const price = round(div(sum(fills.map((fill) => mul(fill.price, fill.quantity))), quantity), PRICE_PLACES);
  const purpose = last.orderId === null ? undefined : purposes.get(last.orderId);
  const kind = purpose === 'entry' ? 'entry' : 'exit';
  return [{ at: last.filledAt, kind, side: last.side, symbol: last.symbol, price, quantity, orderId: last.orderId }];
}
