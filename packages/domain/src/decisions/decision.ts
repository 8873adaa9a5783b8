import type { Symbol } from '../market/instrument.ts';
import type { Decimal } from '../money/decimal.ts';
import type { TimeInForce } from '../orders/order.ts';

export const OPERATIONS = ['buy', 'sell', 'close', 'hold'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** A protective level: an absolute price, or a distance from the entry price in percent (5 = five percent), always positive. */
export type ProtectiveLevel = { readonly kind: 'price'; readonly price: Decimal } | { readonly kind: 'pct'; readonly pct: Decimal };

/** What a strategy wants, validated and in one vocabulary. `buy` opens or increases long, `sell` short, `close` reduces. */
export interface Decision {
  readonly operation: Operation;
  /** null only for a hold that names no symbol. */
  readonly symbol: Symbol | null;
  /** Share 0–1 of the available balance to use as margin; for `close` the share of the position. null = not given. */
  readonly portion: Decimal | null;
  readonly leverage: number | null;
  readonly takeProfit: ProtectiveLevel | null;
  readonly stopLoss: ProtectiveLevel | null;
  /** Never pay more (buy) / accept less (sell) than this. */
  readonly maxPrice: Decimal | null;
  readonly minPrice: Decimal | null;
  readonly timeInForce: TimeInForce;
  /** 0–1. */
  readonly confidence: number | null;
  readonly reason: string;
}

/** Why an answer is not a decision: `code` is stable, `message` says what stood where. */
export interface InvalidDecision {
  readonly code: 'not_json' | 'not_one_value' | 'schema' | 'contradiction' | 'too_many';
  readonly message: string;
}
