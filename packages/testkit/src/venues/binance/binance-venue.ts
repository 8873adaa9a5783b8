import { decimal, type Timestamp } from '@hyperoru/domain';
import type { Subject } from '../core/faults.ts';
import type { VenueChange } from '../core/records.ts';
import { SimulatedVenue } from '../core/simulated-venue.ts';
import type { WireConnection, WireSession } from '../core/streams.ts';
import { type Delivery, deliver, type VenueDialect, type WireHandshake, type WireReply, type WireRequest } from '../core/transport.ts';
import { ApiError, apiError } from './api-error.ts';
import { DepthChains } from './depth-chains.ts';
import type { Desk } from './desk.ts';
import { type GateRequest, type Passed, passGate } from './gate.ts';
import { type BinanceKey, KeyRing } from './keys.ts';
import { ListenKeys } from './listen-keys.ts';
import { listParam } from './order-routes.ts';
import { Overload, type OverloadKind } from './overload.ts';
import { Params } from './params.ts';
import { PositionModes } from './position-modes.ts';
import { BINANCE_LIMITS, type BinanceLimits, banned, type LimitRefusal, RateLimits } from './rate-limits.ts';
import { isWithin } from './request-window.ts';
import { type Route, routeOf } from './routes.ts';
import { BinanceSession, streamRequest } from './stream-session.ts';
import { type BinanceSymbol, BTCUSDT, ETHUSDT, instrumentOf, SymbolBook } from './symbols.ts';
import { UserEvents } from './user-events.ts';

/** An account that exists from the start. */
export interface BinanceAccount {
  readonly id: string;
  /** USDT. */
  readonly deposit: string;
  readonly keys: readonly Omit<BinanceKey, 'accountId'>[];
}

export interface BinanceOptions {
  readonly now: () => Timestamp;
  readonly accounts: readonly BinanceAccount[];
  /** Default BTCUSDT and ETHUSDT. */
  readonly symbols?: readonly BinanceSymbol[];
  /** First marks by symbol. Default BTCUSDT 50,000, ETHUSDT 2,500. */
  readonly prices?: Readonly<Record<string, string>>;
  readonly limits?: Partial<BinanceLimits>;
  readonly seed?: number;
}

/** What outlives a restart; listen keys and connections do not. */
export interface BinanceDump {
  readonly venue: ReturnType<SimulatedVenue['dump']>;
  readonly hedged: readonly string[];
}

const DEFAULT_PRICES = { BTCUSDT: '50000', ETHUSDT: '2500' };

/**
 * Binance's USDⓈ-M wire protocol on a simulated venue: `/fapi/*`, algo orders and the routed streams, with real signatures,
 * windows and limits. It has no transport of its own; `startBinanceVenue` serves it on a port, a simulation calls `handle` and
 * `connect`. Margin is cross for every account: an isolated setting changes what is shown, not what is liquidated.
 */
export class BinanceVenue implements VenueDialect {
  readonly venue: SimulatedVenue;
  readonly symbols: SymbolBook;
  readonly keys: KeyRing;
  readonly #desk: Desk;
  readonly #overload = new Overload();
  readonly #userEvents: UserEvents;
  readonly #sessions = new Set<BinanceSession>();
  #trades = 0;

  constructor(options: BinanceOptions) {
    const symbols = options.symbols ?? [BTCUSDT, ETHUSDT];
    this.venue = new SimulatedVenue({
      now: options.now,
      instruments: symbols.map(instrumentOf),
      prices: options.prices ?? DEFAULT_PRICES,
      seed: options.seed ?? 1,
      keepsTriggers: true,
    });
    this.symbols = new SymbolBook(this.venue.market, symbols);
    this.keys = new KeyRing(options.accounts.flatMap(({ id, keys }) => keys.map((key) => ({ ...key, accountId: id }))));
    this.#desk = {
      venue: this.venue,
      symbols: this.symbols,
      keys: this.keys,
      limits: new RateLimits({ ...BINANCE_LIMITS, ...options.limits }),
      modes: new PositionModes(),
      listenKeys: new ListenKeys(),
      depth: new DepthChains(this.venue.market),
    };
    this.#userEvents = new UserEvents(this.#desk);
    for (const { id, deposit } of options.accounts) this.venue.deposit(id, decimal(deposit));
    this.venue.onChange((change) => this.#hear(change));
  }

  handle(request: WireRequest): Delivery {
    const at = request.path.indexOf('?');
    const path = at < 0 ? request.path : request.path.slice(0, at);
    const query = at < 0 ? '' : request.path.slice(at + 1);
    const route = routeOf(request.method, path);
    if (route === null) {
      const reply = refusal(apiError(-5000, path, request.method));
      return { waitMs: 0, run: () => ({ effect: 'answer', reply, delayMs: 0 }) };
    }
    const params = Params.parse(query, request.body);
    const apiKey = request.headers['x-mbx-apikey'] ?? '';
    const asked: GateRequest = { route, params, query, body: request.body, apiKey, ip: request.ip };
    // The gate is passed when the request arrives; the engine may hear of it later.
    const gate = passGate(this.#desk, asked);
    return deliver(this.venue.faults, this.#subject(route, params, apiKey), {
      execute: () => this.#counted(asked, this.#execute(asked, gate)),
      gateway: (status) => (status === 502 ? badGateway() : refusal(apiError(-1000))),
      timeoutError: () => refusal(apiError(-1007)),
      rateLimited: (retryAfterMs) => limitRefusal(this.#desk.limits.tooMany(request.ip, retryAfterMs)),
      banned: (until) => {
        this.#desk.limits.ban(request.ip, until, this.venue.now());
        return limitRefusal(banned(until, this.venue.now()));
      },
    });
  }

  connect(request: WireHandshake, connection: WireConnection): WireSession {
    const asked = streamRequest(request.path);
    const session = new BinanceSession(this.#desk, connection, asked ?? { route: 'market', isCombined: false, names: [] }, () => {
      this.#sessions.delete(session);
    });
    this.#sessions.add(session);
    if (asked === null) connection.close(1008, 'This URL is retired; use /public, /market or /private');
    return session;
  }

  tick(): void {
    this.#catchUp();
  }

  /** Arms an answer of overload for the next requests to the matching engine. */
  overload(kind: OverloadKind, count = 1): void {
    this.#overload.arm(kind, count);
  }

  /** Ends the life of the account's listen key; its streams hear `listenKeyExpired`. */
  expireListenKey(accountId: string): void {
    this.#desk.listenKeys.expire(accountId, this.venue.now());
  }

  /** Switches hedge mode as by hand in the venue's own app, whatever is open. */
  setHedgeMode(accountId: string, isHedge: boolean): void {
    this.#desk.modes.set(accountId, isHedge);
  }

  /** Gives the account this key in place of all it had, which ends a revocation. */
  replaceKeys(key: BinanceKey): void {
    this.keys.removeAll(key.accountId);
    this.keys.add(key);
    const { accounts } = this.venue.books;
    accounts.set(key.accountId, { ...this.venue.books.account(key.accountId), isRevoked: false });
  }

  dump(): BinanceDump {
    const hedged = [...this.venue.books.accounts.keys()].filter((accountId) => this.#desk.modes.isHedge(accountId));
    return { venue: this.venue.dump(), hedged };
  }

  /** Goes on from a dump as after a restart; every connection is dropped. */
  load(dump: BinanceDump): void {
    this.venue.load(dump.venue);
    for (const accountId of dump.hedged) this.#desk.modes.set(accountId, true);
  }

  #execute({ route, params, apiKey, ip }: GateRequest, gate: Passed | ApiError | LimitRefusal): WireReply {
    if (gate instanceof ApiError) return refusal(gate);
    if ('error' in gate) return limitRefusal(gate);
    this.#catchUp();
    const { window, accountId } = gate;
    const isLate = route.isEngineChecked === true && window !== null && !isWithin(window, this.venue.now());
    if (isLate) return refusal(apiError(-5028));
    const overload = route.isEngineChecked === true ? this.#overload.take(params) : null;
    if (overload?.isExecuted === false) return refusal(overload.error);
    const answer = route.run({ desk: this.#desk, params, apiKey, accountId, ip });
    if (overload !== null) return refusal(overload.error);
    return answer instanceof ApiError ? refusal(answer) : json(200, answer);
  }

  #catchUp(): void {
    this.venue.catchUp();
    const now = this.venue.now();
    for (const accountId of this.venue.books.accounts.keys()) {
      for (const order of this.venue.openOrders(accountId)) {
        const until = order.extra['goodTillDate'];
        if (typeof until === 'number' && until <= now) this.venue.finish(order, 'canceled', 'good_till_date');
      }
    }
  }

  #counted({ route, ip, apiKey }: GateRequest, reply: WireReply): WireReply {
    const now = this.venue.now();
    const weight = { 'x-mbx-used-weight-1m': String(this.#desk.limits.usedWeight(ip, now)) };
    const accountId = this.keys.get(apiKey)?.accountId;
    if (route.orders === undefined || accountId === undefined) return { ...reply, headers: { ...reply.headers, ...weight } };
    const { tenSeconds, minute } = this.#desk.limits.usedOrders(accountId, now);
    const orders = { 'x-mbx-order-count-10s': String(tenSeconds), 'x-mbx-order-count-1m': String(minute) };
    return { ...reply, headers: { ...reply.headers, ...weight, ...orders } };
  }

  #subject({ operation }: Route, params: Params, apiKey: string): Subject {
    const one = [params, ...(listParam(params, 'batchOrders') ?? []).map((order) => Params.of(order))];
    const named = (name: string) => one.flatMap((order) => order.text(name) ?? []);
    return {
      operation,
      accountId: this.keys.get(apiKey)?.accountId ?? null,
      symbols: named('symbol'),
      clientOrderIds: ['newClientOrderId', 'origClientOrderId', 'clientAlgoId'].flatMap(named),
    };
  }

  #hear(change: VenueChange): void {
    if (change.kind === 'restart') {
      for (const session of [...this.#sessions]) session.drop();
      return;
    }
    if (change.kind === 'price' || change.kind === 'instrument') {
      this.#trades += 1;
      const update = { symbol: change.symbol, depth: this.#desk.depth.advance(change.symbol), tradeId: this.#trades };
      for (const session of [...this.#sessions]) session.hearPrice(update);
      return;
    }
    const events = this.#userEvents.of(change);
    for (const session of [...this.#sessions]) session.hearAccount(change.accountId, events);
  }
}

const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): WireReply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

const refusal = ({ status, code, msg }: ApiError, headers: Readonly<Record<string, string>> = {}): WireReply =>
  json(status, { code, msg }, headers);

const limitRefusal = ({ error, retryAfterS }: LimitRefusal): WireReply => refusal(error, { 'retry-after': String(retryAfterS) });

const badGateway = (): WireReply => ({
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>',
});
