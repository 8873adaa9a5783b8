import type { Trader } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { type VenueAccount, VenueUnavailable } from '../ports/exchange.ts';

/** The trader's account as its venue reports it; null without an exchange, after deletion, and while the venue does not answer. */
export async function readAccount(deps: Pick<EngineDeps, 'venue' | 'log'>, trader: Trader): Promise<VenueAccount | null> {
  if (trader.exchange === null || trader.deletedAt !== null) return null;
  const connection = deps.venue(trader.exchange.venue, trader.exchange.environment);
  if (connection === null) return null;
  try {
    return await connection.exchange.account(trader.id);
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    deps.log.warn('trader.account_unavailable', { traderId: trader.id, reason: error.message });
    return null;
  }
}
