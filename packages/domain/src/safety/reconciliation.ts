import type { OrderId, PositionId, TraderId } from '../ids/ids.ts';
import type { Symbol } from '../market/instrument.ts';
import type { Decimal } from '../money/decimal.ts';
import type { OrderSide } from '../orders/order.ts';
import type { ExternalPolicy } from '../risk/limits.ts';
import type { Timestamp } from '../time/timestamp.ts';

export const ADJUSTMENT_KINDS = ['position', 'balance', 'order'] as const;

/** A difference between our records and the venue that no fill or funding explains, settled in the venue's favor (I5). Append-only. */
export interface Adjustment {
  /** Derived from trader, kind, subject and moment: the same finding is booked once. */
  readonly id: string;
  readonly traderId: TraderId;
  readonly kind: (typeof ADJUSTMENT_KINDS)[number];
  readonly symbol: Symbol | null;
  readonly positionId: PositionId | null;
  readonly orderId: OrderId | null;
  /** What our records said: a signed quantity, a balance or a state. */
  readonly recorded: string;
  /** What the venue said. */
  readonly reported: string;
  /** One plain sentence. */
  readonly reason: string;
  readonly at: Timestamp;
}

/** The newest comparison of a trader's records with its venue. */
export interface Reconciliation {
  readonly traderId: TraderId;
  readonly startedAt: Timestamp;
  /** null while it runs, or when it failed. */
  readonly finishedAt: Timestamp | null;
  /** `adjusted`: there were differences, each an adjustment; `failed`: the venue could not be read. */
  readonly status: 'ok' | 'adjusted' | 'failed';
  readonly message: string | null;
  /** The last time it ended `ok` or `adjusted`. */
  readonly lastGoodAt: Timestamp | null;
}

/** An order on the account that none of our decisions made. */
export interface ExternalOrder {
  readonly traderId: TraderId;
  readonly venueOrderId: string;
  readonly clientOrderId: string | null;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly quantity: Decimal;
  readonly reduceOnly: boolean;
  readonly policy: ExternalPolicy;
  readonly firstSeenAt: Timestamp;
  /** When it was no longer among the venue's open orders; null while it rests. */
  readonly endedAt: Timestamp | null;
}
