import type { Decimal } from '../money/decimal.ts';

/** What all traders of the instance together may do. null = no limit of this kind. Amounts in quote currency (USD). */
export interface InstanceLimits {
  /** Sum over all traders of |position| × mark and of every open entry order. */
  readonly maxTotalNotional: Decimal | null;
  /** No trader may use more, whatever its own limit says. */
  readonly maxLeverage: number | null;
  /** Loss of all traders since 00:00 UTC at which no trader enters any more. */
  readonly maxDailyLoss: Decimal | null;
  /** Entries that leave in any minute; one more trips the kill switch of the instance. */
  readonly maxOrdersPerMinute: number;
}

/** Caps are off but for the budget of orders, which no honest setting comes near. */
export const DEFAULT_INSTANCE_LIMITS: InstanceLimits = Object.freeze({
  maxTotalNotional: null,
  maxLeverage: null,
  maxDailyLoss: null,
  maxOrdersPerMinute: 300,
});

/** Where the limits of the instance are kept in the settings. */
export const INSTANCE_LIMITS_SETTING = 'instance_limits';
