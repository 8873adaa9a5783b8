import type { StartStream, Stream } from '../live/stream-port.ts';
import { jsonOf } from './json.ts';
import {
  STREAM_FILLS,
  STREAM_FUNDINGS,
  STREAM_MESSAGE,
  STREAM_ORDERS,
  STREAM_SUBSCRIBED,
  type WireFill,
  type WireFunding,
} from './wire.ts';

const CHANNELS = ['orderUpdates', 'userFills', 'userFundings'] as const;

export interface UserStreamEvents {
  /** Everything is subscribed, for the first time or again: what happened before may have been missed. */
  ready(): void;
  /** These orders changed; the message does not say enough of them. */
  ordersChanged(ids: readonly (string | number)[]): void;
  /** `isNew` is false for what the venue repeats at the beginning of every subscription. */
  fills(fills: readonly WireFill[], isNew: boolean): void;
  fundings(fundings: readonly WireFunding[]): void;
  /** A message that could not be read: something may be missed. */
  unreadable(channel: string): void;
}

/** Listens to one account on a connection of its own: order updates do not say whose they are. */
export function startUserStream(
  startStream: StartStream,
  {
    wsUrl,
    address,
    name,
    events,
  }: { readonly wsUrl: string; readonly address: string; readonly name: string; readonly events: UserStreamEvents },
): Stream {
  let awaited = new Set<string>();
  return startStream({
    name,
    url: async () => wsUrl,
    keepAlive: '{"method":"ping"}',
    onOpen: (send) => {
      awaited = new Set(CHANNELS);
      for (const type of CHANNELS) send(JSON.stringify({ method: 'subscribe', subscription: { type, user: address } }));
    },
    onMessage: (text) => {
      const message = STREAM_MESSAGE.safeParse(jsonOf(text));
      // The greeting is plain text.
      if (!message.success) return;
      const { channel, data } = message.data;
      if (channel === 'subscriptionResponse') {
        if (awaited.delete(subscribedTo(data)) && awaited.size === 0) events.ready();
      } else if (!deliver(channel, data, events)) events.unreadable(channel);
    },
  });
}

/** False when a message that matters could not be read. */
function deliver(channel: string, data: unknown, events: UserStreamEvents): boolean {
  if (channel === 'orderUpdates') {
    const orders = STREAM_ORDERS.safeParse(data);
    if (orders.success) events.ordersChanged(orders.data.map(({ order }) => order.cloid ?? order.oid));
    return orders.success;
  }
  if (channel === 'userFills') {
    const read = STREAM_FILLS.safeParse(data);
    if (read.success) events.fills(read.data.fills, read.data.isSnapshot !== true);
    return read.success;
  }
  if (channel === 'userFundings') {
    const read = STREAM_FUNDINGS.safeParse(data);
    if (read.success && read.data.isSnapshot !== true) events.fundings(read.data.fundings);
    return read.success;
  }
  return channel !== 'error';
}

function subscribedTo(data: unknown): string {
  const read = STREAM_SUBSCRIBED.safeParse(data);
  return read.success ? read.data.subscription.type : '';
}
