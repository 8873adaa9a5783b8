import { z } from 'zod';
import { IsoTime, Uuid } from '../http/primitives.ts';

/** Channels a client may subscribe to; each carries the event topics behind it. */
export const CHANNEL_TOPICS = {
  trades: ['order.changed', 'fill.booked'],
  positions: ['position.changed'],
  model_chat: ['run.created', 'run.finished', 'decision.made'],
  asset_curve: ['equity.sampled'],
  traders: ['trader.changed'],
  safety: ['protection.changed', 'kill.changed', 'adjustment.booked', 'reconciliation.finished'],
  alerts: ['alert.raised', 'alert.acknowledged'],
} as const;
export const Channel = z.enum(['trades', 'positions', 'model_chat', 'asset_curve', 'traders', 'safety', 'alerts']);
export type Channel = z.infer<typeof Channel>;

const RequestId = z.string().max(100).optional();
/** What a client may send over /ws. `connect` is needed first unless the session cookie came with the upgrade. */
export const ClientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('connect'), request_id: RequestId, data: z.strictObject({ session_token: z.string().max(300) }) }),
  z.strictObject({ type: z.literal('bootstrap'), request_id: RequestId, data: z.strictObject({}).optional() }),
  /** `resume_after`: last seq this client saw; missed events follow, or `resync` says that a fresh load is needed. */
  z.strictObject({
    type: z.literal('subscribe'),
    request_id: RequestId,
    data: z.strictObject({ channels: z.array(Channel).min(1).max(10), resume_after: z.number().int().min(0).optional() }),
  }),
  z.strictObject({ type: z.literal('switch_account'), request_id: RequestId, data: z.strictObject({ account_id: Uuid.nullable() }) }),
  z.strictObject({ type: z.literal('get_snapshot'), request_id: RequestId, data: z.strictObject({ account_id: Uuid }) }),
  z.strictObject({
    type: z.literal('get_asset_curve'),
    request_id: RequestId,
    data: z.strictObject({ account_id: Uuid, timeframe: z.enum(['1h', '1d', '7d', '30d', 'all']).default('7d') }),
  }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** What the server sends: answers echo `request_id`; events carry `seq`, `channel` and `data.topic`. */
export const ServerMessage = z.object({
  type: z.enum([
    'connected',
    'bootstrap',
    'subscribed',
    'account_switched',
    'snapshot',
    'asset_curve',
    'event',
    'resync',
    'error',
    'heartbeat',
  ]),
  request_id: z.string().optional(),
  seq: z.number().int().optional(),
  channel: Channel.optional(),
  data: z.record(z.string(), z.unknown()),
});
export type ServerMessage = z.infer<typeof ServerMessage>;
/** `data` of an `event` message. */
export const EventData = z.object({
  topic: z.string(),
  at: IsoTime,
  trader_id: Uuid.nullable(),
  payload: z.record(z.string(), z.unknown()),
});
export type EventData = z.infer<typeof EventData>;
