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
  same_direction_exceeded: 'Close something on this side first, or raise max_same_direction_notional.',
  positions_exceeded: 'Close a position first, or raise max_open_positions.',
  daily_loss_reached: 'No entries until the next UTC day, unless max_daily_loss is raised.',
  drawdown_reached: 'Look into the losses; entries stay off until max_drawdown is raised.',
  cooling_down: 'Wait until the pause after the loss is over, or shorten cooldown_minutes.',
  orders_per_hour_exceeded: 'Wait, or raise max_orders_per_hour.',
  stop_loss_missing: 'Let the strategy give a stop loss, or switch require_stop_loss off.',
  stop_loss_wrong_side: 'A stop loss lies below the price of a long and above that of a short.',
  stop_beyond_liquidation: 'Use a nearer stop loss or a smaller leverage.',
  take_profit_wrong_side: 'A take profit lies above the price of a long and below that of a short.',
  price_beyond_collar: 'Use a limit price nearer to the mark, or raise max_price_deviation.',
  price_limit: 'The market is beyond max_price or min_price of the decision.',
  opposite_position: 'Close the open position before trading the other side.',
  no_position: 'There is nothing to close.',
  symbol_busy: 'Wait until the open order of this symbol has ended.',
  quote_missing: 'Wait until the venue gives a price.',
  quote_stale: 'Wait until prices arrive again.',
  venue_blind: 'Wait until the venue answers again and the records agree with it.',
  price_moved: 'The price moved too far since the prompt was written; the next run asks again.',
  decision_stale: 'The decision was too old to be sent; the next run asks again.',
  killed: 'Disarm the kill switch once you know why it was used.',
  reduce_only: 'Set the trader to active to let it enter again.',
  instance_leverage_exceeded: 'Lower the leverage, or let an owner raise max_leverage of the instance.',
  instance_notional_exceeded: 'Close something first, or let an owner raise max_total_notional of the instance.',
  instance_daily_loss_reached: 'No entries until the next UTC day, unless an owner raises max_daily_loss of the instance.',
  order_budget_exceeded: 'Find out what sends so many orders, then disarm the kill switch of the instance.',
  limits_unreadable: 'Let an owner store the limits of the instance again.',
  trader_changed: 'The trader was paused, deleted or changed while it decided.',
} as const;
export type DenialCode = keyof typeof DENIALS;

/** Why our own check denied; `message` names both the value and the limit. */
export interface Denial {
  readonly code: DenialCode;
  readonly message: string;
}

/** A denial as the failure of a check. */
export interface Denied {
  readonly ok: false;
  readonly error: Denial;
}

export const deny = (code: DenialCode, message: string): Denied => ({ ok: false, error: { code, message } });
