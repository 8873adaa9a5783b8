import { add, div, gt, gte, mul, type Order, sum, ZERO } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { expected } from '../expected.ts';
import { bookFill } from '../portfolio/book-fill.ts';
import type { VenueFill } from '../ports/exchange.ts';
import { moveOrder } from './store-order.ts';

/**
 * Takes executions as evidence of an order where the venue does not show the order itself: they are booked, and it is filled in whole
 * or in part. Returns whether they told more than was known.
 */
export async function takeFills(deps: EngineDeps, order: Order, fills: readonly VenueFill[]): Promise<boolean> {
  const own = fills.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
  for (const fill of own) await bookFill(deps, order.traderId, fill);
  const filledQuantity = sum(own.map(({ quantity }) => quantity));
  if (!gt(filledQuantity, order.filledQuantity)) return false;
  const cost = own.reduce((total, { price, quantity }) => add(total, mul(price, quantity)), ZERO);
  const averagePrice = div(cost, filledQuantity);
  await deps.store.transaction(async (tx) => {
    const current = expected(await tx.orders.lock(order.id), `order ${order.id} to be stored`);
    const trader = expected(await tx.traders.get(order.traderId), `trader ${order.traderId} to be stored`);
    if (!gt(filledQuantity, current.filledQuantity)) return;
    const to = gte(filledQuantity, current.quantity) ? 'filled' : 'partially_filled';
    await moveOrder(deps, tx, { order: current, to, change: { filledQuantity, averagePrice, reason: null }, trader });
  });
  return true;
}
