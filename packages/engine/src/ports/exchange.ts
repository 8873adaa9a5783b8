import type { Decimal, Fill, OrderSide, OrderType, Symbol, Timestamp, TraderId } from '@hyperoru/domain';

/** One order as it travels to the venue. */
export interface OrderRequest {
  readonly clientOrderId: string;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly type: OrderType;
  readonly quantity: Decimal;
  readonly reduceOnly: boolean;
  readonly leverage: number;
  /** The venue must refuse the order after this moment of its clock. */
  readonly deadline: Timestamp;
  /** Rises with every request of the trader and is stored before the request leaves; a venue takes each at most once. */
  readonly nonce: number;
}

/** What is known after a request to place an order has been made. */
export type SubmitOutcome =
  | { readonly kind: 'accepted'; readonly venueOrderId: string }
  /** A structured refusal by the venue; nothing else is one. */
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  /** No byte of the order left this machine, e.g. the connection was refused or a budget was used up. */
  | { readonly kind: 'not_sent'; readonly cause: string }
  /** The venue may or may not have the order. It must be resolved, never sent again. */
  | { readonly kind: 'unknown'; readonly cause: string };

export type VenueOrderState = 'open' | 'partially_filled' | 'filled' | 'canceled' | 'expired' | 'rejected';

/** An order as the venue reports it. */
export interface VenueOrder {
  readonly clientOrderId: string | null;
  readonly venueOrderId: string;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly type: OrderType;
  /** What the venue would fill in all; less than was asked for where it trimmed a reduce-only order to its position. */
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly reduceOnly: boolean;
  readonly state: VenueOrderState;
  readonly reason: string | null;
}

/** An execution as the venue reports it; ours gets identity and trader when it is booked. */
export type VenueFill = Omit<Fill, 'id' | 'traderId' | 'orderId'>;

export interface VenueFunding {
  readonly fundingId: string;
  readonly symbol: Symbol;
  /** Positive = received. */
  readonly amount: Decimal;
  readonly rate: Decimal;
  readonly at: Timestamp;
}

/** `quantity` is signed: positive long, negative short, never 0. */
export interface VenuePosition {
  readonly symbol: Symbol;
  readonly quantity: Decimal;
  readonly averageEntryPrice: Decimal;
  readonly markPrice: Decimal;
  readonly unrealizedPnl: Decimal;
  readonly margin: Decimal;
  readonly leverage: number;
  /** null when it cannot be liquidated at any price. */
  readonly liquidationPrice: Decimal | null;
}

/** equity = balance + unrealized PnL; available = what new margin may use. Quote currency. */
export interface VenueAccount {
  readonly balance: Decimal;
  readonly equity: Decimal;
  readonly available: Decimal;
  readonly positions: readonly VenuePosition[];
}

export type VenueEvent =
  | { readonly kind: 'order'; readonly traderId: TraderId; readonly order: VenueOrder }
  | { readonly kind: 'fill'; readonly traderId: TraderId; readonly fill: VenueFill }
  | { readonly kind: 'funding'; readonly traderId: TraderId; readonly funding: VenueFunding }
  /** Events may have been missed, e.g. a stream was cut: everything of the trader has to be read again. */
  | { readonly kind: 'gap'; readonly traderId: TraderId };

/**
 * One venue with the accounts of all traders on it. Reads throw VenueUnavailable when the venue does not answer;
 * placing never throws: what cannot be known is `unknown`.
 */
export interface ExchangePort {
  /** Opens or re-opens the account of a trader; idempotent. Paper credits `startBalance` the first time. */
  openAccount(traderId: TraderId, options: { readonly startBalance: Decimal }): Promise<void>;
  /** Cancels what rests and forgets credentials; the venue keeps its history. Idempotent. */
  closeAccount(traderId: TraderId): Promise<void>;
  placeOrder(traderId: TraderId, request: OrderRequest): Promise<SubmitOutcome>;
  /** `canceled` also when it was already gone in a final state other than filled. */
  cancelOrder(traderId: TraderId, clientOrderId: string): Promise<'canceled' | 'filled' | 'not_found' | 'unknown'>;
  findOrder(traderId: TraderId, clientOrderId: string): Promise<VenueOrder | null>;
  openOrders(traderId: TraderId): Promise<readonly VenueOrder[]>;
  account(traderId: TraderId): Promise<VenueAccount>;
  /** Everything at or after the moment, oldest first. */
  fillsSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFill[]>;
  fundingSince(traderId: TraderId, since: Timestamp): Promise<readonly VenueFunding[]>;
  /** Events after they are durable at the venue; may repeat, may miss: the reads above are the truth. */
  onEvent(listener: (event: VenueEvent) => void): () => void;
}

/** The venue did not answer a read; nothing is known. */
export class VenueUnavailable extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'VenueUnavailable';
  }
}
