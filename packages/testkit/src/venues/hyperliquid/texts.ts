import type { RefusalCode } from '../core/place-on-venue.ts';
import type { VenueOrderRecord } from '../core/records.ts';

/** The venue's words for a refused order and the status it keeps under them. */
export interface RefusalWords {
  readonly text: string;
  readonly status: string;
}

const REFUSALS: Readonly<Record<RefusalCode, RefusalWords>> = {
  expired_deadline: { text: 'Order has expired.', status: 'rejected' },
  duplicate_client_order_id: { text: 'Duplicate cloid.', status: 'rejected' },
  client_id_in_use: { text: 'Duplicate cloid.', status: 'rejected' },
  unknown_symbol: { text: 'Order has invalid asset.', status: 'rejected' },
  no_price: { text: 'Order has invalid price.', status: 'rejected' },
  symbol_halted: { text: 'Trading is halted.', status: 'rejected' },
  too_many_open_orders: { text: 'Too many open orders.', status: 'tooManyOpenOrdersRejected' },
  invalid_leverage: { text: 'Invalid leverage value', status: 'rejected' },
  invalid_quantity: { text: 'Order has invalid size.', status: 'rejected' },
  below_minimum_quantity: { text: 'Order has zero size.', status: 'rejected' },
  invalid_price: { text: 'Price must be divisible by tick size.', status: 'tickRejected' },
  below_minimum_notional: { text: 'Order must have minimum value of $10.', status: 'minTradeNtlRejected' },
  insufficient_margin: { text: 'Insufficient margin to place order.', status: 'perpMarginRejected' },
  reduce_only_would_increase: { text: 'Reduce only order would increase position.', status: 'reduceOnlyRejected' },
  trigger_must_be_reduce_only: { text: 'Invalid TP/SL price.', status: 'badTriggerPxRejected' },
  would_trigger_immediately: { text: 'Invalid TP/SL price.', status: 'badTriggerPxRejected' },
  post_only_would_match: { text: 'Post only order would have immediately matched, bbo was', status: 'badAloPxRejected' },
  fok_not_filled: { text: 'Order could not immediately match against any resting orders.', status: 'iocCancelRejected' },
};

export const refusalWords = (code: RefusalCode): RefusalWords => REFUSALS[code];

const isRefusalCode = (word: string): word is RefusalCode => Object.hasOwn(REFUSALS, word);

const CANCEL_STATUSES: Readonly<Record<string, string>> = {
  position_closed: 'reduceOnlyCanceled',
  sibling_filled: 'siblingFilledCanceled',
  liquidation: 'liquidatedCanceled',
  insufficient_margin: 'marginCanceled',
  self_trade: 'selfTradeCanceled',
  dead_man: 'scheduledCancel',
};

/** The status of an order as `orderStatus`, `historicalOrders` and `orderUpdates` tell it. */
export function orderStatusOf(order: VenueOrderRecord): string {
  const reason = order.reason ?? '';
  if (order.status === 'rejected') return isRefusalCode(reason) ? REFUSALS[reason].status : 'rejected';
  if (order.status === 'canceled') {
    const isUnfilledIoc = reason === 'ioc_rest_canceled' && order.filledQuantity === '0';
    if (isUnfilledIoc) return order.extra['tif'] === 'FrontendMarket' ? 'marketOrderNoLiquidityRejected' : 'iocCancelRejected';
    return CANCEL_STATUSES[reason] ?? 'canceled';
  }
  if (order.status === 'filled') return 'filled';
  return order.firedId === null ? 'open' : 'triggered';
}

export const NOT_CANCELED = 'Order was never placed, already canceled, or filled.';
export const UNREADABLE = 'Failed to deserialize the JSON body into the target type';
export const NO_LIQUIDITY = 'No liquidity available for market order.';
export const NO_MATCH = 'Order could not immediately match against any resting orders.';
export const FAR_FROM_REFERENCE = 'Order price cannot be more than 80% away from the reference price';

export const unknownSigner = (address: string): string => `User or API Wallet ${address} does not exist.`;
export const mustDeposit = (address: string): string => `Must deposit before performing actions. User: ${address}`;
