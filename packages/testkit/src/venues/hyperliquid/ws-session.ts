import type { Subject } from '../core/faults.ts';
import type { VenueChange } from '../core/records.ts';
import { FaultyStream, type WireConnection, type WireSession } from '../core/streams.ts';
import type { Delivery, WireRequest } from '../core/transport.ts';
import type { InfoDesk } from './info.ts';
import { isJsonObject } from './shapes.ts';
import { messageOf, parseSubscription, type StreamMessage, type Subscription, snapshotOf } from './subscriptions.ts';

/** The venue closes a connection on which it has sent nothing for this long, ms. */
const SILENCE_MAX_MS = 60_000;
const SUBSCRIPTIONS_MAX = 1000;
const USERS_MAX = 10;
const PENDING_POSTS_MAX = 100;
const MESSAGES_PER_MINUTE_MAX = 2000;
const MINUTE_MS = 60_000;
const PONG = JSON.stringify({ channel: 'pong' });

/** What a session needs of the venue beside reads. */
export interface SessionDesk extends InfoDesk {
  readonly handle: (request: WireRequest) => Delivery;
}

type Json = Readonly<Record<string, unknown>>;

/** One WebSocket connection of a client. */
export class HyperliquidSession implements WireSession {
  readonly #desk: SessionDesk;
  readonly #connection: WireConnection;
  readonly #ip: string;
  readonly #stream: FaultyStream;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #stopListening: () => void;
  readonly #onClosed: () => void;
  #lastSentAt: number;
  #pendingPosts = 0;
  #minute = { from: 0, messages: 0 };
  #isClosed = false;

  constructor(desk: SessionDesk, connection: WireConnection, ip: string, onClosed: () => void) {
    this.#desk = desk;
    this.#ip = ip;
    this.#onClosed = onClosed;
    this.#lastSentAt = desk.venue.worldNow();
    this.#connection = { ...connection, send: (text) => this.#send(text, connection) };
    this.#stream = new FaultyStream(desk.venue.faults, this.#connection);
    this.#stopListening = desk.venue.onChange((change) => this.#hear(change));
    this.#stream.reply('Websocket connection established.');
  }

  receive(text: string): void {
    if (this.#isClosed) return;
    if (this.#takeMessage()) for (const message of this.#answer(text)) this.#reply(message);
    else this.#connection.close(1008, 'too many messages');
  }

  pinged(payload: string): void {
    this.#stream.pongFrame(this.#heartbeat(), payload);
  }

  ponged(): void {
    // The venue sends no pings, so none is owed.
  }

  tick(): void {
    if (!this.#isClosed && this.#desk.venue.worldNow() - this.#lastSentAt >= SILENCE_MAX_MS) this.#connection.close(1000, 'Inactive');
  }

  closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopListening();
    this.#onClosed();
  }

  #send(text: string, connection: WireConnection): void {
    if (this.#isClosed) return;
    this.#lastSentAt = this.#desk.venue.worldNow();
    connection.send(text);
  }

  #hear(change: VenueChange): void {
    if (change.kind === 'restart') this.#connection.drop();
    for (const subscription of this.#subscriptions.values()) {
      const message = messageOf(this.#desk, subscription, change);
      if (message !== null) this.#event(subscription, message);
    }
  }

  /** What the client hears at once. */
  #answer(text: string): readonly StreamMessage[] {
    const message = parseJson(text);
    const method = isJsonObject(message) ? message['method'] : undefined;
    if (!isJsonObject(message)) return [unreadable(text)];
    if (method === 'ping') {
      this.#stream.pong(this.#heartbeat(), { right: () => this.#connection.send(PONG), wrong: () => this.#connection.send('pong') });
      return [];
    }
    if (method === 'subscribe') return this.#subscribe(message['subscription']);
    if (method === 'unsubscribe') return this.#unsubscribe(message['subscription']);
    return method === 'post' ? this.#post(message) : [unreadable(text)];
  }

  /** A heartbeat as faults see it: of the first account that is listened to. */
  #heartbeat(): Subject {
    const accountId = [...this.#subscriptions.values()].find(({ user }) => user !== null)?.user ?? null;
    return { operation: 'stream', accountId, symbols: [], clientOrderIds: [] };
  }

  #event(subscription: Subscription, message: StreamMessage): void {
    const subject = {
      operation: 'stream' as const,
      accountId: subscription.user,
      symbols: subscription.coin === null ? [] : [subscription.coin],
      clientOrderIds: [],
    };
    this.#stream.event(JSON.stringify(message), subject, () => {
      const snapshot = snapshotOf(this.#desk, subscription);
      return snapshot === null ? null : JSON.stringify(snapshot);
    });
  }

  #subscribe(value: unknown): readonly StreamMessage[] {
    const subscription = parseSubscription(this.#desk, value);
    if (subscription === null) return [errorOf(`Invalid subscription ${JSON.stringify(value)}`)];
    const key = JSON.stringify(subscription.echo);
    if (this.#subscriptions.has(key)) return [errorOf(`Already subscribed: ${key}`)];
    if (this.#subscriptions.size >= SUBSCRIPTIONS_MAX) return [errorOf(`Cannot track more than ${SUBSCRIPTIONS_MAX} total subscriptions.`)];
    const users = new Set([...this.#subscriptions.values()].flatMap((one) => one.user ?? []));
    if (subscription.user !== null && users.add(subscription.user).size > USERS_MAX)
      return [errorOf(`Cannot track more than ${USERS_MAX} total users.`)];
    this.#subscriptions.set(key, subscription);
    const snapshot = snapshotOf(this.#desk, subscription);
    const response = { channel: 'subscriptionResponse', data: { method: 'subscribe', subscription: subscription.echo } };
    return snapshot === null ? [response] : [response, snapshot];
  }

  #unsubscribe(value: unknown): readonly StreamMessage[] {
    const subscription = parseSubscription(this.#desk, value);
    const isKnown = subscription !== null && this.#subscriptions.delete(JSON.stringify(subscription.echo));
    if (!isKnown) return [errorOf(`Already unsubscribed: ${JSON.stringify(value)}`)];
    return [{ channel: 'subscriptionResponse', data: { method: 'unsubscribe', subscription: subscription.echo } }];
  }

  /** A request over the connection: the same as over HTTP, so every fault of requests meets it too. */
  #post(message: Json): readonly StreamMessage[] {
    const { id, request } = message;
    if (typeof id !== 'number' || !isJsonObject(request) || !isJsonObject(request['payload'])) return [unreadable(JSON.stringify(message))];
    if (this.#pendingPosts >= PENDING_POSTS_MAX) return [errorOf(`too many pending post requests id=${id}`)];
    const isInfo = request['type'] === 'info';
    const { payload } = request;
    const path = isInfo ? '/info' : '/exchange';
    const delivery = this.#desk.handle({ method: 'POST', path, headers: {}, body: JSON.stringify(payload), ip: this.#ip });
    this.#pendingPosts += 1;
    this.#connection.after(delivery.waitMs, () => {
      const answer = delivery.run();
      this.#connection.after(answer.delayMs, () => {
        this.#pendingPosts -= 1;
        if (answer.effect === 'answer' && answer.reply !== null)
          this.#reply({ channel: 'post', data: { id, response: postResponse(isInfo, payload['type'], answer.reply) } });
        else if (answer.effect !== 'silence') this.#connection.drop();
      });
    });
    return [];
  }

  #takeMessage(): boolean {
    const now = this.#desk.venue.worldNow();
    if (now - this.#minute.from >= MINUTE_MS) this.#minute = { from: now, messages: 0 };
    this.#minute.messages += 1;
    return this.#minute.messages <= MESSAGES_PER_MINUTE_MAX;
  }

  #reply(message: StreamMessage): void {
    this.#stream.reply(JSON.stringify(message));
  }
}

const errorOf = (text: string): StreamMessage => ({ channel: 'error', data: text });
const unreadable = (text: string): StreamMessage => errorOf(`Error parsing JSON into valid websocket request: ${text.slice(0, 200)}`);

function postResponse(isInfo: boolean, type: unknown, reply: { readonly status: number; readonly body: string }): unknown {
  if (reply.status !== 200) return { type: 'error', payload: `${reply.status} ${reply.body}` };
  const answer: unknown = JSON.parse(reply.body);
  return isInfo ? { type: 'info', payload: { type, data: answer } } : { type: 'action', payload: answer };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
