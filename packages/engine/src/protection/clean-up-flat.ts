import type { Symbol, TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { protectSymbol } from './protect-symbol.ts';

/** After a position was reduced or closed: cancels its protective orders, or makes them as small as it is. Safe to repeat. */
export async function cleanUpFlat(deps: EngineDeps, connection: VenueConnection, traderId: TraderId, symbol: Symbol): Promise<void> {
  await protectSymbol(deps, connection, { traderId, symbol, look: null });
}
