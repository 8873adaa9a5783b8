import {
  advancePrice,
  FUNDING_BOUNDARIES_PER_STEP_MAX,
  FUNDING_INTERVAL_MS,
  gte,
  isTriggered,
  lastBoundary,
  lte,
  type PriceStep,
  settleFunding,
  timestamp,
} from '@hyperoru/domain';
import { subjectOf } from './place-on-venue.ts';
import { armTrigger, reachedBy, syncPositionTriggers, triggerPartOf } from './position-triggers.ts';
import type { VenueChange, VenueOrderRecord } from './records.ts';
import type { VenueParts } from './venue-parts.ts';

/** What follows from changes of one account: triggers resized to the position, children armed or canceled with their parent. */
export function settleChanges(venue: VenueParts, accountId: string, changes: readonly VenueChange[]): void {
  syncPositionTriggers(venue.books, accountId, venue.keepsTriggers);
  venue.emit(changes);
  const ended = changes.flatMap((change) => (change.kind === 'order' && !venue.books.orders.isLive(change.order) ? [change.order] : []));
  for (const parent of ended) resolveChildren(venue, parent);
}

/** Brings the children of an order that is final to life, or cancels them with it. */
export function resolveChildren(venue: VenueParts, parent: VenueOrderRecord): void {
  const armed: VenueOrderRecord[] = [];
  for (const child of venue.books.orders.childrenOf(parent.id)) {
    if (child.status !== 'waiting') continue;
    if (parent.status !== 'filled') venue.finish(child, 'canceled', 'parent_canceled');
    else if (armTrigger(venue.books, child)) armed.push(child);
    else venue.finish(child, 'canceled', 'position_closed');
  }
  for (const child of armed) fireIfPast(venue, child.id);
}

/** A child that comes to life beyond its trigger price executes at once. */
function fireIfPast(venue: VenueParts, id: number): void {
  const order = venue.order(id);
  const trigger = order === null ? null : triggerPartOf(order);
  const mark = order === null ? undefined : venue.market.price(order.symbol)?.mark;
  if (order === null || trigger === null || mark === undefined) return;
  venue.emit([{ kind: 'order', accountId: order.accountId, order }]);
  if (isTriggered(trigger, mark)) advanceAccount(venue, order.accountId, { symbol: order.symbol, open: mark, low: mark, high: mark, mark });
}

/** Moves one account through one price step, faults at triggers first. */
export function advanceAccount(venue: VenueParts, accountId: string, step: PriceStep): void {
  for (const order of reachedBy(venue.books, accountId, step)) {
    const fault = venue.faults.takeEngine('stop_rejected_at_trigger', subjectOf(accountId, order));
    const isHeld = venue.books.account(accountId).state.orders.some((other) => other.clientOrderId === String(order.id));
    if (fault !== null) venue.finish(order, 'rejected', 'rejected_at_trigger');
    else if (!isHeld) venue.finish(order, 'rejected', 'no_position_at_trigger');
  }
  const { state } = venue.books.account(accountId);
  const outcome = advancePrice(state, step, venue.market.matching(venue.now()));
  if (outcome.events.length > 0) venue.apply(accountId, outcome);
}

/** Cancels the account's own resting orders that a fill of it went through: the venue does not let it trade with itself. */
export function cancelCrossed(venue: VenueParts, taker: VenueOrderRecord): void {
  const fills = venue.fillsOf(taker.accountId).filter((fill) => fill.orderId === taker.id);
  for (const order of fills.length === 0 ? [] : venue.openOrders(taker.accountId)) {
    const { type, side, symbol } = order;
    if (type.kind !== 'limit' || side === taker.side || symbol !== taker.symbol) continue;
    const isCrossed = fills.some((fill) => (side === 'buy' ? gte(type.price, fill.price) : lte(type.price, fill.price)));
    if (isCrossed) venue.finish(order, 'canceled', 'self_trade');
  }
}

/** Pays funding for every full hour since the last, at most a day of them. */
export function payFunding(venue: VenueParts): void {
  const last = lastBoundary(venue.now());
  const earliest = last - (FUNDING_BOUNDARIES_PER_STEP_MAX - 1) * FUNDING_INTERVAL_MS;
  for (let at = Math.max(venue.fundedUntil + FUNDING_INTERVAL_MS, earliest); at <= last; at += FUNDING_INTERVAL_MS) {
    const market = venue.market.funding(timestamp(at), at / FUNDING_INTERVAL_MS);
    for (const [accountId, { state }] of venue.books.accounts) {
      const outcome = settleFunding(state, market);
      if (outcome.state !== state) venue.apply(accountId, outcome);
    }
  }
  if (last > venue.fundedUntil) venue.fundedUntil = last;
}
