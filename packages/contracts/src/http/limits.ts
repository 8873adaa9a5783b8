import { z } from 'zod';
import { PositiveDecimalString } from './primitives.ts';

/** What all traders of the instance together may do; null = no limit of this kind. Amounts in quote currency. */
export const InstanceLimits = z.object({
  max_total_notional: PositiveDecimalString.nullable(),
  max_leverage: z.number().min(1).max(125).nullable(),
  max_daily_loss: PositiveDecimalString.nullable(),
  /** Entries that leave in any minute. */
  max_orders_per_minute: z.number().int().min(1).max(10_000),
});
export type InstanceLimits = z.infer<typeof InstanceLimits>;
/** A change: fields left out stay as they are. */
export const InstanceLimitsBody = z.strictObject(InstanceLimits.partial().shape);
