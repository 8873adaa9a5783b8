import type { OrderCreateAnswer } from '@hyperoru/contracts';
import type { z } from 'zod';
import { exact, price } from '../../format/amount.ts';
import { signOf } from '../../format/decimal.ts';
import { STATE_WORDS } from '../records/order-words.ts';
import type { OrderBody } from './order-fields.ts';

/** The button that places it. */
export const PLACE_WORDS: Readonly<Record<OrderBody['operation'], string>> = { buy: 'Buy', sell: 'Sell short', close: 'Close' };

/** What became of an order that was placed, in one sentence. */
export function tellPlaced({ order, verdict }: z.infer<typeof OrderCreateAnswer>): string {
  if (order === null)
    return verdict === null ? 'It waits for its turn; the list of orders shows what becomes of it.' : 'Nothing was to be done.';
  const { word, meaning } = STATE_WORDS[order.state];
  if (signOf(order.filled_quantity) <= 0) return `${word}: ${meaning}`;
  const at = order.average_price === null ? '' : ` at ${price(order.average_price)}`;
  const verb = order.side === 'buy' ? 'Bought' : 'Sold';
  return `${verb} ${exact(order.filled_quantity)} ${order.symbol}${at}.`;
}
