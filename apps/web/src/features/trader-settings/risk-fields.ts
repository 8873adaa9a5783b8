import { RiskBody, type RiskLimits } from '@hyperoru/contracts';
import type { z } from 'zod';
import { shiftDecimal } from '../../format/decimal.ts';

/** Limits as a form holds them: text, where an empty field means "no limit". */
export interface RiskFields {
  readonly max_leverage: string;
  readonly max_order_notional: string;
  readonly max_total_notional: string;
  readonly max_same_direction_notional: string;
  readonly max_open_positions: string;
  readonly max_orders_per_hour: string;
  readonly max_daily_loss: string;
  /** In percent. */
  readonly max_drawdown: string;
  readonly cooldown_minutes: string;
  /** In percent. */
  readonly max_price_deviation: string;
  readonly llm_daily_budget_usd: string;
  readonly allowed_symbols: string;
  readonly require_stop_loss: boolean;
  readonly on_protection_failure: 'flatten' | 'alert_only';
  readonly on_external_activity: 'adopt' | 'ignore' | 'alarm';
}

export function toRiskFields(risk: RiskLimits): RiskFields {
  return {
    max_leverage: String(risk.max_leverage),
    max_order_notional: risk.max_order_notional,
    max_total_notional: risk.max_total_notional,
    max_same_direction_notional: risk.max_same_direction_notional ?? '',
    max_open_positions: String(risk.max_open_positions),
    max_orders_per_hour: String(risk.max_orders_per_hour),
    max_daily_loss: risk.max_daily_loss ?? '',
    max_drawdown: risk.max_drawdown === null ? '' : shiftDecimal(risk.max_drawdown, 2),
    cooldown_minutes: String(risk.cooldown_minutes),
    max_price_deviation: shiftDecimal(risk.max_price_deviation, 2),
    llm_daily_budget_usd: risk.llm_daily_budget_usd ?? '',
    allowed_symbols: risk.allowed_symbols?.join(', ') ?? '',
    require_stop_loss: risk.require_stop_loss,
    on_protection_failure: risk.on_protection_failure,
    on_external_activity: risk.on_external_activity,
  };
}

/** What is sent, checked by the same schema as the server's; or the first problem of each field. */
export function toRiskBody(
  fields: RiskFields,
): { readonly body: z.infer<typeof RiskBody> } | { readonly problems: ReadonlyMap<string, string> } {
  const symbols = fields.allowed_symbols
    .toUpperCase()
    .split(/[\s,]+/)
    .filter((symbol) => symbol !== '');
  const parsed = RiskBody.safeParse({
    ...fields,
    max_leverage: toNumber(fields.max_leverage),
    max_open_positions: toNumber(fields.max_open_positions),
    max_orders_per_hour: toNumber(fields.max_orders_per_hour),
    max_order_notional: fields.max_order_notional.trim(),
    max_total_notional: fields.max_total_notional.trim(),
    max_same_direction_notional: emptyToNull(fields.max_same_direction_notional),
    max_drawdown: percentToShare(emptyToNull(fields.max_drawdown)),
    cooldown_minutes: toNumber(fields.cooldown_minutes),
    max_price_deviation: percentToShare(fields.max_price_deviation.trim()),
    max_daily_loss: emptyToNull(fields.max_daily_loss),
    llm_daily_budget_usd: emptyToNull(fields.llm_daily_budget_usd),
    allowed_symbols: symbols.length === 0 ? null : symbols,
  });
  if (parsed.success) return { body: parsed.data };
  return { problems: new Map(parsed.error.issues.toReversed().map((issue) => [String(issue.path[0]), issue.message])) };
}

function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function emptyToNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

/** What is no number stays as it is, for the schema to complain about. */
function percentToShare<T extends string | null>(text: T): T | string {
  return text !== null && /^\d+(\.\d+)?$/.test(text) ? shiftDecimal(text, -2) : text;
}
