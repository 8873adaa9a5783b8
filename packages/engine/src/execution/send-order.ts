import {
  addMs,
  DECISION_AGE_MS_MAX,
  type Decimal,
  type Order,
  type OrderId,
  type Timestamp,
  type Trader,
  type TraderId,
} from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { expected } from '../expected.ts';
import { type SubmitOutcome, VenueUnavailable } from '../ports/exchange.ts';
import { LeaseLost } from '../ports/jobs.ts';
import type { StoreTx } from '../ports/store.ts';
import { isBudgetSpent } from '../safety/order-budget.ts';
import { settleOrder } from './settle-order.ts';
import { moveOrder } from './store-order.ts';

/** How long the venue may take a request; written into the request itself. */
export const ORDER_VALIDITY_MS = 5_000;

/** Why an intent is dropped at the last moment; the code is that of the run's denial. */
export const DROP_REASONS = {
  trader_changed: 'The trader was paused, deleted or changed before the order was sent.',
  order_budget_exceeded: 'More entries of the instance left within a minute than its limits allow.',
  killed: 'The kill switch was used before the order was sent.',
  reduce_only: 'The trader was set to reduce-only before the order was sent.',
  decision_stale: `The decision was older than ${DECISION_AGE_MS_MAX / 1000} s before the order was sent.`,
} as const;
type DropCode = keyof typeof DROP_REASONS;

export interface SendGuard {
  /** The trader's generation the decision was made under; null for orders that only reduce. */
  readonly generation: number | null;
  /** A person ordered it: being paused is no reason against it. */
  readonly isByHand?: boolean;
  /** The epoch of the lane that sends; an order of a lane that was taken over does not leave. null for what only reduces. */
  readonly epoch?: number;
  /** When the decision was made; an older one than the limit is not sent. Not given for orders that only reduce. */
  readonly decidedAt?: Timestamp;
  /** Replaces the planned quantity: a protective order covers what was filled. */
  readonly quantity?: Decimal;
  /** Last look before the bytes leave; throws when the right to send is lost. */
  readonly assertMaySend?: () => Promise<void>;
}

/**
 * Sends a stored intent, at most once: `intent → sent` with its deadline is committed before the first byte leaves, so a
 * crash leaves either an intent that was never sent or a sent order that must be resolved (reliability rules 3.2-2, 3.2-3).
 * Returns the order as it stands afterwards.
 */
export async function sendOrder(deps: EngineDeps, connection: VenueConnection, orderId: OrderId, guard: SendGuard): Promise<Order> {
  await guard.assertMaySend?.();
  const { order: sent, isOurs } = await markSent(deps, orderId, guard);
  const { deadline, nonce } = sent;
  if (!isOurs || deadline === null || nonce === null) return sent;
  deps.inFlight.begin(sent.clientOrderId);
  let seen = 0;
  try {
    const told = await place(deps, connection, { ...sent, deadline, nonce });
    const before = deps.inFlight.count(sent.clientOrderId);
    const { order: settled, hasLooked } = await lookAt(deps, connection, told);
    // Events that came before the look told nothing else, unless the venue did not show the order.
    if (hasLooked && settled.state !== 'sent' && settled.state !== 'unknown') seen = before;
    return settled;
  } finally {
    deps.inFlight.end(sent.clientOrderId, seen);
  }
}

/** The bytes leave; what the venue says of it is recorded. */
async function place(
  deps: EngineDeps,
  connection: VenueConnection,
  sent: Order & { readonly deadline: Timestamp; readonly nonce: number },
): Promise<Order> {
  const outcome = await connection.exchange.placeOrder(sent.traderId, {
    clientOrderId: sent.clientOrderId,
    symbol: sent.symbol,
    side: sent.side,
    type: sent.type,
    quantity: sent.quantity,
    reduceOnly: sent.reduceOnly,
    leverage: sent.leverage,
    deadline: sent.deadline,
    nonce: sent.nonce,
  });
  return recordOutcome(deps, sent, outcome);
}

/** The first look at what became of it. A venue that does not answer it changes nothing: the order has left and is settled later. */
async function lookAt(
  deps: EngineDeps,
  connection: VenueConnection,
  sent: Order,
): Promise<{ readonly order: Order; readonly hasLooked: boolean }> {
  try {
    return { order: await settleOrder(deps, connection, sent), hasLooked: true };
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    deps.log.warn('order.not_settled', { orderId: sent.id, traderId: sent.traderId, message: error.message });
    const order = expected(await deps.store.transaction((tx) => tx.orders.get(sent.id)), `order ${sent.id} to be stored`);
    return { order, hasLooked: false };
  }
}

/**
 * Compare-and-set to `sent`, or to `dropped` when the trader changed meanwhile (I8) or the decision grew old (I12).
 * `isOurs` only for the one who made the move: an order that says `sent` already is another's to send (I1).
 */
async function markSent(
  deps: EngineDeps,
  orderId: OrderId,
  guard: SendGuard,
): Promise<{ readonly order: Order; readonly isOurs: boolean }> {
  return deps.store.transaction(async (tx) => {
    const { traderId } = expected(await tx.orders.get(orderId), `order ${orderId} to be stored`);
    const trader = expected(await tx.traders.lock(traderId), `trader ${traderId} to be stored`);
    const order = expected(await tx.orders.lock(orderId), `order ${orderId} to be stored`);
    if (order.state !== 'intent') return { order, isOurs: false };
    await assertLane(tx, order.traderId, guard);
    const now = deps.clock.now();
    const code = await dropCode(tx, guard, trader, now);
    const change =
      code === null
        ? {
            deadline: addMs(now, ORDER_VALIDITY_MS),
            sentAt: now,
            quantity: guard.quantity ?? order.quantity,
            nonce: await tx.orders.takeNonce(trader.id, now),
            epoch: guard.epoch ?? null,
          }
        : { reason: DROP_REASONS[code] };
    const moved = await moveOrder(deps, tx, { order, to: code === null ? 'sent' : 'dropped', change, trader });
    return { order: expected(moved, `intent ${orderId} to move while it is held`), isOurs: code === null };
  });
}

/** The epoch is read under the transaction's lock: a lane that is taken over meanwhile waits for this commit. */
async function assertLane(tx: StoreTx, traderId: TraderId, { epoch }: SendGuard): Promise<void> {
  if (epoch !== undefined && (await tx.jobs.laneEpoch(traderId)) !== epoch) throw new LeaseLost(traderId);
}

async function dropCode(tx: StoreTx, guard: SendGuard, trader: Trader, now: Timestamp): Promise<DropCode | null> {
  const { generation, decidedAt, isByHand = false } = guard;
  if (generation !== null) {
    if (await tx.safety.isKilled(trader.id)) return 'killed';
    if (trader.isReduceOnly) return 'reduce_only';
    if (trader.generation !== generation || !(trader.isActive || isByHand) || trader.deletedAt !== null) return 'trader_changed';
    if (await isBudgetSpent(tx, now)) return 'order_budget_exceeded';
  }
  return decidedAt !== undefined && now - decidedAt > DECISION_AGE_MS_MAX ? 'decision_stale' : null;
}

async function recordOutcome(deps: EngineDeps, sent: Order, outcome: SubmitOutcome): Promise<Order> {
  return deps.store.transaction(async (tx) => {
    const trader = expected(await tx.traders.get(sent.traderId), `trader ${sent.traderId} to be stored`);
    const order = expected(await tx.orders.lock(sent.id), `order ${sent.id} to be stored`);
    return (await takeOutcome(deps, tx, { order, trader, outcome })) ?? order;
  });
}

/** null when the venue's own events were quicker. */
async function takeOutcome(
  deps: EngineDeps,
  tx: StoreTx,
  { order, trader, outcome }: { readonly order: Order; readonly trader: Trader; readonly outcome: SubmitOutcome },
): Promise<Order | null> {
  switch (outcome.kind) {
    case 'accepted':
      return moveOrder(deps, tx, { order, to: 'accepted', change: { venueOrderId: outcome.venueOrderId }, trader });
    case 'rejected':
      // Only an order still in flight can be refused by this answer.
      if (order.state !== 'sent') return null;
      return moveOrder(deps, tx, { order, to: 'rejected', change: { reason: `${outcome.code}: ${outcome.message}` }, trader });
    case 'not_sent':
      if (order.state !== 'sent') return null;
      return moveOrder(deps, tx, { order, to: 'dropped', change: { reason: outcome.cause }, trader });
    case 'unknown':
      return moveOrder(deps, tx, { order, to: 'unknown', change: { reason: outcome.cause }, trader });
  }
}
