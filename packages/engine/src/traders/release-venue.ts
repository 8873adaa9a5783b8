import type { Trader } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';

/**
 * Leaves the venue for good: cancels what rests there and forgets the account. Idempotent. Positions that are still open
 * at the venue stay as they are; whatever flattens them belongs here, before the account is closed.
 */
export async function releaseVenue(deps: Pick<EngineDeps, 'venue'>, trader: Pick<Trader, 'id' | 'exchange'>): Promise<void> {
  if (trader.exchange === null) return;
  const connection = deps.venue(trader.exchange.venue, trader.exchange.environment);
  await connection?.exchange.closeAccount(trader.id);
}
