/** Every reason our own checks may deny a decision, with the fix a person can apply. Codes are stable. */
export const DENIALS = {
  symbol_not_bound: 'Add the symbol to the binding, or take it out of the prompt.',
  symbol_unknown: 'Use a symbol that the venue lists.',
  symbol_not_allowed: 'Add the symbol to allowed_symbols of the risk limits.',
  size_missing: 'Let the strategy give target_portion_of_balance or size_pct.',
  order_too_small: 'Use a larger share, or more balance: the venue has a minimum order.',
  insufficient_balance: 'Use a smaller share, or close something first.',
  leverage_exceeded: 'Lower the leverage, or raise max_leverage.',
  leverage_conflict: 'Use the leverage of the open position, or close it first.',
  order_notional_exceeded: 'Use a smaller size, or raise max_order_notional.',
  total_notional_exceeded: 'Close something first, or raise max_total_notional.',
  positions_exceeded: 'Close a position first, or raise max_open_positions.',
  daily_loss_reached: 'No entries until the next UTC day, unless max_daily_loss is raised.',
  orders_per_hour_exceeded: 'Wait, or raise max_orders_per_hour.',
  stop_loss_missing: 'Let the strategy give a stop loss, or switch require_stop_loss off.',
  stop_loss_wrong_side: 'A stop loss lies below the price of a long and above that of a short.',
  take_profit_wrong_side: 'A take profit lies above the price of a long and below that of a short.',
  price_limit: 'The market is beyond max_price or min_price of the decision.',
  opposite_position: 'Close the open position before trading the other side.',
  no_position: 'There is nothing to close.',
  symbol_busy: 'Wait until the open order of this symbol has ended.',
  quote_missing: 'Wait until the venue gives a price.',
  quote_stale: 'Wait until prices arrive again.',
  price_moved: 'The price moved too far since the prompt was written; the next run asks again.',
  decision_stale: 'The decision was too old to be sent; the next run asks again.',
  killed: 'Disarm the kill switch once you know why it was used.',
  trader_changed: 'The trader was paused, deleted or changed while it decided.',
} as const;
export type DenialCode = keyof typeof DENIALS;

/** Why our own check denied; `message` names both the value and the limit. */
export interface Denial {
  readonly code: DenialCode;
  readonly message: string;
}

export const deny = (code: DenialCode, message: string): { readonly ok: false; readonly error: Denial } => ({
  ok: false,
  error: { code, message },
});
