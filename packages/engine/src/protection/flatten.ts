import { exitPlan, isOpen, ONE, type Order, type Symbol, type TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { exitIntent } from '../execution/make-intents.ts';
import { sendOrder } from '../execution/send-order.ts';
import { insertIntent } from '../execution/store-order.ts';

/** Closing orders per flatten; a thin book fills an IOC in parts. */
const FLATTEN_ATTEMPTS_MAX = 10;

/**
 * Closes the trader's position in a symbol by reduce-only orders until it is flat, nothing can be sent, or the tries are
 * used up. `cause` names who asked and makes the orders' identity. Returns whether the position is gone.
 */
export async function flatten(
  deps: EngineDeps,
  connection: VenueConnection,
  traderId: TraderId,
  symbol: Symbol,
  cause: string,
): Promise<boolean> {
  for (let attempt = 0; attempt < FLATTEN_ATTEMPTS_MAX; attempt++) {
    const order = await closingIntent(deps, connection, { traderId, symbol, cause: `${cause}/${attempt}` });
    if (order === 'flat') return true;
    if (order === null) return false;
    const sent = await sendOrder(deps, connection, order.id, { generation: null });
    if (isOpen(sent.state) || sent.state === 'rejected') break;
  }
  return (await deps.store.transaction((tx) => tx.portfolio.openPosition(traderId, symbol))) === null;
}

async function closingIntent(
  deps: EngineDeps,
  connection: VenueConnection,
  request: { readonly traderId: TraderId; readonly symbol: Symbol; readonly cause: string },
): Promise<Order | 'flat' | null> {
  const { traderId, symbol, cause } = request;
  const instrument = connection.market.instrument(symbol);
  const quote = connection.market.quote(symbol);
  return deps.store.transaction(async (tx) => {
    const trader = await tx.traders.lock(traderId);
    const position = await tx.portfolio.openPosition(traderId, symbol);
    if (position === null) return 'flat';
    if (trader === null || trader.exchange === null || instrument === null || quote === null) return null;
    const plan = exitPlan({ instrument, quote, position, portion: ONE, maxPriceDeviation: trader.risk.maxPriceDeviation });
    const order = exitIntent(deps.ids, plan, { traderId, exchange: trader.exchange, cause, decisionId: null, now: deps.clock.now() });
    await insertIntent(tx, order, trader);
    return order;
  });
}
