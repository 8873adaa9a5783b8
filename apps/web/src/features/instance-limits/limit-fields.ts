import { type InstanceLimits, InstanceLimitsBody } from '@hyperoru/contracts';
import type { z } from 'zod';

/** The limits as a form holds them: text, where an empty field means "no limit". */
export type LimitFields = Readonly<Record<keyof InstanceLimits, string>>;

export function toLimitFields(limits: InstanceLimits): LimitFields {
  return {
    max_total_notional: limits.max_total_notional ?? '',
    max_leverage: limits.max_leverage === null ? '' : String(limits.max_leverage),
    max_daily_loss: limits.max_daily_loss ?? '',
    max_orders_per_minute: String(limits.max_orders_per_minute),
  };
}

/** What is sent, checked by the same schema as the server's; or the first problem of each field. */
export function toLimitBody(
  fields: LimitFields,
): { readonly body: z.infer<typeof InstanceLimitsBody> } | { readonly problems: ReadonlyMap<string, string> } {
  const [leverage, perMinute] = [fields.max_leverage.trim(), fields.max_orders_per_minute.trim()];
  const parsed = InstanceLimitsBody.safeParse({
    max_total_notional: fields.max_total_notional.trim() || null,
    max_leverage: leverage === '' ? null : Number(leverage),
    max_daily_loss: fields.max_daily_loss.trim() || null,
    max_orders_per_minute: perMinute === '' ? Number.NaN : Number(perMinute),
  });
  if (parsed.success) return { body: parsed.data };
  return { problems: new Map(parsed.error.issues.toReversed().map((issue) => [String(issue.path[0]), issue.message])) };
}
