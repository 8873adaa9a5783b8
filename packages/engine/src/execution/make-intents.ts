import {
  type Decimal,
  type DecisionId,
  type EntryPlan,
  type ExchangeSettings,
  type ExitPlan,
  type Order,
  type OrderPurpose,
  type OrderType,
  type Plan,
  type Timestamp,
  type TraderId,
  ZERO,
} from '@hyperoru/domain';
import type { Ids } from '../ports/ids.ts';
import { orderIdentity } from './order-ids.ts';

export interface IntentSource {
  readonly traderId: TraderId;
  readonly exchange: ExchangeSettings;
  /** Decision id, or another stable cause for orders without one (a person's close, a flatten). */
  readonly cause: string;
  readonly decisionId: DecisionId | null;
  readonly now: Timestamp;
}

/** All legs of a plan: the order itself and, for an entry, its stop-loss and take-profit. Nothing is sent yet. */
export function makeIntents(ids: Ids, plan: Plan, source: IntentSource): readonly Order[] {
  if (plan.kind === 'exit') return [exitIntent(ids, plan, source)];
  const legs: Order[] = [entryIntent(ids, plan, source)];
  if (plan.stopLossPrice !== null)
    legs.push(protectiveIntent(ids, source, { plan, trigger: 'stop_loss', triggerPrice: plan.stopLossPrice }));
  if (plan.takeProfitPrice !== null)
    legs.push(protectiveIntent(ids, source, { plan, trigger: 'take_profit', triggerPrice: plan.takeProfitPrice }));
  return legs;
}

function entryIntent(ids: Ids, plan: EntryPlan, source: IntentSource): Order {
  const type: OrderType = { kind: 'limit', price: plan.limitPrice, timeInForce: plan.timeInForce };
  return intent(ids, source, {
    purpose: 'entry',
    attempt: 0,
    type,
    side: plan.side,
    symbol: plan.symbol,
    quantity: plan.quantity,
    reduceOnly: false,
    leverage: plan.leverage,
  });
}

/** The order of a plan that reduces. Nothing is sent yet. */
export function exitIntent(ids: Ids, plan: ExitPlan, source: IntentSource): Order {
  const type: OrderType = { kind: 'limit', price: plan.limitPrice, timeInForce: 'ioc' };
  return intent(ids, source, {
    purpose: 'close',
    attempt: 0,
    type,
    side: plan.side,
    symbol: plan.symbol,
    quantity: plan.quantity,
    reduceOnly: true,
    leverage: 1,
  });
}

/** A reduce-only trigger order for what an entry bought; its quantity is corrected to the filled one before it is sent. */
function protectiveIntent(
  ids: Ids,
  source: IntentSource,
  leg: { readonly plan: EntryPlan; readonly trigger: 'stop_loss' | 'take_profit'; readonly triggerPrice: Decimal },
): Order {
  const { plan, trigger, triggerPrice } = leg;
  const side = plan.side === 'buy' ? 'sell' : 'buy';
  return intent(ids, source, {
    purpose: trigger,
    attempt: 0,
    type: { kind: 'trigger', triggerPrice, trigger },
    side,
    symbol: plan.symbol,
    quantity: plan.quantity,
    reduceOnly: true,
    leverage: plan.leverage,
  });
}

/** The same protective order once more under a new identity. */
export function nextAttempt(ids: Ids, failed: Order, attempt: number, now: Timestamp): Order {
  const { id, clientOrderId } = orderIdentity(ids, {
    cause: failed.decisionId ?? failed.id,
    purpose: failed.purpose,
    attempt,
    environment: failed.environment,
  });
  return {
    ...failed,
    id,
    clientOrderId,
    venueOrderId: null,
    state: 'intent',
    filledQuantity: ZERO,
    averagePrice: null,
    deadline: null,
    nonce: null,
    epoch: null,
    reason: null,
    createdAt: now,
    sentAt: null,
    updatedAt: now,
  };
}

function intent(
  ids: Ids,
  source: IntentSource,
  leg: Pick<Order, 'type' | 'side' | 'symbol' | 'quantity' | 'reduceOnly' | 'leverage'> & {
    readonly purpose: OrderPurpose;
    readonly attempt: number;
  },
): Order {
  const { attempt, ...values } = leg;
  const { id, clientOrderId } = orderIdentity(ids, {
    cause: source.cause,
    purpose: leg.purpose,
    attempt,
    environment: source.exchange.environment,
  });
  return {
    ...values,
    id,
    clientOrderId,
    traderId: source.traderId,
    decisionId: source.decisionId,
    venue: source.exchange.venue,
    environment: source.exchange.environment,
    venueOrderId: null,
    state: 'intent',
    filledQuantity: ZERO,
    averagePrice: null,
    deadline: null,
    nonce: null,
    epoch: null,
    reason: null,
    createdAt: source.now,
    sentAt: null,
    updatedAt: source.now,
  };
}
