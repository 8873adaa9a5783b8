import { isOpen, isProtective, type Order, type OrderId, ok } from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import { expected } from '../expected.ts';
import type { StoreTx } from '../ports/store.ts';
import { protectEntry } from '../protection/protect-entry.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { settleOrder } from './settle-order.ts';
import { moveOrder } from './store-order.ts';
import { unlessSilent } from './venue-silent.ts';

/**
 * Cancels an open order because its owner asked for it, and answers with the order as it then stands; what it had filled stays
 * protected. Refuses `order_final`, and `order_protects` for what covers an open position: the watch would put it back at once; `venue_silent` when the venue
 * does not answer.
 */
export async function cancelOrder(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly orderId: OrderId },
): Promise<UseCaseResult<Order>> {
  const known = await deps.readModel.findOrder(scope, input.orderId);
  if (known === null) return notFound('order');
  const order = await deps.store.transaction(async (tx): Promise<UseCaseResult<Order>> => {
    const current = expected(await tx.orders.lock(input.orderId), `order ${input.orderId} to be stored`);
    return cancelable(deps, tx, scope, current);
  });
  if (!order.ok || !isOpen(order.value.state)) return order;
  const connection = deps.venue(order.value.venue, order.value.environment);
  if (connection === null) return refuse('venue_unavailable', 'The venue of this order is not available.');
  return unlessSilent(async () => {
    await connection.exchange.cancelOrder(order.value.traderId, order.value.clientOrderId);
    const settled = await settleOrder(deps, connection, order.value);
    if (settled.purpose === 'entry') await protectEntry(deps, connection, settled.id);
    return ok(settled);
  });
}

/** The order to cancel at the venue, or already dropped when it never left. */
async function cancelable(deps: EngineDeps, tx: StoreTx, scope: OwnerScope, order: Order): Promise<UseCaseResult<Order>> {
  if (!isOpen(order.state)) return refuse('order_final', `The order has ended as ${order.state}; there is nothing to cancel.`);
  if (isProtective(order.purpose) && (await tx.portfolio.openPosition(order.traderId, order.symbol)) !== null)
    return refuse('order_protects', `This order protects the open position in ${order.symbol}. Close the position instead.`);
  const detail = { symbol: order.symbol, purpose: order.purpose, state: order.state };
  await auditUserAction(tx, deps, scope, { action: 'order.cancel', subject: `order:${order.id}`, detail });
  if (order.state !== 'intent') return ok(order);
  const trader = expected(await tx.traders.get(order.traderId), `trader ${order.traderId} to be stored`);
  const change = { reason: 'Canceled by its owner before it was sent.' };
  return ok(
    expected(await moveOrder(deps, tx, { order, to: 'dropped', change, trader }), `order ${order.id} to be dropped while it is held`),
  );
}
