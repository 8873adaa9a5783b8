import { type Decimal, type Decision, decimal, gt, lt, mul, type Order } from '@hyperoru/domain';
import type { Finding } from './oracle.ts';
import type { ArrivedOrder } from './sides/side.ts';

/** The account may be worth less when an order arrives than when it was sized. */
const EQUITY_TOLERANCE = decimal('1.06');

/**
 * An order that arrives is not more than its decision wanted: no more margin than the share of the account, no worse price, and a stop
 * no farther away (rounded toward less risk). `equity` is what the account is worth at the venue.
 */
export function* judgeWanted(
  order: ArrivedOrder,
  { purpose, leverage }: Order,
  { decision, equity }: { readonly decision: Decision; readonly equity: Decimal },
): Iterable<Finding> {
  const { clientOrderId, side, quantity, limitPrice, triggerPrice } = order;
  const { portion, maxPrice, minPrice, stopLoss } = decision;
  if (purpose === 'entry' && limitPrice !== null) {
    const allowed = mul(mul(mul(portion ?? decimal('0'), equity), EQUITY_TOLERANCE), decimal(String(leverage)));
    if (gt(mul(quantity, limitPrice), allowed)) yield ['I11', `entry ${clientOrderId} of ${quantity} is more than ${portion} of ${equity}`];
    const isWorse = side === 'buy' ? maxPrice !== null && gt(limitPrice, maxPrice) : minPrice !== null && lt(limitPrice, minPrice);
    if (isWorse) yield ['I11', `entry ${clientOrderId} at ${limitPrice} is worse than its decision allows`];
    if (decision.leverage !== null && leverage > decision.leverage) yield ['I11', `entry ${clientOrderId} has leverage ${leverage}`];
  }
  if (purpose !== 'stop_loss' || triggerPrice === null || stopLoss?.kind !== 'price') return;
  const isFarther = side === 'sell' ? lt(triggerPrice, stopLoss.price) : gt(triggerPrice, stopLoss.price);
  if (isFarther) yield ['I6', `stop ${clientOrderId} at ${triggerPrice} is farther away than the ${stopLoss.price} of its decision`];
}
