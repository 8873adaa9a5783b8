import type { AccountState, Decimal, OrderSide, Symbol, TimeInForce, Timestamp } from '@hyperoru/domain';

/** How an order asks to be executed. `market` takes whatever the ladder holds and cancels the rest. */
export type VenueOrderType =
  | { readonly kind: 'limit'; readonly price: Decimal; readonly timeInForce: TimeInForce }
  | { readonly kind: 'market' }
  | { readonly kind: 'trigger'; readonly triggerPrice: Decimal; readonly trigger: 'stop_loss' | 'take_profit' };

/** What a dialect keeps with an order only to show it again. */
export type Extra = Readonly<Record<string, string | number | boolean | null>>;

/** An order as it reaches the core, its shape already checked by the dialect. Quantities in base units, positive. */
export interface VenueOrderTicket {
  readonly clientOrderId: string | null;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly type: VenueOrderType;
  /** Ignored when the order follows the position. */
  readonly quantity: Decimal;
  readonly reduceOnly: boolean;
  /** The order always covers the whole position, as `positionTpsl` or `closePosition`. Triggers only. */
  readonly followsPosition?: boolean;
  /** Waits until this order is filled and is canceled with it; triggers only. */
  readonly parentId?: number;
  readonly extra?: Extra;
}

/** `waiting` = a child whose parent is not filled; `open` includes triggers that wait for a position. */
export type VenueOrderStatus = 'waiting' | 'open' | 'partially_filled' | 'filled' | 'canceled' | 'rejected';

/** One order for all time, also after it is final. */
export interface VenueOrderRecord {
  readonly id: number;
  readonly accountId: string;
  readonly clientOrderId: string | null;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly type: VenueOrderType;
  readonly originalQuantity: Decimal;
  /** What it may fill in all; shrinks with the position it reduces. */
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
  readonly averagePrice: Decimal | null;
  readonly reduceOnly: boolean;
  readonly followsPosition: boolean;
  readonly parentId: number | null;
  readonly status: VenueOrderStatus;
  /** Why it is canceled, rejected or shrunk; a stable word of `CancelReason` or `RefusalCode`. */
  readonly reason: string | null;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  /** Id of the order a trigger became when it fired, for venues that give it a second one. */
  readonly firedId: number | null;
  readonly extra: Extra;
  readonly hidden: Hidden | null;
}

/** Places in which an accepted order is not to be seen, until a moment of the venue's clock. */
export interface Hidden {
  readonly until: Timestamp;
  readonly from: readonly HidingPlace[];
}

export type HidingPlace = 'lookup' | 'open_orders' | 'history' | 'fills' | 'events';

/** One execution. `id` is unique over all accounts of the venue and rises. */
export interface VenueFillRecord {
  readonly id: number;
  readonly accountId: string;
  /** null when the venue acted on its own. */
  readonly orderId: number | null;
  readonly clientOrderId: string | null;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** Positive = paid, negative = rebate. */
  readonly fee: Decimal;
  readonly realizedPnl: Decimal;
  /** Signed position before this fill. */
  readonly startPosition: Decimal;
  readonly liquidity: 'maker' | 'taker';
  readonly cause: 'order' | 'liquidation' | 'adl';
  /** Mark at the moment of the fill. */
  readonly markPrice: Decimal;
  readonly at: Timestamp;
}

export interface VenueFundingRecord {
  readonly id: number;
  readonly accountId: string;
  readonly symbol: Symbol;
  /** Positive = received. */
  readonly amount: Decimal;
  readonly rate: Decimal;
  /** Signed position it was paid for. */
  readonly quantity: Decimal;
  readonly at: Timestamp;
}

/** Margin settings of one symbol of one account. */
export interface LeverageSetting {
  readonly leverage: number;
  readonly isCross: boolean;
}

/** One account: its matching state and what the venue remembers beside it. */
export interface VenueAccountRecord {
  readonly id: string;
  readonly state: AccountState;
  readonly leverages: Readonly<Record<string, LeverageSetting>>;
  /** Dead man's switches: moment at which everything open is canceled, by symbol or `*` for all. */
  readonly cancelAt: Readonly<Record<string, Timestamp>>;
  /** Its keys were revoked at the venue: what they sign is refused. */
  readonly isRevoked: boolean;
  /** Traded notional, for budgets that grow with it. */
  readonly volume: Decimal;
}

/** Something that happened at the venue; streams are made of these. */
export type VenueChange =
  | { readonly kind: 'order'; readonly accountId: string; readonly order: VenueOrderRecord }
  | { readonly kind: 'fill'; readonly accountId: string; readonly fill: VenueFillRecord }
  | { readonly kind: 'funding'; readonly accountId: string; readonly funding: VenueFundingRecord }
  | {
      readonly kind: 'liquidation';
      readonly accountId: string;
      readonly symbol: Symbol;
      readonly quantity: Decimal;
      readonly price: Decimal;
    }
  | { readonly kind: 'balance'; readonly accountId: string; readonly reason: 'deposit' | 'transfer' }
  | { readonly kind: 'leverage'; readonly accountId: string; readonly symbol: Symbol; readonly setting: LeverageSetting }
  | { readonly kind: 'price'; readonly symbol: Symbol }
  | { readonly kind: 'instrument'; readonly symbol: Symbol }
  /** The venue came back from its dump: every connection is gone. */
  | { readonly kind: 'restart' };

export const isOpenStatus = (status: VenueOrderStatus): boolean => status === 'open' || status === 'partially_filled';
