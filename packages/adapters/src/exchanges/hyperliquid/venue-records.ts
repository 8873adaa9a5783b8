import { abs, add, type Decimal, div, isZero, max, round, sub, sum, timestamp, ZERO } from '@hyperoru/domain';
import type { VenueAccount, VenueFill, VenueFunding, VenueOrder, VenueOrderState, VenuePosition } from '@hyperoru/engine';
import { symbolOf } from './assets.ts';
import { tradeIdOf } from './fill-tally.ts';
import type { ClearinghouseState, WireFill, WireFunding, WireOrder } from './wire.ts';

const PRICE_PLACES = 6;
const TIME_IN_FORCE: Readonly<Record<string, 'gtc' | 'ioc' | 'post_only'>> = {
  Gtc: 'gtc',
  Ioc: 'ioc',
  FrontendMarket: 'ioc',
  Alo: 'post_only',
};

/** What was executed of an order; the price is null while it is not known for all of it. */
export interface Executed {
  readonly quantity: Decimal;
  readonly averagePrice: Decimal | null;
}

/** What the venue's own figures of an order say. */
export const filledOf = (order: WireOrder, status: string): Decimal => (status === 'filled' ? order.origSz : sub(order.origSz, order.sz));

/** null for what is no perpetual of the core exchange. */
export function toVenueOrder(order: WireOrder, status: string, executed: Executed): VenueOrder | null {
  const symbol = symbolOf(order.coin);
  if (symbol === null) return null;
  const filledQuantity = executed.quantity;
  const state = stateOf(status, filledQuantity);
  return {
    clientOrderId: order.cloid ?? null,
    venueOrderId: String(order.oid),
    symbol,
    side: order.side === 'B' ? 'buy' : 'sell',
    type: order.isTrigger
      ? { kind: 'trigger', triggerPrice: order.triggerPx, trigger: order.orderType.startsWith('Stop') ? 'stop_loss' : 'take_profit' }
      : { kind: 'limit', price: order.limitPx, timeInForce: TIME_IN_FORCE[order.tif ?? ''] ?? 'gtc' },
    // A reduce-only order is trimmed with its position; `origSz` still tells what was asked for.
    quantity: state === 'filled' ? filledQuantity : add(order.sz, filledQuantity),
    filledQuantity,
    averagePrice: executed.averagePrice,
    reduceOnly: order.reduceOnly,
    state,
    reason: state === 'canceled' || state === 'rejected' ? status : null,
  };
}

/** The venue's list of statuses grows; what is new is known by its ending. A fired trigger is open until it has executed. */
function stateOf(status: string, filled: Decimal): VenueOrderState {
  if (status === 'filled') return 'filled';
  if (status === 'rejected' || status.endsWith('Rejected')) return 'rejected';
  if (status === 'canceled' || /cancell?ed$|cancel$/i.test(status)) return 'canceled';
  return isZero(filled) ? 'open' : 'partially_filled';
}

/** null for what is no perpetual of the core exchange. `address` is the account's, lower case. */
export function toVenueFill(fill: WireFill, address: string): VenueFill | null {
  const symbol = symbolOf(fill.coin);
  if (symbol === null) return null;
  const at = timestamp(fill.time);
  return {
    clientOrderId: fill.cloid ?? null,
    tradeId: tradeIdOf(fill),
    symbol,
    side: fill.side === 'B' ? 'buy' : 'sell',
    price: fill.px,
    quantity: fill.sz,
    fee: fill.fee,
    liquidity: fill.crossed ? 'taker' : 'maker',
    isLiquidation: fill.liquidation?.liquidatedUser?.toLowerCase() === address,
    filledAt: at,
    marketTime: at,
  };
}

/** null for what is no perpetual of the core exchange. One payment per coin and hour. */
export function toVenueFunding(funding: WireFunding): VenueFunding | null {
  const symbol = symbolOf(funding.coin);
  if (symbol === null) return null;
  const { coin, time, usdc, fundingRate } = funding;
  return { fundingId: `${coin}-${time}`, symbol, amount: usdc, rate: fundingRate, at: timestamp(time) };
}

export function toVenueAccount(state: ClearinghouseState): VenueAccount {
  const held = state.assetPositions.map(({ position }) => position).filter(({ szi }) => !isZero(szi));
  const equity = state.marginSummary.accountValue;
  const unrealized = sum(held.map((position) => position.unrealizedPnl));
  const cross = state.crossMarginSummary;
  return {
    balance: sub(equity, unrealized),
    equity,
    available: max(ZERO, sub(cross.accountValue, cross.totalMarginUsed)),
    positions: held.flatMap((position): VenuePosition[] => {
      const symbol = symbolOf(position.coin);
      if (symbol === null) return [];
      const markPrice = round(div(position.positionValue, abs(position.szi)), PRICE_PLACES);
      return [
        {
          symbol,
          quantity: position.szi,
          averageEntryPrice: position.entryPx ?? markPrice,
          markPrice,
          unrealizedPnl: position.unrealizedPnl,
          margin: position.marginUsed,
          leverage: position.leverage.value,
          liquidationPrice: position.liquidationPx,
        },
      ];
    }),
  };
}
