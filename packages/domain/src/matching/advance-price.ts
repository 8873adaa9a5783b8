import type { Decimal } from '../money/decimal.ts';
import { compare, gt, isNegative, lt, lte, min } from '../money/decimal.ts';
import { type AccountState, followedBy, type MatchedOrder, type MatchingOutcome, unchanged } from './account-state.ts';
import { fillOrder } from './fill-order.ts';
import { settleFunding } from './funding.ts';
import { assertLedger } from './invariants.ts';
import { liquidateStepped, liquidateWhileShort, liquidationReached } from './liquidation.ts';
import { accountMargin } from './margin.ts';
import { recordOrder, reducible, restOf } from './resting-orders.ts';
import type { MatchingMarket, PriceStep } from './rules.ts';
import { fireTrigger, isReached, triggerOf } from './triggers.ts';

/**
 * Moves one account through one price step. `market.marks` already holds the step's mark.
 * Order inside the step is the worst for the holder: funding, then stops and liquidation by which is nearer,
 * then resting orders the price went through, then take-profits, at last liquidation at the mark that stays.
 */
export function advancePrice(before: AccountState, step: PriceStep, market: MatchingMarket): MatchingOutcome {
  if (before.positions.length === 0 && before.orders.length === 0) return unchanged(before);
  let outcome = settleFunding(before, market);
  outcome = followedBy(outcome, (state) => stopOrLiquidate(state, step, market));
  outcome = followedBy(outcome, (state) => fillResting(state, step, market));
  outcome = followedBy(outcome, (state) => fireAll(state, 'take_profit', step, market));
  outcome = followedBy(outcome, (state) => liquidateWhileShort(state, market));
  if (outcome.events.length > 0) assertLedger(before, outcome);
  return outcome;
}

function stopOrLiquidate(state: AccountState, step: PriceStep, market: MatchingMarket): MatchingOutcome {
  let outcome = unchanged(state);
  for (const stop of reachedTriggers(state, 'stop_loss', step)) {
    const liquidation = liquidationReached(outcome.state, step, market);
    if (liquidation !== null && (isNearer(liquidation, stop) || isOpenPast(liquidation, stop, step))) break;
    outcome = followedBy(outcome, (current) => fireIfResting(current, stop, step, market));
  }
  const price = liquidationReached(outcome.state, step, market);
  return price === null ? outcome : followedBy(outcome, (current) => liquidateStepped(current, step, price, market));
}

/** A sell stop is passed while falling, so the higher of the two prices comes first. */
function isNearer(liquidation: Decimal, stop: MatchedOrder): boolean {
  const trigger = triggerOf(stop);
  if (trigger === null) return false;
  return stop.side === 'sell' ? gt(liquidation, trigger.triggerPrice) : lt(liquidation, trigger.triggerPrice);
}

/** After a gap beyond the liquidation price a stop would fill at a price the account cannot pay. */
const isOpenPast = (liquidation: Decimal, stop: MatchedOrder, step: PriceStep): boolean =>
  stop.side === 'sell' ? lt(step.open, liquidation) : gt(step.open, liquidation);

function fireAll(state: AccountState, kind: 'stop_loss' | 'take_profit', step: PriceStep, market: MatchingMarket): MatchingOutcome {
  return reachedTriggers(state, kind, step).reduce(
    (outcome, order) => followedBy(outcome, (current) => fireIfResting(current, order, step, market)),
    unchanged(state),
  );
}

/** Reached triggers of the stepped symbol, the one met first in front. */
function reachedTriggers(state: AccountState, kind: 'stop_loss' | 'take_profit', step: PriceStep): readonly MatchedOrder[] {
  const reached = state.orders.flatMap((order) => {
    const trigger = order.symbol === step.symbol ? triggerOf(order) : null;
    return trigger !== null && trigger.trigger === kind && isReached(trigger, step) ? [{ order, trigger }] : [];
  });
  const isFalling = (side: string): boolean => (kind === 'stop_loss') === (side === 'sell');
  return reached
    .sort((a, b) => compare(a.trigger.triggerPrice, b.trigger.triggerPrice) * (isFalling(a.order.side) ? -1 : 1))
    .map(({ order }) => order);
}

/** A trigger before this one may have closed the position, and with it canceled or shrunk this order. */
function fireIfResting(state: AccountState, order: MatchedOrder, step: PriceStep, market: MatchingMarket): MatchingOutcome {
  const current = state.orders.find((other) => other.clientOrderId === order.clientOrderId);
  const trigger = current === undefined ? null : triggerOf(current);
  return current === undefined || trigger === null ? unchanged(state) : fireTrigger(state, current, trigger, step, market);
}

function fillResting(state: AccountState, step: PriceStep, market: MatchingMarket): MatchingOutcome {
  let outcome = unchanged(state);
  for (const { clientOrderId } of state.orders) {
    outcome = followedBy(outcome, (current) => {
      const order = current.orders.find((other) => other.clientOrderId === clientOrderId);
      return order === undefined || !isTradedThrough(order, step) ? unchanged(current) : fillMaker(current, order, market);
    });
  }
  return outcome;
}

/** The price must have been beyond the limit; a mere touch leaves the order resting, for others stood before it in the queue. */
function isTradedThrough(order: MatchedOrder, step: PriceStep): boolean {
  if (order.symbol !== step.symbol || order.type.kind !== 'limit') return false;
  return order.side === 'buy' ? lt(step.low, order.type.price) : gt(step.high, order.type.price);
}

/** Fills at the limit price; an entry the account can no longer carry is canceled instead. */
function fillMaker(state: AccountState, order: MatchedOrder, market: MatchingMarket): MatchingOutcome {
  if (order.type.kind !== 'limit') return unchanged(state);
  const quantity = order.reduceOnly ? min(restOf(order), reducible(state, order.symbol, order.side)) : restOf(order);
  const levels = [{ price: order.type.price, quantity }];
  const filled = fillOrder(state, order, { levels, liquidity: 'maker', rest: { kind: 'rests' } }, market);
  const reduces = order.reduceOnly || lte(restOf(order), reducible(state, order.symbol, order.side));
  if (reduces || !isNegative(accountMargin(filled.state, market).free)) return filled;
  return recordOrder(state, { ...order, state: 'canceled', reason: 'insufficient_margin' });
}
