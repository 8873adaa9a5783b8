import type { FillId, OrderId, TraderId } from '../ids/ids.ts';
import type { Symbol } from '../market/instrument.ts';
import type { Decimal } from '../money/decimal.ts';
import type { Timestamp } from '../time/timestamp.ts';
import type { OrderSide } from './order.ts';

/** One execution as the venue reported it. Counted once per (trader, tradeId). */
export interface Fill {
  readonly id: FillId;
  readonly traderId: TraderId;
  /** null when the venue acted without an order of ours: liquidation, order placed by hand. */
  readonly orderId: OrderId | null;
  readonly clientOrderId: string | null;
  readonly tradeId: string;
  readonly symbol: Symbol;
  readonly side: OrderSide;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** Positive = paid, negative = rebate; quote currency. */
  readonly fee: Decimal;
  readonly liquidity: 'maker' | 'taker';
  readonly isLiquidation: boolean;
  /** Moment of execution by this instance's clock. */
  readonly filledAt: Timestamp;
  /** Moment of the market; in a replay it lies in the recorded past. */
  readonly marketTime: Timestamp;
}
