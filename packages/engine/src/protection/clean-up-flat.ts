import { isOpen, isProtective, type Order, type Symbol, type TraderId } from '@hyperoru/domain';
import type { EngineDeps, VenueConnection } from '../deps.ts';
import { settleOrder } from '../execution/settle-order.ts';
import { moveOrder } from '../execution/store-order.ts';

/** Cancels the protective orders of a symbol in which nothing is held and nothing is being entered. Safe to repeat. */
export async function cleanUpFlat(deps: EngineDeps, connection: VenueConnection, traderId: TraderId, symbol: Symbol): Promise<void> {
  await deps.mutex(`protection/${traderId}`, async () => {
    for (const order of await strayProtection(deps, traderId, symbol)) {
      if (order.state === 'intent') {
        await drop(deps, order);
        continue;
      }
      await connection.exchange.cancelOrder(traderId, order.clientOrderId);
      await settleOrder(deps, connection, order);
    }
  });
}

async function strayProtection(deps: EngineDeps, traderId: TraderId, symbol: Symbol): Promise<readonly Order[]> {
  return deps.store.transaction(async (tx) => {
    if ((await tx.portfolio.openPosition(traderId, symbol)) !== null) return [];
    const open = await tx.orders.listOpenBySymbol(traderId, symbol);
    if (open.some((order) => order.purpose === 'entry' && isOpen(order.state))) return [];
    return open.filter((order) => isProtective(order.purpose));
  });
}

async function drop(deps: EngineDeps, order: Order): Promise<void> {
  await deps.store.transaction(async (tx) => {
    const trader = await tx.traders.get(order.traderId);
    if (trader !== null)
      await moveOrder(deps, tx, {
        order,
        to: 'dropped',
        change: { reason: 'The position was closed before this order was needed.' },
        trader,
      });
  });
}
