import type { Json } from '../ids/canonical-json.ts';
import { type Decimal, decimal, isDecimal } from '../money/decimal.ts';

/** What all traders of the instance together may do. null = no limit of this kind. Amounts in quote currency (USD). */
export interface InstanceLimits {
  /** Sum over all traders of |position| × mark and of every open entry order. */
  readonly maxTotalNotional: Decimal | null;
  /** No trader may use more, whatever its own limit says. */
  readonly maxLeverage: number | null;
  /** Loss of all traders since 00:00 UTC at which no trader enters any more. */
  readonly maxDailyLoss: Decimal | null;
  /** Entries that leave in any minute; one more is not sent and trips the kill switch of the instance. */
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

/** The stored form, `null` when nothing was stored yet → the limits; null when it is not what we write, which permits nothing. */
export function readInstanceLimits(stored: Json): InstanceLimits | null {
  if (stored === null) return DEFAULT_INSTANCE_LIMITS;
  const fields = new Map<string, Json>(typeof stored === 'object' ? Object.entries(stored) : []);
  const maxTotalNotional = readAmount(fields.get('maxTotalNotional'));
  const maxDailyLoss = readAmount(fields.get('maxDailyLoss'));
  const maxLeverage = fields.get('maxLeverage');
  const maxOrdersPerMinute = fields.get('maxOrdersPerMinute');
  if (maxTotalNotional === undefined || maxDailyLoss === undefined) return null;
  if (maxLeverage !== null && typeof maxLeverage !== 'number') return null;
  if (typeof maxOrdersPerMinute !== 'number') return null;
  return { maxTotalNotional, maxLeverage, maxDailyLoss, maxOrdersPerMinute };
}

/** undefined = neither an amount nor "no limit". */
function readAmount(value: Json | undefined): Decimal | null | undefined {
  if (value === null) return null;
  return typeof value === 'string' && isDecimal(value) ? decimal(value) : undefined;
}
