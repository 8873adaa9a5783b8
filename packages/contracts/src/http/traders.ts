import { z } from 'zod';
import {
  DecimalString,
  Environment,
  IsoTime,
  Name,
  Operation,
  PositiveDecimalString,
  RunOutcome,
  ShareString,
  SymbolName,
  TraderStatus,
  Uuid,
  Venue,
} from './primitives.ts';

export const LlmSettings = z.object({
  model: z.string(),
  base_url: z.string(),
  has_api_key: z.boolean(),
  key_fingerprint: z.string().nullable(),
  /** True: the built-in scripted model answers, no real model decides. */
  is_scripted: z.boolean(),
});
export const ExchangeSettings = z.object({ exchange: Venue, environment: Environment });

export const RiskLimits = z.object({
  max_leverage: z.number().min(1).max(125),
  max_order_notional: PositiveDecimalString,
  max_total_notional: PositiveDecimalString,
  max_open_positions: z.number().int().min(1).max(100),
  allowed_symbols: z.array(SymbolName).min(1).max(100).nullable(),
  max_daily_loss: PositiveDecimalString.nullable(),
  max_orders_per_hour: z.number().int().min(1).max(1000),
  require_stop_loss: z.boolean(),
  on_protection_failure: z.enum(['flatten', 'alert_only']),
  /** Largest distance of a limit price from the mark: 0.05 = five percent of it. */
  max_price_deviation: ShareString,
  /** No entry for this long after a position was closed with a loss; 0 = no pause. */
  cooldown_minutes: z.number().int().min(0).max(10_080),
  /** Fall of the realized balance from its peak at which entries stop: 0.3 = thirty percent of the peak. */
  max_drawdown: ShareString.nullable(),
  max_same_direction_notional: PositiveDecimalString.nullable(),
  /** Orders and positions on the account that are not ours. */
  on_external_activity: z.enum(['adopt', 'ignore', 'alarm']),
  llm_daily_budget_usd: PositiveDecimalString.nullable(),
});
export type RiskLimits = z.infer<typeof RiskLimits>;
/** A change: fields left out stay as they are. */
export const RiskBody = z.strictObject(RiskLimits.partial().shape);

export const RunSummary = z.object({
  id: Uuid,
  outcome: RunOutcome.nullable(),
  code: z.string().nullable(),
  reason: z.string().nullable(),
  finished_at: IsoTime.nullable(),
});
export const DecisionSummary = z.object({
  id: Uuid,
  operation: Operation.nullable(),
  symbol: z.string().nullable(),
  verdict: z.string(),
  reason: z.string(),
  created_at: IsoTime,
});

export const Trader = z.object({
  id: Uuid,
  user_id: Uuid,
  name: z.string(),
  description: z.string(),
  status: TraderStatus,
  active: z.boolean(),
  /** Exits are managed, nothing is entered. */
  reduce_only: z.boolean(),
  is_demo: z.boolean(),
  /** Why the status is error: the last run's sentence and its id, to link the record. */
  status_reason: z.string().nullable(),
  status_run_id: Uuid.nullable(),
  environment: Environment.nullable(),
  llm: LlmSettings.nullable(),
  exchange: ExchangeSettings.nullable(),
  risk: RiskLimits,
  /** What is still missing before it can run, in the set-up order: `llm`, `exchange`, `binding`. */
  setup_missing: z.array(z.enum(['llm', 'exchange', 'binding'])),
  created_at: IsoTime,
  deleted_at: IsoTime.nullable(),
});
export type Trader = z.infer<typeof Trader>;

/** A card of the dashboard: the trader with its live figures. Amounts in `currency`. */
export const TraderCard = Trader.extend({
  currency: z.string(),
  equity: DecimalString.nullable(),
  pnl: DecimalString.nullable(),
  pnl_pct: z.number().nullable(),
  /** Up to 60 equity values, oldest first. */
  sparkline: z.array(z.number()),
  open_positions: z.number().int(),
  last_run: RunSummary.nullable(),
  last_decision: DecisionSummary.nullable(),
  next_run_at: IsoTime.nullable(),
});
export type TraderCard = z.infer<typeof TraderCard>;

export const TraderCreateBody = z.strictObject({ name: Name, description: z.string().max(1000).default(''), user_id: Uuid.optional() });
export const TraderPatchBody = z.strictObject({ name: Name.optional(), description: z.string().max(1000).optional() });
export const TraderListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional(),
  user_id: Uuid.optional(),
  include_deleted: z.enum(['true', 'false']).default('false'),
});
/** `api_key` left out keeps the stored key while the origin of base_url stays the same. */
export const LlmBody = z.strictObject({
  model: z.string().trim().min(1).max(200),
  api_key: z.string().min(1).max(500).nullable().optional(),
  base_url: z.url().max(500),
});
export const LlmTestAnswer = z.object({
  success: z.boolean(),
  latency_ms: z.number().int(),
  model: z.string(),
  message: z.string(),
  code: z.string().nullable(),
});
/** `reduce_only`: strategies run and their exits are executed, nothing is entered. `active` true and false are `active` and `paused`. */
export const StatusBody = z.union([
  z.strictObject({ status: z.enum(['active', 'reduce_only', 'paused']) }),
  z.strictObject({ active: z.boolean() }),
]);
export const ExchangeBody = z.strictObject({
  exchange: Venue,
  environment: Environment,
  credentials: z.record(z.string(), z.string().max(5000)).optional(),
});
export const ExchangeAnswer = z.object({ exchange: Venue, environment: Environment, label: z.string(), model_limits: z.array(z.string()) });
export const ExchangeTestAnswer = z.object({
  success: z.boolean(),
  message: z.string(),
  balance: DecimalString.nullable(),
  currency: z.string(),
});

/** Live account of a trader as its venue reports it. */
export const TraderOverview = z.object({
  trader: TraderCard,
  balance: DecimalString.nullable(),
  available: DecimalString.nullable(),
  unrealized_pnl: DecimalString.nullable(),
  realized_pnl: DecimalString,
  fees: DecimalString,
  funding: DecimalString,
  llm_cost_today_usd: DecimalString,
  total_runs: z.number().int(),
  total_trades: z.number().int(),
  market_source: z.string().nullable(),
  market_time: IsoTime.nullable(),
  model_limits: z.array(z.string()),
});
export type TraderOverview = z.infer<typeof TraderOverview>;

export const EquityQuery = z.strictObject({
  from: IsoTime.optional(),
  to: IsoTime.optional(),
  points: z.coerce.number().int().min(2).max(2000).default(500),
});
export const EquityAnswer = z.object({
  points: z.array(z.object({ at: IsoTime, equity: DecimalString, balance: DecimalString, unrealized_pnl: DecimalString })),
  /** Where positions were entered and left, for the chart. */
  markers: z.array(
    z.object({
      at: IsoTime,
      kind: z.enum(['entry', 'exit']),
      side: z.enum(['buy', 'sell']),
      symbol: SymbolName,
      price: DecimalString,
      quantity: DecimalString,
      order_id: Uuid.nullable(),
    }),
  ),
});
export type EquityAnswer = z.infer<typeof EquityAnswer>;
