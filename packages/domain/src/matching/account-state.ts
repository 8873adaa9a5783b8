import type { Symbol } from '../market/instrument.ts';
import { add, type Decimal, ZERO } from '../money/decimal.ts';
import type { Fill } from '../orders/fill.ts';
import type { OrderSide, OrderType } from '../orders/order.ts';
import { type Timestamp, timestamp } from '../time/timestamp.ts';

/** One account of the matching engine as plain JSON data. Money in quote currency; balance = deposits + realizedPnl − fees + funding. */
export interface AccountState {
  readonly deposits: Decimal;
  readonly realizedPnl: Decimal;
  /** Sum of fees paid; rebates lower it. */
  readonly fees: Decimal;
  /** Sum of funding payments; positive = received. */
  readonly funding: Decimal;
  readonly balance: Decimal;
  readonly positions: readonly MatchingPosition[];
  /** Orders that rest, oldest first. Final orders are not kept here: they leave with their last event. */
  readonly orders: readonly MatchedOrder[];
  /** Market time up to which funding is settled while a position is open. */
  readonly fundedUntil: Timestamp;
  /** Counts orders and trades, so that their ids are unique within the account. */
  readonly sequence: number;
}

/** `quantity` is signed: positive long, negative short, never 0. */
export interface MatchingPosition {
  readonly symbol: Symbol;
  readonly quantity: Decimal;
  readonly averageEntryPrice: Decimal;
  readonly leverage: number;
}

export type MatchedOrderState = 'open' | 'partially_filled' | 'filled' | 'canceled';

/** An order the engine accepted. `quantity` shrinks when a reduce-only order outlives part of its position. */
export interface MatchedOrder {
  readonly clientOrderId: string;
  readonly venueOrderId: string;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly reduceOnly: boolean;
  readonly leverage: number;
  readonly state: MatchedOrderState;
  /** Why it was canceled or shrunk; a stable word. */
  readonly reason: string | null;
}

/** An execution without the identities that only the owner of the account knows. */
export type MatchedFill = Omit<Fill, 'id' | 'traderId' | 'orderId'>;

/** One funding payment of one position at one boundary. */
export interface MatchedFunding {
  readonly fundingId: string;
  readonly symbol: Symbol;
  /** Positive = received. */
  readonly amount: Decimal;
  readonly rate: Decimal;
  readonly at: Timestamp;
  readonly marketTime: Timestamp;
}

export type MatchingEvent =
  | { readonly kind: 'order'; readonly order: MatchedOrder }
  | { readonly kind: 'fill'; readonly fill: MatchedFill; readonly realizedPnl: Decimal }
  | { readonly kind: 'funding'; readonly funding: MatchedFunding }
  | { readonly kind: 'liquidation'; readonly symbol: Symbol; readonly quantity: Decimal; readonly price: Decimal };

/** A step of the engine: the state after it and what happened, in order. */
export interface MatchingOutcome {
  readonly state: AccountState;
  readonly events: readonly MatchingEvent[];
}

/** A fresh account with one deposit. */
export function newMatchingAccount(deposit: Decimal): AccountState {
  return {
    deposits: deposit,
    realizedPnl: ZERO,
    fees: ZERO,
    funding: ZERO,
    balance: deposit,
    positions: [],
    orders: [],
    fundedUntil: timestamp(0),
    sequence: 0,
  };
}

/** The account after a further deposit. */
export function depositToAccount(state: AccountState, amount: Decimal): AccountState {
  return { ...state, deposits: add(state.deposits, amount), balance: add(state.balance, amount) };
}

export const positionOf = (state: AccountState, symbol: Symbol): MatchingPosition | null =>
  state.positions.find((position) => position.symbol === symbol) ?? null;

/** The outcome of `next` on the state so far, with both lists of events. */
export function followedBy(outcome: MatchingOutcome, next: (state: AccountState) => MatchingOutcome): MatchingOutcome {
  const following = next(outcome.state);
  if (following.events.length === 0) return { state: following.state, events: outcome.events };
  return { state: following.state, events: [...outcome.events, ...following.events] };
}

export const unchanged = (state: AccountState): MatchingOutcome => ({ state, events: [] });

/** Digits of a sequence number inside an id, so that ids sort in the order they were given. */
const ID_DIGITS = 12;

/** `t` for trades, `o` for orders; unique within the account. */
export const sequenceId = (kind: 't' | 'o', sequence: number): string => `${kind}${String(sequence).padStart(ID_DIGITS, '0')}`;
