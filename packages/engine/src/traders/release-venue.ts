import type { Symbol, Trader } from '@hyperoru/domain';
import { notifyAlerts } from '../alerts/notify-alerts.ts';
import { raiseAlert } from '../alerts/raise-alert.ts';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { cleanUpFlat } from '../protection/clean-up-flat.ts';
import { flatten } from '../protection/flatten.ts';

/**
 * Leaves the venue for good: closes what is open, cancels what rests and forgets the account. Idempotent. A position that
 * cannot be closed keeps its account and its stop, and raises a critical alert.
 */
export async function releaseVenue(deps: EngineDeps, trader: Trader): Promise<void> {
  const connection = trader.exchange === null ? null : deps.venue(trader.exchange.venue, trader.exchange.environment);
  if (connection === null) return;
  const open = await deps.store.transaction((tx) => tx.portfolio.listOpenPositions(trader.id));
  const left: Symbol[] = [];
  for (const { symbol, id } of open) if (!(await closeOut(deps, connection, trader, { symbol, cause: `delete/${id}` }))) left.push(symbol);
  if (left.length === 0) await connection.exchange.closeAccount(trader.id);
  else await alertLeft(deps, trader, left);
}

async function closeOut(
  deps: EngineDeps,
  connection: VenueConnection,
  trader: Trader,
  what: { readonly symbol: Symbol; readonly cause: string },
): Promise<boolean> {
  const isFlat = await flatten(deps, connection, trader.id, what.symbol, `${what.cause}/${deps.ids.uuid()}`);
  if (isFlat) await cleanUpFlat(deps, connection, trader.id, what.symbol);
  return isFlat;
}

async function alertLeft(deps: EngineDeps, trader: Trader, symbols: readonly Symbol[]): Promise<void> {
  const message = `"${trader.name}" was deleted but its position in ${symbols.join(', ')} could not be closed; close it at the exchange.`;
  const alert = await deps.store.transaction((tx) =>
    raiseAlert(deps, tx, { trader, severity: 'critical', code: 'position_left_open', message }),
  );
  if (alert !== null) await notifyAlerts(deps, [alert]);
}
