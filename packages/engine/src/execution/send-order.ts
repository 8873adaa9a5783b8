import { addMs, type Decimal, type Order, type OrderId, type TraderId, unreachable } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import type { SubmitOutcome } from '../ports/exchange.ts';
import { settleOrder } from './settle-order.ts';
import { moveOrder } from './store-order.ts';

/** How long the venue may take a request; written into the request itself. */
export const ORDER_VALIDITY_MS = 5_000;

export interface SendGuard {
  /** The trader's generation the decision was made under; null for orders that only reduce. */
  readonly generation: number | null;
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
  const sent = await markSent(deps, orderId, guard);
  if (sent.state !== 'sent' || sent.deadline === null) return sent;
  const outcome = await connection.exchange.placeOrder(sent.traderId, {
    clientOrderId: sent.clientOrderId,
    symbol: sent.symbol,
    side: sent.side,
    type: sent.type,
    quantity: sent.quantity,
    reduceOnly: sent.reduceOnly,
    leverage: sent.leverage,
    deadline: sent.deadline,
  });
  await recordOutcome(deps, sent, outcome);
  return settleOrder(deps, connection, sent.traderId, sent.id);
}

/** Compare-and-set to `sent`, or to `dropped` when the trader changed meanwhile (I8). */
async function markSent(deps: EngineDeps, orderId: OrderId, { generation, quantity }: SendGuard): Promise<Order> {
  return deps.store.transaction(async (tx) => {
    const order = await tx.orders.lock(orderId);
    if (order === null) throw new Error(`Expected order ${orderId} to be stored.`);
    if (order.state !== 'intent') return order;
    const trader = await tx.traders.lock(order.traderId);
    if (trader === null) throw new Error(`Expected trader ${order.traderId} to be stored.`);
    if (generation !== null && (trader.generation !== generation || !trader.isActive || trader.deletedAt !== null)) {
      await moveOrder(deps, tx, {
        order,
        to: 'dropped',
        change: { reason: 'The trader was paused, deleted or changed before the order was sent.' },
        trader,
      });
      return (await tx.orders.get(orderId)) ?? order;
    }
    const now = deps.clock.now();
    await moveOrder(deps, tx, {
      order,
      to: 'sent',
      change: { deadline: addMs(now, ORDER_VALIDITY_MS), sentAt: now, quantity: quantity ?? order.quantity },
      trader,
    });
    return (await tx.orders.get(orderId)) ?? order;
  });
}

async function recordOutcome(deps: EngineDeps, sent: Order, outcome: SubmitOutcome): Promise<void> {
  await withTrader(deps, sent.traderId, sent.id, async (tx, order, trader) => {
    switch (outcome.kind) {
      case 'accepted':
        await moveOrder(deps, tx, { order, to: 'accepted', change: { venueOrderId: outcome.venueOrderId }, trader });
        return;
      case 'rejected':
        // The venue's own events may have been quicker; only an order still in flight can be refused by this answer.
        if (order.state === 'sent')
          await moveOrder(deps, tx, { order, to: 'rejected', change: { reason: `${outcome.code}: ${outcome.message}` }, trader });
        return;
      case 'unknown':
        await moveOrder(deps, tx, { order, to: 'unknown', change: { reason: outcome.cause }, trader });
        return;
      default:
        unreachable(outcome);
    }
  });
}

type Locked = Parameters<Parameters<EngineDeps['store']['transaction']>[0]>[0];

/** One transaction with order and trader locked. */
export async function withTrader(
  deps: EngineDeps,
  traderId: TraderId,
  orderId: OrderId,
  work: (tx: Locked, order: Order, trader: NonNullable<Awaited<ReturnType<Locked['traders']['lock']>>>) => Promise<void>,
): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const trader = await tx.traders.get(traderId);
    const order = await tx.orders.lock(orderId);
    if (trader === null || order === null) throw new Error(`Expected order ${orderId} of trader ${traderId} to be stored.`);
    await work(tx, order, trader);
  });
}
