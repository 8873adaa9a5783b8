import type { Order, Symbol, TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { settleOrder } from '../execution/settle-order.ts';
import { protectEntry } from './protect-entry.ts';

/**
 * Cancels the entries that rest at the venue, of one symbol or (null) of all, so that nothing opens any more. What they had
 * filled stays protected; legs that are not needed are dropped. Safe to repeat.
 */
export async function cancelEntries(
  deps: EngineDeps,
  connection: VenueConnection,
  traderId: TraderId,
  symbol: Symbol | null,
): Promise<void> {
  const open = await deps.store.transaction((tx) => tx.orders.listOpen(traderId));
  const rests = (order: Order): boolean =>
    order.purpose === 'entry' && order.state !== 'intent' && (symbol === null || order.symbol === symbol);
  for (const entry of open.filter(rests)) {
    await connection.exchange.cancelOrder(traderId, entry.clientOrderId);
    await settleOrder(deps, connection, entry);
    await protectEntry(deps, connection, entry.id);
  }
}
