import { z } from 'zod';
import {
  DecimalString,
  Environment,
  IsoTime,
  Operation,
  OrderPurpose,
  OrderSide,
  OrderState,
  PageQuery,
  RunOutcome,
  SymbolName,
  TimeInForce,
  TriggerCause,
  Uuid,
  Venue,
} from './primitives.ts';

const Range = { trader_id: Uuid.optional(), from: IsoTime.optional(), to: IsoTime.optional() };

export const Run = z.object({
  id: Uuid,
  trader_id: Uuid,
  trader_name: z.string(),
  /** null for a person's own order. */
  binding_id: Uuid.nullable(),
  trigger_id: Uuid,
  cause: TriggerCause,
  event_id: z.string(),
  state: z.enum(['queued', 'running', 'finished']),
  outcome: RunOutcome.nullable(),
  code: z.string().nullable(),
  reason: z.string().nullable(),
  triggered_at: IsoTime,
  started_at: IsoTime.nullable(),
  finished_at: IsoTime.nullable(),
});
export type Run = z.infer<typeof Run>;
export const RunListQuery = PageQuery.extend({ ...Range, outcome: RunOutcome.optional(), binding_id: Uuid.optional() });

const Level = z.union([z.object({ price: DecimalString }), z.object({ pct: DecimalString })]);
export const DecisionValues = z.object({
  operation: Operation,
  symbol: z.string().nullable(),
  target_portion_of_balance: DecimalString.nullable(),
  leverage: z.number().nullable(),
  take_profit: Level.nullable(),
  stop_loss: Level.nullable(),
  max_price: DecimalString.nullable(),
  min_price: DecimalString.nullable(),
  time_in_force: TimeInForce,
  confidence: z.number().nullable(),
  reason: z.string(),
});
export const Plan = z.object({
  kind: z.enum(['entry', 'exit']),
  symbol: SymbolName,
  side: OrderSide,
  quantity: DecimalString,
  limit_price: DecimalString,
  reference_price: DecimalString,
  leverage: z.number().nullable(),
  notional: DecimalString.nullable(),
  margin: DecimalString.nullable(),
  stop_loss_price: DecimalString.nullable(),
  take_profit_price: DecimalString.nullable(),
});
export const Verdict = z.object({
  status: z.enum(['approved', 'denied', 'held', 'invalid']),
  code: z.string().nullable(),
  message: z.string().nullable(),
});
export const Decision = z.object({
  id: Uuid,
  run_id: Uuid,
  trader_id: Uuid,
  trader_name: z.string(),
  /** null, both, when a person decided. */
  binding_id: Uuid.nullable(),
  prompt_version_id: Uuid.nullable(),
  index: z.number().int(),
  decision: DecisionValues.nullable(),
  plan: Plan.nullable(),
  verdict: Verdict,
  context_hash: z.string(),
  created_at: IsoTime,
});
export type Decision = z.infer<typeof Decision>;
export const DecisionListQuery = PageQuery.extend({ ...Range, run_id: Uuid.optional() });
export const ModelCall = z.object({
  step: z.number().int(),
  model: z.string(),
  base_url: z.string(),
  is_scripted: z.boolean(),
  prompt_text: z.string(),
  raw_request: z.string(),
  raw_answer: z.string().nullable(),
  reasoning: z.string().nullable(),
  prompt_tokens: z.number().int().nullable(),
  completion_tokens: z.number().int().nullable(),
  cost_usd: DecimalString.nullable(),
  latency_ms: z.number().int(),
  error_code: z.string().nullable(),
  created_at: IsoTime,
});

export const Order = z.object({
  id: Uuid,
  trader_id: Uuid,
  trader_name: z.string(),
  decision_id: Uuid.nullable(),
  exchange: Venue,
  environment: Environment,
  client_order_id: z.string(),
  venue_order_id: z.string().nullable(),
  symbol: SymbolName,
  side: OrderSide,
  purpose: OrderPurpose,
  order_type: z.enum(['limit', 'trigger']),
  price: DecimalString.nullable(),
  trigger_price: DecimalString.nullable(),
  time_in_force: TimeInForce.nullable(),
  quantity: DecimalString,
  filled_quantity: DecimalString,
  average_price: DecimalString.nullable(),
  reduce_only: z.boolean(),
  leverage: z.number(),
  state: OrderState,
  reason: z.string().nullable(),
  created_at: IsoTime,
  sent_at: IsoTime.nullable(),
  updated_at: IsoTime,
});
export type Order = z.infer<typeof Order>;
export const OrderListQuery = PageQuery.extend({ ...Range, symbol: SymbolName.optional(), status: z.enum(['open', 'final']).optional() });
export const Fill = z.object({
  id: Uuid,
  trader_id: Uuid,
  trader_name: z.string(),
  order_id: Uuid.nullable(),
  trade_id: z.string(),
  symbol: SymbolName,
  side: OrderSide,
  price: DecimalString,
  quantity: DecimalString,
  fee: DecimalString,
  liquidity: z.enum(['maker', 'taker']),
  is_liquidation: z.boolean(),
  filled_at: IsoTime,
  market_time: IsoTime,
});
export type Fill = z.infer<typeof Fill>;
export const FillListQuery = PageQuery.extend({ ...Range, symbol: SymbolName.optional() });
export const OrderDetail = Order.extend({
  history: z.array(z.object({ at: IsoTime, state: OrderState, reason: z.string().nullable() })),
  fills: z.array(Fill),
});
/** Everything behind one decision: run, exchanges with the model, orders. */
export const DecisionDetail = Decision.extend({ run: Run, model_calls: z.array(ModelCall), orders: z.array(Order) });
export type DecisionDetail = z.infer<typeof DecisionDetail>;
export const RunDetail = Run.extend({ model_calls: z.array(ModelCall), decisions: z.array(Decision) });
export type RunDetail = z.infer<typeof RunDetail>;

export const Position = z.object({
  id: Uuid,
  trader_id: Uuid,
  trader_name: z.string(),
  environment: Environment.nullable(),
  symbol: SymbolName,
  side: z.enum(['long', 'short']),
  status: z.enum(['open', 'closed']),
  quantity: DecimalString,
  entered_quantity: DecimalString,
  average_entry_price: DecimalString,
  average_exit_price: DecimalString.nullable(),
  leverage: z.number(),
  /** Open positions only, from the newest mark price. */
  mark_price: DecimalString.nullable(),
  unrealized_pnl: DecimalString.nullable(),
  liquidation_price: DecimalString.nullable(),
  realized_pnl: DecimalString,
  fees: DecimalString,
  funding: DecimalString,
  /** realized − fees + funding. */
  net_pnl: DecimalString,
  stop_loss_price: DecimalString.nullable(),
  take_profit_price: DecimalString.nullable(),
  opened_by_decision_id: Uuid.nullable(),
  opened_at: IsoTime,
  closed_at: IsoTime.nullable(),
  closed_by: z.string().nullable(),
});
export type Position = z.infer<typeof Position>;
/** `is_flat`: the venue reports nothing open any more; else the close goes on and the position's record shows it. */
export const PositionCloseAnswer = z.object({ is_flat: z.boolean(), position: Position });
export const PositionListQuery = PageQuery.extend({ ...Range, status: z.enum(['open', 'closed']).optional() });

export const Alert = z.object({
  id: Uuid,
  trader_id: Uuid.nullable(),
  trader_name: z.string().nullable(),
  severity: z.enum(['info', 'warning', 'critical']),
  code: z.string(),
  message: z.string(),
  created_at: IsoTime,
  acknowledged_at: IsoTime.nullable(),
});
export type Alert = z.infer<typeof Alert>;
export const AlertListQuery = PageQuery.extend({ trader_id: Uuid.optional(), status: z.enum(['open', 'acknowledged']).optional() });

export const AuditQuery = z.strictObject({ format: z.enum(['json', 'jsonl']).default('jsonl') });
export const AuditEntry = z.object({
  seq: z.number().int(),
  at: IsoTime,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.unknown(),
  previous_hash: z.string(),
  hash: z.string(),
});
export const AuditVerifyAnswer = z.object({
  intact: z.boolean(),
  entries: z.number().int(),
  first_broken_seq: z.number().int().nullable(),
});
