import type { TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { settleOrder } from '../execution/settle-order.ts';

/**
 * An entry that nobody took rests for a day at most: stop and target were chosen for a market that is gone. Until then it rests, as its
 * decision or its owner wanted, and counts as filled for every limit; a later close, a pause or a kill ends it earlier.
 */
export const ENTRY_REST_MS_MAX = 86_400_000;

/** Cancels entries that have rested for too long; what they had filled stays protected. */
export async function endOldEntries(deps: EngineDeps, connection: VenueConnection, traderId: TraderId): Promise<void> {
  const before = deps.clock.now() - ENTRY_REST_MS_MAX;
  const open = await deps.store.transaction((tx) => tx.orders.listOpen(traderId));
  for (const order of open) {
    if (order.purpose !== 'entry' || order.state === 'intent' || order.sentAt === null || order.sentAt >= before) continue;
    await connection.exchange.cancelOrder(traderId, order.clientOrderId);
    await settleOrder(deps, connection, order);
  }
}
