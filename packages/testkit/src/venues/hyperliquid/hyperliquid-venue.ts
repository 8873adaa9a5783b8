import { decimal, type Timestamp } from '@hyperoru/domain';
import type { Operation, Subject } from '../core/faults.ts';
import type { VenueInstrument } from '../core/instruments.ts';
import { SimulatedVenue, type VenueOptions } from '../core/simulated-venue.ts';
import type { WireConnection, WireSession } from '../core/streams.ts';
import { type Delivery, deliver, type VenueDialect, type WireHandshake, type WireReply, type WireRequest } from '../core/transport.ts';
import { Budgets, exchangeWeight, infoWeight, rowsWeight } from './budgets.ts';
import { batchSize, type ExchangeDesk, exchange, recoverSigner } from './exchange.ts';
import { answerInfo } from './info.ts';
import { CoinList, HYPERLIQUID_COINS, type HyperliquidCoin, hyperliquidInstrument } from './instruments.ts';
import { type ExchangeShape, isCloid, isJsonObject, parseExchange } from './shapes.ts';
import { Signers, type SignersDump } from './signers.ts';
import { UNREADABLE } from './texts.ts';
import { HyperliquidSession } from './ws-session.ts';

/** An account that exists from the start. Addresses are lower case. */
export interface HyperliquidAccount {
  readonly address: string;
  /** USDC. */
  readonly deposit: string;
  /** API wallets that may sign for it; without `validUntil` for ninety days. */
  readonly agents?: readonly { readonly address: string; readonly name?: string; readonly validUntil?: number }[];
  /** Set for a vault or sub-account. */
  readonly master?: string;
}

export interface HyperliquidOptions {
  readonly now: () => Timestamp;
  readonly accounts: readonly HyperliquidAccount[];
  /** First marks by coin. Default BTC 50,000, ETH 2,500, SOL 150. */
  readonly prices?: Readonly<Record<string, string>>;
  readonly coins?: readonly HyperliquidCoin[];
  /** Changes of all coins' rules, as a thin book. */
  readonly rules?: Parameters<typeof hyperliquidInstrument>[1];
  readonly isTestnet?: boolean;
  readonly seed?: number;
  /** What a second order with a cloid meets; the venue's own rule is not documented. Default `any`: it is accepted. */
  readonly clientIds?: VenueOptions['clientIds'];
  /** Stands in for the recovery of signers where cryptography is not the question. */
  readonly recover?: ExchangeDesk['recover'];
}

export interface HyperliquidDump {
  readonly venue: ReturnType<SimulatedVenue['dump']>;
  readonly signers: SignersDump;
  readonly used: Readonly<Record<string, number>>;
}

const DEFAULT_PRICES = { BTC: '50000', ETH: '2500', SOL: '150' };
const AGENT_LIFE_MS = 90 * 86_400_000;
const EXPIRED_WEIGHT_FACTOR = 5;
const CONNECTIONS_MAX = 10;
const CONNECTIONS_PER_MINUTE_MAX = 30;
const MINUTE_MS = 60_000;
const JSON_HEADERS = { 'content-type': 'application/json' };

/**
 * Hyperliquid's wire protocol on a simulated venue: `/info`, `/exchange` and `/ws`, with real signatures, nonces and limits.
 * It has no transport of its own; `startHyperliquidVenue` serves it on a port, a simulation calls `handle` and `connect`.
 * Margin is cross for every account; an `isolated` setting is kept and shown but not calculated.
 */
export class HyperliquidVenue implements VenueDialect {
  readonly venue: SimulatedVenue;
  readonly coins: CoinList;
  readonly signers = new Signers();
  readonly budgets = new Budgets();
  /** Types of all actions that reached the venue with a right shape, oldest first. */
  readonly actions: string[] = [];
  readonly #desk: ExchangeDesk;
  readonly #connections = new Map<string, { open: number; recent: number[] }>();

  constructor(options: HyperliquidOptions) {
    this.coins = new CoinList(options.coins ?? HYPERLIQUID_COINS);
    const instruments: readonly VenueInstrument[] = this.coins.coins.map((coin) => hyperliquidInstrument(coin, options.rules));
    this.venue = new SimulatedVenue({
      now: options.now,
      instruments,
      prices: options.prices ?? DEFAULT_PRICES,
      seed: options.seed ?? 1,
      clientIds: options.clientIds ?? 'any',
    });
    const vaults = new Map<string, string>();
    for (const account of options.accounts) {
      this.venue.deposit(account.address, decimal(account.deposit));
      if (account.master !== undefined) vaults.set(account.address, account.master);
      for (const { address, name, validUntil } of account.agents ?? []) {
        const until = validUntil ?? options.now() + AGENT_LIFE_MS;
        this.signers.approve({ address, master: account.address, name: name ?? null, validUntil: until }, options.now());
      }
    }
    const { venue, coins, signers, budgets } = this;
    const recover = options.recover ?? recoverSigner;
    this.#desk = { venue, coins, signers, budgets, vaults, recover, isTestnet: options.isTestnet ?? false };
  }

  handle(request: WireRequest): Delivery {
    const body = parseJson(request.body);
    const isKnown = request.method === 'POST' && (request.path === '/info' || request.path === '/exchange');
    if (!isKnown) return { waitMs: 0, run: () => ({ effect: 'answer', reply: plain(404, 'Not Found'), delayMs: 0 }) };
    const shape = request.path === '/exchange' ? parseExchange(body) : null;
    const subject = shape === null ? infoSubject(body) : this.#exchangeSubject(shape);
    return deliver(this.venue.faults, subject, {
      execute: () => (request.path === '/info' ? this.#info(body, request.ip) : this.#exchange(shape, request.ip)),
      gateway: (status) => html(status),
      timeoutError: () => html(503),
      rateLimited: (retryAfterMs) => tooMany(retryAfterMs),
      banned: () => plain(403, 'Forbidden'),
    });
  }

  connect(request: WireHandshake, connection: WireConnection): WireSession {
    const known = this.#connections.get(request.ip) ?? { open: 0, recent: [] };
    this.#connections.set(request.ip, known);
    const now = this.venue.worldNow();
    known.recent = known.recent.filter((at) => at > now - MINUTE_MS);
    known.recent.push(now);
    known.open += 1;
    const session = new HyperliquidSession({ ...this.#desk, handle: (wire) => this.handle(wire) }, connection, request.ip, () => {
      known.open -= 1;
    });
    if (known.open > CONNECTIONS_MAX || known.recent.length > CONNECTIONS_PER_MINUTE_MAX) connection.close(1008, 'too many connections');
    return session;
  }

  tick(): void {
    this.venue.catchUp();
  }

  dump(): HyperliquidDump {
    return { venue: this.venue.dump(), signers: this.signers.dump(), used: this.budgets.dump() };
  }

  /** Goes on from a dump as after a restart; every connection is dropped. */
  load(dump: HyperliquidDump): void {
    this.signers.load(dump.signers);
    this.budgets.load(dump.used);
    this.venue.load(dump.venue);
  }

  #info(body: unknown, ip: string): WireReply {
    const now = this.venue.worldNow();
    const type = isJsonObject(body) ? String(body['type']) : '';
    if (!this.budgets.takeWeight(ip, infoWeight(type), now)) return tooMany(MINUTE_MS);
    this.venue.catchUp();
    const answer = isJsonObject(body) ? answerInfo(this.#desk, body) : undefined;
    if (answer === undefined) return plain(422, UNREADABLE);
    this.budgets.addWeight(ip, rowsWeight(type, answer), now);
    return json(answer);
  }

  #exchange(shape: ExchangeShape | null, ip: string): WireReply {
    const isExpired = shape !== null && shape.expiresAfter !== null && shape.expiresAfter < this.venue.now();
    const weight = exchangeWeight(shape === null ? 1 : batchSize(shape)) * (isExpired ? EXPIRED_WEIGHT_FACTOR : 1);
    if (!this.budgets.takeWeight(ip, weight, this.venue.worldNow())) return tooMany(MINUTE_MS);
    if (shape === null) return plain(422, UNREADABLE);
    this.actions.push(String(shape.signed['type']));
    this.venue.catchUp();
    return json(exchange(this.#desk, shape));
  }

  #exchangeSubject(shape: ExchangeShape): Subject {
    const { action } = shape;
    const orders = action.type === 'order' ? action.orders : [];
    const signer = this.venue.faults.isEmpty ? null : this.#desk.recover(shape, this.#desk.isTestnet);
    const assets = action.type === 'cancel' || action.type === 'cancelByCloid' ? action.cancels : orders;
    const cloids = action.type === 'cancelByCloid' ? action.cancels.map((one) => one.cloid) : orders.flatMap((one) => one.cloid ?? []);
    return {
      operation: OPERATIONS[action.type] ?? 'other',
      accountId: shape.vaultAddress ?? (signer === null ? null : (this.signers.masterOf(signer, this.venue.now()) ?? signer)),
      symbols: assets.flatMap((one) => this.coins.byAsset(one.asset)?.name ?? []),
      clientOrderIds: cloids,
    };
  }
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  order: 'place',
  cancel: 'cancel',
  cancelByCloid: 'cancel',
  modify: 'modify',
  batchModify: 'modify',
  updateLeverage: 'leverage',
  scheduleCancel: 'dead_man',
};

const INFO_OPERATIONS: Readonly<Record<string, Operation>> = {
  orderStatus: 'find_order',
  historicalOrders: 'find_order',
  openOrders: 'open_orders',
  frontendOpenOrders: 'open_orders',
  clearinghouseState: 'account',
  activeAssetData: 'account',
  userFills: 'fills',
  userFillsByTime: 'fills',
  userFunding: 'funding',
};

function infoSubject(body: unknown): Subject {
  const request = isJsonObject(body) ? body : {};
  const user = request['user'];
  const oid = request['oid'];
  return {
    operation: INFO_OPERATIONS[String(request['type'])] ?? (user === undefined ? 'market' : 'other'),
    accountId: typeof user === 'string' ? user.toLowerCase() : null,
    symbols: typeof request['coin'] === 'string' ? [request['coin']] : [],
    clientOrderIds: isCloid(oid) ? [oid.toLowerCase()] : [],
  };
}

const json = (value: unknown): WireReply => ({ status: 200, headers: JSON_HEADERS, body: JSON.stringify(value) });
const plain = (status: number, body: string): WireReply => ({ status, headers: { 'content-type': 'text/plain' }, body });

const html = (status: 502 | 503): WireReply => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${status}</title></head><body><center><h1>${status} ${status === 502 ? 'Bad Gateway' : 'Service Unavailable'}</h1></center></body></html>`,
});

const tooMany = (retryAfterMs: number): WireReply => ({
  status: 429,
  headers: { 'content-type': 'application/json', 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
  body: 'null',
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
