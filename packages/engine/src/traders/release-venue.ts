import { addMs, type Trader } from '@hyperoru/domain';
import { raiseAlert } from '../alerts/raise-alert.ts';
import { connectionOf, type EngineDeps, type VenueConnection } from '../deps.ts';
import { VenueUnavailable } from '../ports/exchange.ts';
import { flatten } from '../protection/flatten.ts';

/** An order that the venue showed no trace of may turn up for this long: until then the account has to be looked at. */
const DOUBT_MS_MAX = 600_000;

/**
 * Leaves the venue for good: cancels resting entries, closes what is open by reduce-only orders, forgets the account. Idempotent.
 * False when it could not: the venue does not answer, an order of which it showed no trace may still turn up, or a position stays (then
 * its protective orders stay too, and an alert tells).
 */
export async function releaseVenue(deps: EngineDeps, trader: Trader): Promise<boolean> {
  const connection = connectionOf(deps, trader);
  if (connection === null) return true;
  try {
    await cancelEntries(connection, trader);
    if (!(await closePositions(deps, connection, trader)) || (await isInDoubt(deps, trader))) return false;
    await connection.exchange.closeAccount(trader.id);
    return true;
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    deps.log.warn('trader.venue_not_released', { traderId: trader.id, reason: error.message });
    return false;
  }
}

async function isInDoubt(deps: EngineDeps, trader: Trader): Promise<boolean> {
  const since = addMs(deps.clock.now(), -DOUBT_MS_MAX);
  const doubted = await deps.store.transaction((tx) => tx.orders.listDoubted(trader.id, since));
  return doubted.some(({ state }) => state === 'absent');
}

async function cancelEntries({ exchange }: VenueConnection, trader: Trader): Promise<void> {
  for (const order of await exchange.openOrders(trader.id)) {
    if (!order.reduceOnly && order.clientOrderId !== null) await exchange.cancelOrder(trader.id, order.clientOrderId);
  }
}

async function closePositions(deps: EngineDeps, connection: VenueConnection, trader: Trader): Promise<boolean> {
  const open = await deps.store.transaction((tx) => tx.portfolio.listOpenPositions(trader.id));
  let isFlat = true;
  for (const { symbol } of open) {
    // A fresh cause each time: after a crash the orders of the first try are final or resolved, never sent again.
    if (await flatten(deps, connection, trader.id, symbol, `leave/${deps.ids.uuid()}`)) continue;
    isFlat = false;
    const message = `The ${symbol} position of the deleted trader "${trader.name}" could not be closed. Its protective orders stay; it is tried again every minute.`;
    const code = `position_left_${symbol.toLowerCase()}`;
    await deps.store.transaction((tx) => raiseAlert(deps, tx, { trader, severity: 'critical', code, message }));
  }
  return isFlat;
}
