import { abs, type Decimal, isPositive, isZero, sub, ZERO } from '@hyperoru/domain';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { VenueFillRecord, VenueFundingRecord, VenueOrderRecord } from '../core/records.ts';
import type { SimulatedVenue } from '../core/simulated-venue.ts';
import { wire } from './numbers.ts';
import { orderStatusOf } from './texts.ts';

/** The hash of a transaction: made up, but the same for the same event. */
export const hashOf = (id: number): string => `0x${bytesToHex(keccak_256(utf8ToBytes(`transaction ${id}`)))}`;

export const sideOf = (side: 'buy' | 'sell'): 'B' | 'A' => (side === 'buy' ? 'B' : 'A');

/** Row of `openOrders`; `reduceOnly` and `cloid` only where they apply. */
export function openOrderRow(order: VenueOrderRecord) {
  return {
    coin: order.symbol,
    side: sideOf(order.side),
    limitPx: String(order.extra['limitPx'] ?? '0.0'),
    sz: wire(sub(order.quantity, order.filledQuantity)),
    oid: order.id,
    timestamp: order.createdAt,
    origSz: wire(order.originalQuantity),
    ...(order.clientOrderId === null ? {} : { cloid: order.clientOrderId }),
    ...(order.reduceOnly ? { reduceOnly: true } : {}),
  };
}

/** Row of `frontendOpenOrders`; also the order inside `orderStatus` and `historicalOrders`. */
export function frontendRow(order: VenueOrderRecord, children: readonly VenueOrderRecord[] = []): Readonly<Record<string, unknown>> {
  const isTrigger = order.type.kind === 'trigger';
  const isFinal = order.status === 'filled' || order.status === 'canceled' || order.status === 'rejected';
  return {
    coin: order.symbol,
    side: sideOf(order.side),
    limitPx: String(order.extra['limitPx'] ?? '0.0'),
    sz: isFinal && order.status === 'filled' ? '0.0' : wire(sub(order.quantity, order.filledQuantity)),
    oid: order.id,
    timestamp: order.createdAt,
    triggerCondition: triggerCondition(order),
    isTrigger,
    triggerPx: order.type.kind === 'trigger' ? wire(order.type.triggerPrice) : '0.0',
    children: children.filter((child) => child.status === 'waiting').map((child) => frontendRow(child)),
    isPositionTpsl: order.followsPosition,
    reduceOnly: order.reduceOnly,
    orderType: String(order.extra['orderType'] ?? 'Limit'),
    origSz: wire(order.originalQuantity),
    tif: order.extra['tif'] ?? null,
    cloid: order.clientOrderId,
  };
}

function triggerCondition(order: VenueOrderRecord): string {
  if (order.type.kind !== 'trigger') return 'N/A';
  const isBelow = (order.type.trigger === 'stop_loss') === (order.side === 'sell');
  return `Price ${isBelow ? 'below' : 'above'} ${order.type.triggerPrice}`;
}

/** Row of `historicalOrders` and `orderStatus`. */
export const statusRow = (order: VenueOrderRecord, children: readonly VenueOrderRecord[] = []) => ({
  order: frontendRow(order, children),
  status: orderStatusOf(order),
  statusTimestamp: order.updatedAt,
});

/** Row of `orderUpdates`. */
export const updateRow = (order: VenueOrderRecord) => ({
  order: openOrderRow(order),
  status: orderStatusOf(order),
  statusTimestamp: order.updatedAt,
});

/** Row of `userFills`. */
export function fillRow(fill: VenueFillRecord) {
  return {
    coin: fill.symbol,
    px: wire(fill.price),
    sz: wire(fill.quantity),
    side: sideOf(fill.side),
    time: fill.at,
    startPosition: wire(fill.startPosition),
    dir: fill.cause === 'adl' ? 'Auto-Deleveraging' : directionOf(fill),
    closedPnl: wire(fill.realizedPnl),
    hash: hashOf(fill.id),
    // What the venue does on its own has an order too, though nobody placed it.
    oid: fill.orderId ?? fill.id,
    crossed: fill.liquidity === 'taker',
    fee: wire(fill.fee),
    tid: fill.id,
    feeToken: 'USDC',
    twapId: null,
    ...(fill.clientOrderId === null ? {} : { cloid: fill.clientOrderId }),
    ...(fill.cause === 'liquidation'
      ? { liquidation: { liquidatedUser: fill.accountId, markPx: wire(fill.markPrice), method: 'market' } }
      : {}),
  };
}

function directionOf(fill: VenueFillRecord): string {
  const start = fill.startPosition;
  const isBuy = fill.side === 'buy';
  if (isZero(start) || isPositive(start) === isBuy) return isBuy ? 'Open Long' : 'Open Short';
  const isFlip = isPositive(sub(fill.quantity, abs(start)));
  if (isFlip) return isBuy ? 'Short > Long' : 'Long > Short';
  return isBuy ? 'Close Short' : 'Close Long';
}

/** Row of `userFunding`; `usdc` is positive when received. */
export const fundingRow = (payment: VenueFundingRecord) => ({
  time: payment.at,
  hash: hashOf(payment.id),
  delta: {
    type: 'funding',
    coin: payment.symbol,
    usdc: wire(payment.amount),
    szi: wire(payment.quantity),
    fundingRate: payment.rate,
    nSamples: null,
  },
});

/** Funding paid (positive) by the account on a symbol since a moment. */
export function fundingPaid(venue: SimulatedVenue, accountId: string, symbol: string, since: number): Decimal {
  const payments = venue.fundingOf(accountId, since).filter((payment) => payment.symbol === symbol);
  return payments.reduce<Decimal>((sum, payment) => sub(sum, payment.amount), ZERO);
}
