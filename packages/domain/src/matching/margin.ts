import type { Symbol } from '../market/instrument.ts';
import { abs, add, type Decimal, decimal, div, isNegative, isPositive, max, mul, ONE, sub, ZERO } from '../money/decimal.ts';
import { type AccountState, type MatchedOrder, type MatchingPosition, positionOf } from './account-state.ts';
import { type MatchingMarket, markOf, rulesOf } from './rules.ts';

/** Sums of an account under cross margin, quote currency. */
export interface AccountMargin {
  readonly unrealizedPnl: Decimal;
  /** balance + unrealized PnL. */
  readonly equity: Decimal;
  /** Σ |quantity| × mark ÷ leverage of positions. */
  readonly initial: Decimal;
  /** Margin held for what resting orders would open. */
  readonly reserved: Decimal;
  /** Below this equity the account is liquidated. */
  readonly maintenance: Decimal;
  /** equity − initial − reserved; may be negative. */
  readonly free: Decimal;
}

export const unrealizedPnlOf = (position: MatchingPosition, mark: Decimal): Decimal =>
  mul(position.quantity, sub(mark, position.averageEntryPrice));

export const initialMarginOf = (position: MatchingPosition, mark: Decimal): Decimal =>
  div(mul(abs(position.quantity), mark), decimal(String(position.leverage)));

/** The sums at the marks of the market. */
export function accountMargin(state: AccountState, market: MatchingMarket): AccountMargin {
  let unrealizedPnl = ZERO;
  let initial = ZERO;
  let maintenance = ZERO;
  for (const position of state.positions) {
    const mark = markOf(market, position.symbol);
    unrealizedPnl = add(unrealizedPnl, unrealizedPnlOf(position, mark));
    initial = add(initial, initialMarginOf(position, mark));
    maintenance = add(maintenance, maintenanceOf(position, mark, market));
  }
  let reserved = ZERO;
  for (const order of state.orders) reserved = add(reserved, reservedFor(order, state));
  const equity = add(state.balance, unrealizedPnl);
  return { unrealizedPnl, equity, initial, reserved, maintenance, free: sub(sub(equity, initial), reserved) };
}

/**
 * The mark of `symbol` at which equity equals maintenance margin, the other symbols staying where they are;
 * null when no positive price does that. Long: (q·entry − B) ÷ (q·(1 − m)), short: (q·entry + B) ÷ (q·(1 + m)),
 * B = balance + other unrealized PnL − other maintenance.
 */
export function liquidationPriceOf(state: AccountState, symbol: Symbol, market: MatchingMarket): Decimal | null {
  const position = positionOf(state, symbol);
  if (position === null) return null;
  let cover = state.balance;
  for (const other of state.positions) {
    if (other.symbol === symbol) continue;
    const mark = markOf(market, other.symbol);
    cover = add(cover, sub(unrealizedPnlOf(other, mark), maintenanceOf(other, mark, market)));
  }
  return priceOfExhaustion(position, cover, rulesOf(market, symbol).instrument.maintenanceMarginRate);
}

/** The price at which the position's loss plus `rate` × its notional equals `cover`; null when none above zero. */
export function priceOfExhaustion(position: MatchingPosition, cover: Decimal, rate: Decimal): Decimal | null {
  const quantity = abs(position.quantity);
  const entryNotional = mul(quantity, position.averageEntryPrice);
  const price = isPositive(position.quantity)
    ? div(sub(entryNotional, cover), mul(quantity, sub(ONE, rate)))
    : div(add(entryNotional, cover), mul(quantity, add(ONE, rate)));
  return isPositive(price) ? price : null;
}

function maintenanceOf(position: MatchingPosition, mark: Decimal, market: MatchingMarket): Decimal {
  return mul(mul(abs(position.quantity), mark), rulesOf(market, position.symbol).instrument.maintenanceMarginRate);
}

/** Only the part that would open is held: what reduces frees margin instead. */
function reservedFor(order: MatchedOrder, state: AccountState): Decimal {
  if (order.reduceOnly || order.type.kind !== 'limit') return ZERO;
  const held = positionOf(state, order.symbol)?.quantity ?? ZERO;
  const opposing = order.side === 'buy' ? isNegative(held) : isPositive(held);
  const rest = sub(order.quantity, order.filledQuantity);
  const opening = opposing ? max(ZERO, sub(rest, abs(held))) : rest;
  return div(mul(opening, order.type.price), decimal(String(order.leverage)));
}
