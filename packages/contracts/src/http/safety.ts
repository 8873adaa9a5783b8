import { z } from 'zod';
import {
  DecimalString,
  Environment,
  IsoTime,
  Operation,
  PageQuery,
  PositiveDecimalString,
  SymbolName,
  TimeInForce,
  TraderStatus,
  Uuid,
} from './primitives.ts';
import { Order, Verdict } from './records.ts';

/** One trader in the report of a kill. `flat` only when its venue itself reported no position and no entry order. */
export const KilledTrader = z.object({
  trader_id: Uuid,
  trader_name: z.string(),
  canceled_orders: z.number().int(),
  closed_positions: z.number().int(),
  flat: z.boolean(),
  /** From the kill to the verified flat. */
  flat_after_ms: z.number().int().nullable(),
  problem: z.string().nullable(),
});
export const Kill = z.object({
  id: Uuid,
  /** null = every trader of the instance. */
  trader_id: Uuid.nullable(),
  drill: z.boolean(),
  /** `user:<id>` or `system`. */
  actor: z.string(),
  reason: z.string(),
  started_at: IsoTime,
  /** From here on nothing new could be entered. */
  blocked_at: IsoTime,
  /** null while it is being carried out. */
  finished_at: IsoTime.nullable(),
  armed: z.boolean(),
  disarmed_at: IsoTime.nullable(),
  disarmed_by: z.string().nullable(),
  /** The caller's own traders. */
  traders: z.array(KilledTrader),
});
export type Kill = z.infer<typeof Kill>;
/** `trader_id` null must be written out: it stops everything. */
export const KillBody = z.strictObject({ trader_id: Uuid.nullable(), reason: z.string().trim().min(1).max(500) });
export const KillDrillBody = z.strictObject({ trader_id: Uuid });
/** One kill, or all that are armed for a trader or (null) for the instance. */
export const KillDisarmBody = z.union([z.strictObject({ kill_id: Uuid }), z.strictObject({ trader_id: Uuid.nullable() })]);
export const KillDisarmAnswer = z.object({ disarmed: z.array(Kill) });

/** How far an open position is covered by the stops that its venue reports. */
export const ProtectedPosition = z.object({
  position_id: Uuid,
  symbol: SymbolName,
  side: z.enum(['long', 'short']),
  quantity: DecimalString,
  /** `unwatched`: the watch has not looked at it yet; `not_required`: neither decision nor limits ask for a stop. */
  state: z.enum(['covered', 'bare', 'not_required', 'unwatched']),
  covered_quantity: DecimalString.nullable(),
  bare_since: IsoTime.nullable(),
  /** All bare time so far, the stretch that runs now included. */
  bare_ms: z.number().int(),
  longest_bare_ms: z.number().int(),
  checked_at: IsoTime.nullable(),
});
export type ProtectedPosition = z.infer<typeof ProtectedPosition>;
export const TraderSafety = z.object({
  trader_id: Uuid,
  trader_name: z.string(),
  environment: Environment.nullable(),
  status: TraderStatus.exclude(['error', 'deleted']),
  killed: z.boolean(),
  positions: z.array(ProtectedPosition),
  unknown_orders: z.object({ count: z.number().int(), oldest_at: IsoTime.nullable() }),
  reconciliation: z
    .object({
      status: z.enum(['ok', 'adjusted', 'failed']),
      started_at: IsoTime,
      finished_at: IsoTime.nullable(),
      last_good_at: IsoTime.nullable(),
      message: z.string().nullable(),
    })
    .nullable(),
  /** Used and allowed; a limit of null is none. */
  daily_loss: z.object({ used: DecimalString, limit: DecimalString.nullable() }),
  /** Fall from the peak balance, as a share. */
  drawdown: z.object({ used: DecimalString, limit: DecimalString.nullable() }),
  cooling_until: IsoTime.nullable(),
});
export type TraderSafety = z.infer<typeof TraderSafety>;
export const SafetySummary = z.object({
  at: IsoTime,
  armed_kills: z.array(Kill),
  /** Entries of the instance in the last minute; limit null = the stored limits cannot be read and permit nothing. */
  order_budget: z.object({ used: z.number().int(), limit: z.number().int().nullable() }),
  adjustments: z.number().int(),
  traders: z.object({ items: z.array(TraderSafety), next_cursor: z.string().nullable() }),
});
export type SafetySummary = z.infer<typeof SafetySummary>;

/** A difference between our records and a venue, settled in the venue's favor. */
export const Adjustment = z.object({
  id: z.string(),
  trader_id: Uuid,
  trader_name: z.string(),
  kind: z.enum(['position', 'balance', 'order']),
  symbol: SymbolName.nullable(),
  position_id: Uuid.nullable(),
  order_id: Uuid.nullable(),
  recorded: z.string(),
  reported: z.string(),
  reason: z.string(),
  at: IsoTime,
});
export type Adjustment = z.infer<typeof Adjustment>;
export const AdjustmentListQuery = PageQuery.extend({ trader_id: Uuid.optional(), from: IsoTime.optional(), to: IsoTime.optional() });

const Level = z.union([z.strictObject({ price: PositiveDecimalString }), z.strictObject({ pct: PositiveDecimalString })]);
const ENTRY_ONLY = ['leverage', 'limit_price', 'stop_loss', 'take_profit'] as const;
/** An order by hand. The header `Idempotency-Key` names it: the same key is the same order for all time. */
export const OrderCreateBody = z
  .strictObject({
    trader_id: Uuid,
    operation: Operation.exclude(['hold']),
    symbol: SymbolName,
    /** Share of the available balance to use as margin, for a close the share of the position; 1 = all. */
    portion: PositiveDecimalString.refine((text) => Number(text) <= 1, 'Expected a share of at most 1.').optional(),
    leverage: z.number().int().min(1).max(125).optional(),
    /** Never pay more (buy), never accept less (sell). `gtc` and `post_only` rest at the best price of their own side or beyond. */
    limit_price: PositiveDecimalString.optional(),
    time_in_force: TimeInForce.default('ioc'),
    stop_loss: Level.optional(),
    take_profit: Level.optional(),
    reason: z.string().trim().max(500).default(''),
  })
  .superRefine((body, context) => {
    if (body.operation !== 'close') {
      if (body.portion === undefined) context.addIssue({ code: 'custom', path: ['portion'], message: 'An entry needs its size.' });
      return;
    }
    for (const field of ENTRY_ONLY)
      if (body[field] !== undefined)
        context.addIssue({ code: 'custom', path: [field], message: 'A close takes no such field; leave it out.' });
  });
/** 201: what became of it; 202 with `order` null: it waits for its turn, ask again with the same key. */
export const OrderCreateAnswer = z.object({ run_id: Uuid, verdict: Verdict.nullable(), order: Order.nullable() });
export const IdempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string('Expected the header Idempotency-Key.')
    .trim()
    .regex(/^[\x21-\x7e]{1,200}$/, 'Expected 1–200 printable characters without spaces.'),
});
