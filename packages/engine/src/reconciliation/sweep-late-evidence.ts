import { gt, isOpen, type Order, sum, type TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { applyVenueOrder, settleOrder } from '../execution/settle-order.ts';
import type { VenueFill } from '../ports/exchange.ts';

/**
 * Evidence that comes late wins: an order we thought absent, refused or over is taken back when the venue shows it among
 * its open orders or shows fills of it that we have not counted (rule 3.2-5).
 */
export async function sweepLateEvidence(
  deps: EngineDeps,
  connection: VenueConnection,
  traderId: TraderId,
  fills: readonly VenueFill[],
): Promise<void> {
  const resting = await connection.exchange.openOrders(traderId);
  const ids = new Set([...resting, ...fills].flatMap(({ clientOrderId }) => (clientOrderId === null ? [] : [clientOrderId])));
  for (const order of await readEnded(deps, ids)) {
    const found = resting.find(({ clientOrderId }) => clientOrderId === order.clientOrderId);
    const filled = sum(fills.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId).map(({ quantity }) => quantity));
    if (found !== undefined) await applyVenueOrder(deps, order.id, found);
    else if (gt(filled, order.filledQuantity)) await settleOrder(deps, connection, order);
  }
}

/** Our orders of these ids that we thought were over. */
async function readEnded(deps: EngineDeps, clientOrderIds: ReadonlySet<string>): Promise<readonly Order[]> {
  if (clientOrderIds.size === 0) return [];
  return deps.store.transaction(async (tx) => {
    const ended: Order[] = [];
    for (const id of clientOrderIds) {
      const order = await tx.orders.findByClientOrderId(id);
      if (order !== null && !isOpen(order.state)) ended.push(order);
    }
    return ended;
  });
}
