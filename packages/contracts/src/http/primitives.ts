import { z } from 'zod';

/** Exact decimal as text, at most 40 characters; no exponent. */
export const DecimalString = z
  .string()
  .max(40)
  .regex(/^-?\d+(\.\d+)?$/, 'Expected a plain decimal such as "12.5".');
/** As {@link DecimalString}, greater than zero. */
export const PositiveDecimalString = DecimalString.refine(
  (text) => !text.startsWith('-') && /[1-9]/.test(text),
  'Expected a decimal greater than 0.',
);
/** As {@link PositiveDecimalString}, at most 1: a share of something. */
export const ShareString = PositiveDecimalString.refine(
  (text) => /^(0+(\.\d+)?|0*1(\.0+)?)$/.test(text),
  'Expected a share from 0 to 1 such as "0.05".',
);
export const Uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'Expected a lower-case UUID.');
/** ISO 8601 in UTC, milliseconds, `Z`. */
export const IsoTime = z.iso.datetime();
export const SymbolName = z.string().regex(/^[A-Z0-9]{1,20}$/, 'Expected an upper-case symbol such as "BTC".');
export const Name = z.string().trim().min(1).max(80);

export const Venue = z.enum(['paper', 'hyperliquid', 'binance']);
export const Environment = z.enum(['paper', 'testnet', 'mainnet']);
export const OrderSide = z.enum(['buy', 'sell']);
export const TimeInForce = z.enum(['gtc', 'ioc', 'fok', 'post_only']);
export const Operation = z.enum(['buy', 'sell', 'close', 'hold']);
export const TriggerCause = z.enum(['schedule', 'manual', 'signal', 'order']);
export const RunOutcome = z.enum(['traded', 'held', 'denied', 'duplicate', 'skipped', 'late', 'failed']);
export const OrderState = z.enum([
  'intent',
  'sent',
  'accepted',
  'partially_filled',
  'filled',
  'canceled',
  'expired',
  'rejected',
  'unknown',
  'absent',
  'dropped',
]);
export const OrderPurpose = z.enum(['entry', 'close', 'stop_loss', 'take_profit']);
export const TraderStatus = z.enum(['active', 'reduce_only', 'paused', 'error', 'deleted']);

/** Query of every list: newest first. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(400).optional(),
});

/** Answer of every list. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next_cursor: z.string().nullable() });

export const ErrorBody = z.object({
  error: z.string(),
  code: z.string(),
  request_id: z.string(),
  details: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
