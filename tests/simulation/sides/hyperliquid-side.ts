import { openHyperliquid } from '@hyperoru/adapters';
import { type Decimal, decimal, type Symbol, type TraderId } from '@hyperoru/domain';
import type { Clock, ExchangePort, Log } from '@hyperoru/engine';
import { addressOf, BTC, ETH, HyperliquidVenue, type SimulatedVenue, type VenueFillRecord, type WireRequest } from '@hyperoru/testkit';
import { HttpRequestError, type IRequestTransport } from '@nktkas/hyperliquid';
import type { Life } from '../life.ts';
import { worldTime } from '../sim-clock.ts';
import type { Side, SideWorld } from './side.ts';
import { WireTransport } from './wire-transport.ts';

const AGENT_LIFE_MS = 86_400_000;

/** The adapter for Hyperliquid with its real signer and parsers, over the venue's wire protocol in virtual time. */
export class HyperliquidSide implements Side {
  readonly name = 'hyperliquid';
  readonly exchange = { venue: 'hyperliquid', environment: 'mainnet' } as const;
  readonly venue: SimulatedVenue;
  readonly #dialect: HyperliquidVenue;
  readonly #world: SideWorld;
  readonly #accounts = new Map<TraderId, { readonly accountAddress: string; readonly agentKey: string }>();

  constructor(world: SideWorld, seed: number, prices: Readonly<Record<string, string>>) {
    this.#world = world;
    this.#dialect = new HyperliquidVenue({
      now: () => worldTime(world.scheduler),
      accounts: [],
      prices,
      coins: [
        { name: 'BTC', szDecimals: 5, maxLeverage: 40 },
        { name: 'ETH', szDecimals: 4, maxLeverage: 25 },
      ],
      rules: { book: { levelNotional: decimal('4000'), levels: 5 } },
      seed,
      clientIds: 'unique_for_ever',
    });
    this.venue = this.#dialect.venue;
  }

  accountOf(traderId: TraderId): string {
    return this.#accounts.get(traderId)?.accountAddress ?? '';
  }

  symbolAt(symbol: Symbol): Symbol {
    return symbol;
  }

  tradeIdOf({ symbol, at, id }: VenueFillRecord): string {
    return `${symbol}-${at}-${id}`;
  }

  secrets(): readonly string[] {
    return [...this.#accounts.values()].map(({ agentKey }) => agentKey.slice(2));
  }

  addAccount(traderId: TraderId, deposit: Decimal): void {
    const agentKey = `0x${this.#world.ids.hash(`agent ${traderId}`)}`;
    const accountAddress = `0x${this.#world.ids.hash(`account ${traderId}`).slice(0, 40)}`;
    this.#accounts.set(traderId, { accountAddress, agentKey });
    this.venue.deposit(accountAddress, deposit);
    const now = this.venue.now();
    this.#dialect.signers.approve(
      { address: addressOf(agentKey), master: accountAddress, name: null, validUntil: now + AGENT_LIFE_MS },
      now,
    );
  }

  async connect({ life, clock, log }: { readonly life: Life; readonly clock: Clock; readonly log: Log }): Promise<ExchangePort> {
    const wire = new WireTransport({ world: this.#world, dialect: this.#dialect, life, tap: (request) => this.#see(request) });
    const { exchange } = await openHyperliquid({
      environment: 'mainnet',
      clock,
      ids: this.#world.ids,
      log,
      credentialsOf: async (traderId) => this.#accounts.get(traderId) ?? null,
      symbols: [BTC, ETH],
      transport: transportOn(wire),
      openSocket: (url, events) => wire.openSocket(url, events),
    });
    return exchange;
  }

  #see({ path, body }: WireRequest): void {
    if (path !== '/exchange') return;
    const { action, nonce, expiresAfter } = JSON.parse(body) as ExchangeBody;
    for (const { b, c, s, r, p, t } of action.type === 'order' ? (action.orders ?? []) : []) {
      if (c === undefined) continue;
      this.#world.arrived({
        clientOrderId: c,
        side: b ? 'buy' : 'sell',
        quantity: decimal(s),
        reduceOnly: r,
        deadline: expiresAfter ?? 0,
        nonce,
        limitPrice: t.trigger === undefined ? decimal(p) : null,
        triggerPrice: t.trigger === undefined ? null : decimal(t.trigger.triggerPx),
      });
    }
  }
}

interface WireOrder {
  readonly b: boolean;
  readonly c?: string;
  readonly p: string;
  readonly s: string;
  readonly r: boolean;
  readonly t: { readonly trigger?: { readonly triggerPx: string } };
}

interface ExchangeBody {
  readonly nonce: number;
  readonly expiresAfter?: number;
  readonly action: {
    readonly type: string;
    readonly orders?: readonly WireOrder[];
  };
}

/** The client library's transport, failing with the library's own errors. */
const transportOn = (wire: WireTransport): IRequestTransport => ({
  isTestnet: false,
  request: async <T>(endpoint: 'info' | 'exchange' | 'explorer', payload: unknown): Promise<T> => {
    const sent = { method: 'POST', path: `/${endpoint}`, headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) };
    const reply = await wire.send(sent).catch((cause: unknown) => {
      throw new HttpRequestError(undefined, { cause });
    });
    if (reply.status !== 200 || !(reply.headers['content-type'] ?? '').includes('application/json'))
      throw new HttpRequestError({ response: new Response(null, { status: reply.status }), message: reply.body });
    return JSON.parse(reply.body) as T;
  },
});
