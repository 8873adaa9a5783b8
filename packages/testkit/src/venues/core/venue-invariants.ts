import { add, type Decimal, eq, gt, gte, isZero, neg, sub, sum, ZERO } from '@hyperoru/domain';
import type { VenueOrderRecord } from './records.ts';
import type { VenueParts } from './venue-parts.ts';

/** The venue's books do not add up: a bug of the simulation. */
export class VenueBroken extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'VenueBroken';
  }
}

/**
 * Checks every account against all that ever happened to it: balance = deposits + realized PnL − fees + funding, each of them the
 * sum of the records; position = Σ fills; an order filled by exactly its fills, and none both final and resting. Throws VenueBroken.
 */
export function assertVenue(venue: VenueParts): void {
  for (const [accountId, { state }] of venue.books.accounts) {
    const fills = venue.books.fillsOf(accountId);
    const funding = venue.books.funding.filter((payment) => payment.accountId === accountId);
    expectEqual('realized PnL', sum(fills.map((fill) => fill.realizedPnl)), state.realizedPnl);
    expectEqual('fees', sum(fills.map((fill) => fill.fee)), state.fees);
    expectEqual('funding', sum(funding.map((payment) => payment.amount)), state.funding);
    expectEqual('balance', sum([state.deposits, state.realizedPnl, neg(state.fees), state.funding]), state.balance);
    const moved = new Map<string, Decimal>();
    for (const { symbol, side, quantity } of fills)
      moved.set(symbol, add(moved.get(symbol) ?? ZERO, side === 'buy' ? quantity : neg(quantity)));
    for (const { symbol, quantity } of state.positions) expectEqual(`position of ${symbol}`, moved.get(symbol) ?? ZERO, quantity);
    const held = new Set(state.positions.map((position) => position.symbol as string));
    for (const [symbol, quantity] of moved) if (!held.has(symbol)) expectEqual(`position of ${symbol}`, quantity, ZERO);
    for (const { clientOrderId } of state.orders) assertRests(venue.order(Number(clientOrderId)));
  }
  assertFilled(venue);
}

function assertRests(order: VenueOrderRecord | null): void {
  const isResting = order !== null && (order.status === 'open' || order.status === 'partially_filled');
  if (!isResting) throw new VenueBroken(`Expected a resting order, was ${order?.id ?? 'unknown'} ${order?.status ?? ''}.`);
}

function assertFilled(venue: VenueParts): void {
  const filled = new Map<number, Decimal>();
  for (const { orderId, quantity } of venue.books.fills)
    if (orderId !== null) filled.set(orderId, add(filled.get(orderId) ?? ZERO, quantity));
  for (const order of venue.books.orders.all()) {
    expectEqual(`filled quantity of ${order.id}`, filled.get(order.id) ?? ZERO, order.filledQuantity);
    if (gt(order.filledQuantity, order.quantity)) throw new VenueBroken(`Expected order ${order.id} to fill at most ${order.quantity}.`);
    const isFull = gte(order.filledQuantity, order.quantity) && !isZero(order.quantity);
    if (isFull !== (order.status === 'filled') && order.status !== 'canceled')
      throw new VenueBroken(`Expected order ${order.id} to be filled when nothing is left, was ${order.status}.`);
  }
}

function expectEqual(what: string, expected: Decimal, actual: Decimal): void {
  // Quotients of averages are rounded in their last digits only where money is not counted.
  if (!eq(sub(expected, actual), ZERO)) throw new VenueBroken(`Expected ${what} to be ${expected}, was ${actual}.`);
}
