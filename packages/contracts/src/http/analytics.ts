import { z } from 'zod';
import { IsoTime, Uuid } from './primitives.ts';

/** Range: `days` back from now (default 30), or start_date/end_date (ISO dates or times, UTC). Closed positions count at their close. */
export const AnalyticsQuery = z.strictObject({
  user_id: Uuid.optional(),
  trader_id: Uuid.optional(),
  days: z.coerce.number().int().min(1).max(3650).optional(),
  start_date: z.union([z.iso.date(), IsoTime]).optional(),
  end_date: z.union([z.iso.date(), IsoTime]).optional(),
  include_deleted: z.enum(['true', 'false']).default('true'),
});
/** JSON numbers, computed exactly and rounded last; PnL in quote currency, net of fees and with funding. null = too few trades to say. */
export const AnalyticsSummary = z.object({
  total_pnl: z.number(),
  gross_pnl: z.number(),
  fees: z.number(),
  funding: z.number(),
  total_trades: z.number().int(),
  win_rate: z.number().nullable(),
  avg_return_pct: z.number().nullable(),
  sharpe_ratio: z.number().nullable(),
  max_drawdown_pct: z.number().nullable(),
  profit_factor: z.number().nullable(),
  best_trade_pnl: z.number().nullable(),
  worst_trade_pnl: z.number().nullable(),
  avg_trade_duration_hours: z.number().nullable(),
  llm_cost_usd: z.number().nullable(),
  from: IsoTime,
  to: IsoTime,
});
export type AnalyticsSummary = z.infer<typeof AnalyticsSummary>;
const Group = { trades: z.number().int(), win_rate: z.number().nullable(), pnl: z.number(), fees: z.number(), funding: z.number() };
export const ByStrategy = z.object({
  items: z.array(
    z.object({
      strategy: z.string(),
      strategy_id: z.string().nullable(),
      strategy_name: z.string(),
      sharpe_ratio: z.number().nullable(),
      ...Group,
    }),
  ),
});
export const ByAccount = z.object({
  items: z.array(z.object({ account_id: Uuid, account_name: z.string(), is_deleted: z.boolean(), is_demo: z.boolean(), ...Group })),
});
export const BySymbol = z.object({ items: z.array(z.object({ symbol: z.string(), ...Group })) });
export const ByOperation = z.object({ items: z.array(z.object({ operation: z.enum(['buy', 'sell']), ...Group })) });
export const ByTriggerType = z.object({ items: z.array(z.object({ trigger_type: z.string(), ...Group })) });
