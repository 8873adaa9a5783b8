import { FaultyStream, type WireConnection, type WireSession } from '../core/streams.ts';
import type { Desk } from './desk.ts';
import { type MarketRoute, type MarketStream, marketEvent, marketStream, type PriceUpdate, repeatedEvent } from './market-streams.ts';
import type { UserEvent } from './user-events.ts';

/** The venue pings this often, ms. */
export const PING_EVERY_MS = 180_000;
/** The venue ends a connection that owes it a pong for this long, ms. */
export const PONG_WITHIN_MS = 600_000;
/** The venue ends a connection at this age, ms. */
export const CONNECTION_LIFE_MS = 86_400_000;
const STREAMS_MAX = 1024;
const MESSAGES_PER_SECOND_MAX = 10;

/** What a connection asked for by its URL. */
export interface StreamRequest {
  readonly route: MarketRoute | 'private';
  /** Wrapped as `{stream, data}`. */
  readonly isCombined: boolean;
  /** Stream names, or listen keys on the private path. */
  readonly names: readonly string[];
}

/** Reads the URL; null for a path that does not exist, such as the retired ones without a route. */
export function streamRequest(path: string): StreamRequest | null {
  const url = new URL(path, 'ws://venue');
  const match = /^\/(public|market|private)\/(?:(stream)|ws(?:\/(.+))?)$/.exec(url.pathname);
  const route = match?.[1];
  if (match === null || (route !== 'public' && route !== 'market' && route !== 'private')) return null;
  const listed = [match[3], ...(url.searchParams.get('streams')?.split('/') ?? []), ...url.searchParams.getAll('listenKey')];
  return { route, isCombined: match[2] !== undefined, names: listed.flatMap((name) => (name === undefined || name === '' ? [] : [name])) };
}

/** One WebSocket connection of a client. A stream that its path does not carry stays silent, as at the venue. */
export class BinanceSession implements WireSession {
  readonly #desk: Desk;
  readonly #connection: WireConnection;
  readonly #stream: FaultyStream;
  readonly #request: StreamRequest;
  readonly #onClosed: () => void;
  readonly #names = new Set<string>();
  readonly #market = new Map<string, MarketStream>();
  /** Moment each repeating stream was last sent. */
  readonly #sentAt = new Map<string, number>();
  readonly #expiredKeys = new Set<string>();
  readonly #openedAt: number;
  #pingedAt: number;
  /** Moment of every ping that waits for its pong, by its payload. */
  readonly #unanswered = new Map<string, number>();
  #second = { from: 0, messages: 0 };

  constructor(desk: Desk, connection: WireConnection, request: StreamRequest, onClosed: () => void) {
    this.#desk = desk;
    this.#connection = connection;
    this.#request = request;
    this.#onClosed = onClosed;
    this.#stream = new FaultyStream(desk.venue.faults, connection);
    this.#openedAt = desk.venue.worldNow();
    this.#pingedAt = this.#openedAt;
    for (const name of request.names) this.#subscribe(name);
  }

  receive(text: string): void {
    if (this.#takeMessage()) this.#stream.reply(JSON.stringify(this.#answer(parseJson(text))));
    else this.#connection.close(1008, 'Too many requests');
  }

  pinged(payload: string): void {
    const [accountId = null] = this.#request.route === 'private' ? this.#accounts() : [];
    this.#stream.pongFrame({ operation: 'stream', accountId, symbols: [], clientOrderIds: [] }, payload);
  }

  /** One right answer settles all that is owed; a pong that nobody asked for is allowed and says nothing. */
  ponged(payload: string): void {
    if (this.#unanswered.has(payload)) this.#unanswered.clear();
  }

  tick(): void {
    const now = this.#desk.venue.worldNow();
    if (now - this.#openedAt >= CONNECTION_LIFE_MS) {
      this.#connection.close(1001, 'Connection is 24 hours old');
      return;
    }
    const [owedSince = now] = this.#unanswered.values();
    if (now - owedSince >= PONG_WITHIN_MS) {
      this.#connection.close(1008, 'Pong timeout');
      return;
    }
    if (now - this.#pingedAt >= PING_EVERY_MS) this.#ping(now);
    for (const stream of this.#market.values()) {
      const isDue = stream.everyMs > 0 && now - (this.#sentAt.get(stream.name) ?? this.#openedAt) >= stream.everyMs;
      const data = isDue ? repeatedEvent(this.#desk, stream) : null;
      if (data !== null) this.#sendMarket(stream, data);
    }
    if (this.#request.route === 'private') this.#tellExpiredKeys();
  }

  closed(): void {
    this.#onClosed();
  }

  /** The venue is gone without a goodbye. */
  drop(): void {
    this.#connection.drop();
  }

  /** Tells the account's events to whoever holds its living listen key. */
  hearAccount(accountId: string, events: readonly UserEvent[]): void {
    if (this.#request.route !== 'private') return;
    for (const key of this.#names) {
      if (this.#desk.listenKeys.accountOf(key, this.#desk.venue.now()) !== accountId) continue;
      for (const { data, symbols, clientOrderIds } of events) {
        const subject = { operation: 'stream' as const, accountId, symbols, clientOrderIds };
        this.#stream.event(this.#text(key, data), subject, () => null);
      }
    }
  }

  hearPrice(update: PriceUpdate): void {
    for (const stream of this.#market.values()) {
      const data = marketEvent(this.#desk, stream, update);
      if (data !== null) this.#sendMarket(stream, data);
    }
  }

  #ping(now: number): void {
    this.#pingedAt = now;
    if (this.#stream.carriesPings) this.#unanswered.set(String(now), now);
    this.#stream.ping(String(now));
  }

  /** Whose living listen keys the connection holds. */
  #accounts(): readonly string[] {
    return [...this.#names].flatMap((key) => this.#desk.listenKeys.accountOf(key, this.#desk.venue.now()) ?? []);
  }

  #sendMarket(stream: MarketStream, data: object): void {
    this.#sentAt.set(stream.name, this.#desk.venue.worldNow());
    const subject = {
      operation: 'stream' as const,
      accountId: null,
      symbols: stream.symbol === null ? [] : [stream.symbol],
      clientOrderIds: [],
    };
    this.#stream.event(this.#text(stream.name, data), subject, () => null);
  }

  #text(name: string, data: object): string {
    return JSON.stringify(this.#request.isCombined ? { stream: name, data } : data);
  }

  #tellExpiredKeys(): void {
    const now = this.#desk.venue.now();
    for (const listenKey of this.#names) {
      if (this.#expiredKeys.has(listenKey) || this.#desk.listenKeys.accountOf(listenKey, now) !== null) continue;
      this.#expiredKeys.add(listenKey);
      this.#stream.reply(this.#text(listenKey, { e: 'listenKeyExpired', E: now, listenKey }));
    }
  }

  #answer(message: unknown): object {
    if (typeof message !== 'object' || message === null || !('method' in message))
      return { error: { code: 2, msg: 'Invalid request' }, id: null };
    const id = 'id' in message ? message.id : null;
    const names = 'params' in message && Array.isArray(message.params) ? message.params.map(String) : [];
    switch (message.method) {
      case 'SUBSCRIBE':
        if (this.#names.size + names.length > STREAMS_MAX) return { error: { code: 2, msg: 'Too many streams' }, id };
        for (const name of names) this.#subscribe(name);
        return { result: null, id };
      case 'UNSUBSCRIBE':
        for (const name of names) this.#unsubscribe(name);
        return { result: null, id };
      case 'LIST_SUBSCRIPTIONS':
        return { result: [...this.#names], id };
      default:
        return { error: { code: 2, msg: 'Invalid request: unknown method' }, id };
    }
  }

  #subscribe(name: string): void {
    this.#names.add(name);
    const stream = this.#request.route === 'private' ? null : marketStream(this.#desk, name);
    if (stream === null || stream.route !== this.#request.route) return;
    this.#market.set(name, stream);
    if (stream.symbol !== null && stream.route === 'public') this.#desk.depth.snapshot(stream.symbol);
  }

  #unsubscribe(name: string): void {
    this.#names.delete(name);
    this.#market.delete(name);
  }

  #takeMessage(): boolean {
    const second = Math.floor(this.#desk.venue.worldNow() / 1000);
    if (this.#second.from !== second) this.#second = { from: second, messages: 0 };
    this.#second.messages += 1;
    return this.#second.messages <= MESSAGES_PER_SECOND_MAX;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
