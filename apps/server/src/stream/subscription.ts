import { CHANNEL_TOPICS, Channel, type ServerMessage } from '@hyperoru/contracts';
import { toIso } from '@hyperoru/domain';
import type { StreamEvent } from '@hyperoru/engine';

const CHANNEL_OF_TOPIC: ReadonlyMap<string, Channel> = new Map(
  Channel.options.flatMap((channel) => CHANNEL_TOPICS[channel].map((topic) => [topic, channel] as const)),
);

/** What one socket wants to hear. `accountId` null = all traders of the owner. */
export interface Subscription {
  readonly ownerId: string;
  readonly channels: ReadonlySet<Channel>;
  readonly accountId: string | null;
}

/** The event as this subscriber sees it, or null when it is not theirs. */
export function messageFor(subscription: Subscription, event: StreamEvent): ServerMessage | null {
  if (event.ownerId !== subscription.ownerId) return null;
  const channel = CHANNEL_OF_TOPIC.get(event.topic);
  if (channel === undefined || !subscription.channels.has(channel)) return null;
  if (subscription.accountId !== null && event.traderId !== null && event.traderId !== subscription.accountId) return null;
  return {
    type: 'event',
    seq: event.seq,
    channel,
    data: { topic: event.topic, at: toIso(event.at), trader_id: event.traderId, payload: asRecord(event.payload) },
  };
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : { value };
