import type { DecisionId, OrderId, TraderId } from '../ids/ids.ts';
import type { Environment, Venue } from '../market/environment.ts';
import type { Symbol } from '../market/instrument.ts';
import type { Decimal } from '../money/decimal.ts';
import type { Timestamp } from '../time/timestamp.ts';

export type OrderSide = 'buy' | 'sell';
export const TIMES_IN_FORCE = ['gtc', 'ioc', 'fok', 'post_only'] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

/** What the order is for; entries open or increase, the others only reduce. */
export type OrderPurpose = 'entry' | 'close' | 'stop_loss' | 'take_profit';

export const isProtective = (purpose: OrderPurpose): boolean => purpose === 'stop_loss' || purpose === 'take_profit';

/**
 * Life of an order (`docs/invariants.md`, I1–I7):
 * `intent` stored, nothing sent · `sent` the bytes may have left · `accepted` the venue has it · `partially_filled` · `filled` ·
 * `canceled` · `expired` · `rejected` refused by the venue with evidence · `unknown` the venue may or may not have it ·
 * `absent` proven missing, reversible by late evidence · `dropped` the bytes never left.
 */
export const ORDER_STATES = [
  'intent',
  'sent',
  'accepted',
  'partially_filled',
  'filled',
  'canceled',
  'expired',
  'rejected',
  'unknown',
  'absent',
  'dropped',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** How the venue is asked to execute. A trigger order rests until `mark` crosses `triggerPrice`, then becomes a market order. */
export type OrderType =
  | { readonly kind: 'limit'; readonly price: Decimal; readonly timeInForce: TimeInForce }
  | { readonly kind: 'trigger'; readonly triggerPrice: Decimal; readonly trigger: 'stop_loss' | 'take_profit' };

/** One stored will and what became of it. `quantity` in base units, always positive. */
export interface Order {
  readonly id: OrderId;
  readonly traderId: TraderId;
  readonly decisionId: DecisionId | null;
  readonly venue: Venue;
  readonly environment: Environment;
  /** Ours, derived from decision and leg; unique for all time at the venue. */
  readonly clientOrderId: string;
  /** Theirs; null until the venue answered. */
  readonly venueOrderId: string | null;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly purpose: OrderPurpose;
  readonly type: OrderType;
  readonly quantity: Decimal;
  readonly reduceOnly: boolean;
  readonly leverage: number;
  readonly state: OrderState;
  readonly filledQuantity: Decimal;
  readonly averagePrice: Decimal | null;
  /** After this moment the venue must refuse the request; written before the bytes leave. */
  readonly deadline: Timestamp | null;
  /** The number of the request at the venue, rising per trader; written together with the deadline. */
  readonly nonce: number | null;
  /** The lane's epoch the request was sent under; null when it was not sent by a lane, as what only reduces may be. */
  readonly epoch: number | null;
  /** Why it is in a final or doubtful state; the venue's words where they exist. */
  readonly reason: string | null;
  readonly createdAt: Timestamp;
  readonly sentAt: Timestamp | null;
  readonly updatedAt: Timestamp;
}

/** Written before one of our protective orders is canceled, so that its end is known to be our own doing, also after a crash. */
export const WITHDRAWN_REASON = 'Taken back: the position needs less protection, or another order gives it.';

export const isWithdrawn = ({ reason }: Pick<Order, 'reason'>): boolean => reason === WITHDRAWN_REASON;
