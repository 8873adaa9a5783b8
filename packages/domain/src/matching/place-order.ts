import { abs, type Decimal, eq, gt, isNegative, isPositive, min, sub, sum, ZERO } from '../money/decimal.ts';
import type { TimeInForce } from '../orders/order.ts';
import { ok, type Result } from '../result.ts';
import { type AccountState, type MatchedOrder, type MatchingOutcome, positionOf, sequenceId } from './account-state.ts';
import { type BookLevel, ladder, walkBook } from './book.ts';
import { checkRequest, type MatchingRejection, type MatchingRequest, rejected } from './check-request.ts';
import { fillOrder, type RestOfOrder } from './fill-order.ts';
import { settleFunding } from './funding.ts';
import { assertLedger } from './invariants.ts';
import { accountMargin } from './margin.ts';
import { recordOrder, reducible } from './resting-orders.ts';
import type { MatchingMarket, MatchingRules } from './rules.ts';
import { isTriggered } from './triggers.ts';

/** An accepted order: its id at the venue, the account afterwards and what happened at once. */
export interface AcceptedOrder extends MatchingOutcome {
  readonly venueOrderId: string;
}

/**
 * Takes one order in: refuses it with a code, or matches it against the ladder and rests what its time in force lets rest.
 * A refusal changes nothing. Ids of orders that are final already are the caller's to check: the account keeps only resting ones.
 */
export function matchOrder(
  before: AccountState,
  request: MatchingRequest,
  market: MatchingMarket,
): Result<AcceptedOrder, MatchingRejection> {
  const checked = checkRequest(before, request, market);
  if (!checked.ok) return checked;
  const settled = settleFunding(before, market);
  const order = newOrder(settled.state, request);
  const opened: AccountState = { ...settled.state, sequence: settled.state.sequence + 1 };
  const placed =
    request.type.kind === 'trigger'
      ? placeTrigger(opened, order, request.type, checked.value.mark)
      : placeLimit(opened, order, request.type, { ...checked.value, market });
  if (!placed.ok) return placed;
  const outcome = { state: placed.value.state, events: [...settled.events, ...placed.value.events] };
  assertLedger(before, outcome);
  return ok({ ...outcome, venueOrderId: order.venueOrderId });
}

function newOrder(state: AccountState, request: MatchingRequest): MatchedOrder {
  // A reduce-only order larger than the position is clipped to it.
  const quantity = request.reduceOnly ? min(request.quantity, reducible(state, request.symbol, request.side)) : request.quantity;
  return {
    clientOrderId: request.clientOrderId,
    venueOrderId: sequenceId('o', state.sequence + 1),
    symbol: request.symbol,
    side: request.side,
    type: request.type,
    quantity,
    filledQuantity: ZERO,
    averagePrice: null,
    reduceOnly: request.reduceOnly,
    leverage: request.leverage,
    state: 'open',
    reason: null,
  };
}

function placeTrigger(
  state: AccountState,
  order: MatchedOrder,
  type: { readonly triggerPrice: Decimal; readonly trigger: 'stop_loss' | 'take_profit' },
  mark: Decimal,
): Result<MatchingOutcome, MatchingRejection> {
  if (isTriggered({ side: order.side, ...type }, mark)) {
    return rejected(
      'would_trigger_immediately',
      `The mark ${mark} is at or past the trigger price ${type.triggerPrice}; close at the market instead.`,
    );
  }
  return ok(recordOrder(state, order));
}

function placeLimit(
  state: AccountState,
  order: MatchedOrder,
  type: { readonly price: Decimal; readonly timeInForce: TimeInForce },
  context: { readonly rules: MatchingRules; readonly mark: Decimal; readonly market: MatchingMarket },
): Result<MatchingOutcome, MatchingRejection> {
  const levels = walkBook(ladder(order.side, context.mark, context.rules), {
    side: order.side,
    quantity: order.quantity,
    limit: type.price,
  });
  const refusal = refusalOf(type.timeInForce, order, levels);
  if (refusal !== null) return refusal;
  const rest: RestOfOrder = type.timeInForce === 'ioc' ? { kind: 'canceled', reason: 'ioc_rest_canceled' } : { kind: 'rests' };
  const outcome = fillOrder(state, order, { levels, liquidity: 'taker', rest }, context.market);
  const margin = accountMargin(outcome.state, context.market);
  if (needsMargin(state, outcome.state, order) && isNegative(margin.free)) {
    const message = `The order needs ${sub(ZERO, margin.free)} more margin than is available; lower the size or raise the leverage.`;
    return rejected('insufficient_margin', message);
  }
  return ok(outcome);
}

function refusalOf(timeInForce: TimeInForce, order: MatchedOrder, levels: readonly BookLevel[]): Result<never, MatchingRejection> | null {
  if (timeInForce === 'post_only' && levels.length > 0) {
    return rejected('post_only_would_match', 'The order would match at once; use a price away from the market or another time in force.');
  }
  if (timeInForce === 'fok' && !eq(sum(levels.map((level) => level.quantity)), order.quantity)) {
    return rejected('fok_not_filled', 'The book does not hold the whole quantity within the limit price.');
  }
  return null;
}

/** Reducing is always allowed; opening, increasing, flipping and resting without reduce-only need margin. */
function needsMargin(before: AccountState, after: AccountState, order: MatchedOrder): boolean {
  if (order.reduceOnly) return false;
  if (after.orders.some((other) => other.clientOrderId === order.clientOrderId)) return true;
  const held = positionOf(before, order.symbol)?.quantity ?? ZERO;
  const holds = positionOf(after, order.symbol)?.quantity ?? ZERO;
  return gt(abs(holds), abs(held)) || (isPositive(held) && isNegative(holds)) || (isNegative(held) && isPositive(holds));
}
