import type { Symbol } from '../market/instrument.ts';
import type { Decimal } from '../money/decimal.ts';
import type { OrderSide, TimeInForce } from '../orders/order.ts';

/** A sized and rounded decision to open or increase, before risk. All values obey the instrument's increments. */
export interface EntryPlan {
  readonly kind: 'entry';
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly quantity: Decimal;
  /** Worst price the order may take. */
  readonly limitPrice: Decimal;
  readonly timeInForce: TimeInForce;
  readonly leverage: number;
  /** quantity × the highest price it is likely to take (buy: limitPrice; sell: the touch, if that is above limitPrice); quote currency. */
  readonly notional: Decimal;
  /** notional ÷ leverage. */
  readonly margin: Decimal;
  /** Mark price the plan was made from. */
  readonly referencePrice: Decimal;
  readonly stopLossPrice: Decimal | null;
  readonly takeProfitPrice: Decimal | null;
}

/** A sized order that only reduces. */
export interface ExitPlan {
  readonly kind: 'exit';
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly quantity: Decimal;
  readonly limitPrice: Decimal;
  readonly referencePrice: Decimal;
}

export type Plan = EntryPlan | ExitPlan;
