import type { OrderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { expected } from '../expected.ts';
import { keepProtected } from './watch-protection.ts';

/**
 * Covers what an entry has filled with its stop-loss and take-profit, and drops the legs of an entry that ended without a
 * fill. Safe to repeat after every fill.
 */
export async function protectEntry(deps: EngineDeps, connection: VenueConnection, entryId: OrderId): Promise<void> {
  const entry = await deps.store.transaction((tx) => tx.orders.get(entryId));
  const { traderId, symbol } = expected(entry, `entry ${entryId} to be stored`);
  await keepProtected(deps, connection, { traderId, symbol });
}
