import type { Symbol } from '../market/instrument.ts';
import {
  abs,
  add,
  ceilToStep,
  type Decimal,
  decimal,
  div,
  floorToStep,
  gt,
  isPositive,
  lt,
  max,
  min,
  mul,
  ONE,
  sub,
} from '../money/decimal.ts';
import { type AccountState, followedBy, type MatchingOutcome, type MatchingPosition, positionOf, unchanged } from './account-state.ts';
import { execute } from './execute.ts';
import { accountMargin, liquidationPriceOf, priceOfExhaustion, unrealizedPnlOf } from './margin.ts';
import { cancelResting, trimReduceOnly } from './resting-orders.ts';
import { type MatchingMarket, markOf, type PriceStep, rulesOf } from './rules.ts';

const BPS = decimal('10000');

/** The liquidation price of the stepped symbol when the step went past it, else null. Touching it exactly is not past. */
export function liquidationReached(state: AccountState, step: PriceStep, market: MatchingMarket): Decimal | null {
  const position = positionOf(state, step.symbol);
  const price = position === null ? null : liquidationPriceOf(state, step.symbol, market);
  if (position === null || price === null) return null;
  const isPast = isPositive(position.quantity) ? lt(step.low, price) : gt(step.high, price);
  return isPast ? price : null;
}

/** Closes the stepped symbol at its liquidation price, or at the first price after a gap beyond it. */
export function liquidateStepped(state: AccountState, step: PriceStep, price: Decimal, market: MatchingMarket): MatchingOutcome {
  const position = positionOf(state, step.symbol);
  if (position === null) return unchanged(state);
  const reference = isPositive(position.quantity) ? min(price, step.open) : max(price, step.open);
  return liquidate(state, position, reference, market);
}

/** Closes positions, largest notional first, until equity covers the maintenance margin at the current marks. */
export function liquidateWhileShort(state: AccountState, market: MatchingMarket): MatchingOutcome {
  let outcome = unchanged(state);
  for (let rounds = state.positions.length; rounds > 0; rounds -= 1) {
    const margin = accountMargin(outcome.state, market);
    const worst = largest(outcome.state.positions, market);
    if (worst === null || !lt(margin.equity, margin.maintenance)) break;
    outcome = followedBy(outcome, (current) => liquidate(current, worst, markOf(market, worst.symbol), market));
  }
  return outcome;
}

function liquidate(state: AccountState, position: MatchingPosition, reference: Decimal, market: MatchingMarket): MatchingOutcome {
  const { symbol } = position;
  const quantity = abs(position.quantity);
  const price = closingPrice(state, position, reference, market);
  const canceled = cancelResting(state, 'liquidation');
  const told = followedBy(canceled, (current) => ({ state: current, events: [{ kind: 'liquidation', symbol, quantity, price }] }));
  const execution = {
    symbol,
    side: isPositive(position.quantity) ? 'sell' : 'buy',
    price,
    quantity,
    liquidity: 'taker',
    isLiquidation: true,
    clientOrderId: null,
    leverage: null,
  } as const;
  return followedBy(
    followedBy(told, (current) => execute(current, execution, market)),
    (current) => trimReduceOnly(current, symbol),
  );
}

/**
 * The reference moved by slippage, but never past the price at which loss and fee consume the whole account:
 * what a gap takes beyond that is the venue's loss, as with an insurance fund, so a balance cannot end below zero.
 */
function closingPrice(state: AccountState, position: MatchingPosition, reference: Decimal, market: MatchingMarket): Decimal {
  const { instrument, book } = rulesOf(market, position.symbol);
  const slip = div(book.liquidationSlippageBps, BPS);
  const increment = instrument.priceIncrement;
  const bankruptcy = priceOfExhaustion(position, coverOf(state, position.symbol, market), instrument.takerFeeRate);
  if (isPositive(position.quantity)) {
    const price = max(increment, floorToStep(mul(reference, sub(ONE, slip)), increment));
    return bankruptcy === null ? price : max(price, ceilToStep(bankruptcy, increment));
  }
  const price = ceilToStep(mul(reference, add(ONE, slip)), increment);
  // A short that nothing can save closes at the smallest price there is.
  return bankruptcy === null ? increment : max(increment, min(price, floorToStep(bankruptcy, increment)));
}

function coverOf(state: AccountState, symbol: Symbol, market: MatchingMarket): Decimal {
  const others = state.positions.filter((position) => position.symbol !== symbol);
  return others.reduce((cover, other) => add(cover, unrealizedPnlOf(other, markOf(market, other.symbol))), state.balance);
}

function largest(positions: readonly MatchingPosition[], market: MatchingMarket): MatchingPosition | null {
  const notional = (position: MatchingPosition): Decimal => mul(abs(position.quantity), markOf(market, position.symbol));
  return positions.reduce<MatchingPosition | null>(
    (best, next) => (best === null || gt(notional(next), notional(best)) ? next : best),
    null,
  );
}
