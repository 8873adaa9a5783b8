import { openBinance } from '@hyperoru/adapters';
import { type Decimal, decimal, type Symbol, symbol, type TraderId } from '@hyperoru/domain';
import type { Clock, ExchangePort, Log } from '@hyperoru/engine';
import { BinanceVenue, BTC, BTCUSDT, ETH, ETHUSDT, type SimulatedVenue, type VenueFillRecord, type WireRequest } from '@hyperoru/testkit';
import type { Life } from '../life.ts';
import { worldTime } from '../sim-clock.ts';
import type { Side, SideWorld } from './side.ts';
import { WireTransport } from './wire-transport.ts';

const BOOK = { levelNotional: decimal('4000'), levels: 5 };
/** Weight per minute that no seed comes near: limits by address are the next step's. */
const WEIGHT_PER_MINUTE = 1_000_000;
const ORDER_ROUTES: ReadonlySet<string> = new Set(['/fapi/v1/order', '/fapi/v1/algoOrder']);

/** The adapter for Binance futures with its real signer and parsers, over the venue's wire protocol in virtual time. */
export class BinanceSide implements Side {
  readonly name = 'binance';
  readonly exchange = { venue: 'binance', environment: 'mainnet' } as const;
  readonly venue: SimulatedVenue;
  readonly #dialect: BinanceVenue;
  readonly #world: SideWorld;
  readonly #secrets = new Map<TraderId, { readonly apiKey: string; readonly secret: string }>();

  constructor(world: SideWorld, seed: number, prices: Readonly<Record<string, string>>) {
    this.#world = world;
    this.#dialect = new BinanceVenue({
      now: () => worldTime(world.scheduler),
      accounts: [],
      prices: Object.fromEntries(Object.entries(prices).map(([name, mark]) => [`${name}USDT`, mark])),
      symbols: [
        { ...BTCUSDT, instrument: { ...BTCUSDT.instrument, book: BOOK } },
        { ...ETHUSDT, instrument: { ...ETHUSDT.instrument, book: BOOK } },
      ],
      limits: { weightPerMinute: WEIGHT_PER_MINUTE },
      seed,
    });
    this.venue = this.#dialect.venue;
  }

  accountOf(traderId: TraderId): string {
    return traderId;
  }

  symbolAt(name: Symbol): Symbol {
    return symbol(`${name}USDT`);
  }

  tradeIdOf({ symbol: name, id }: VenueFillRecord): string {
    return `${name}-${id}`;
  }

  secrets(): readonly string[] {
    return [...this.#secrets.values()].flatMap(({ apiKey, secret }) => [apiKey, secret]);
  }

  addAccount(traderId: TraderId, deposit: Decimal): void {
    const apiKey = this.#world.ids.hash(`key ${traderId}`);
    const secret = this.#world.ids.hash(`secret ${traderId}`);
    this.#secrets.set(traderId, { apiKey, secret });
    this.#dialect.keys.add({ apiKey, accountId: traderId, signing: { kind: 'hmac', secret } });
    this.venue.deposit(traderId, deposit);
  }

  async connect({ life, clock, log }: { readonly life: Life; readonly clock: Clock; readonly log: Log }): Promise<ExchangePort> {
    const wire = new WireTransport({ world: this.#world, dialect: this.#dialect, life, tap: (request) => this.#see(request) });
    const { exchange } = await openBinance({
      environment: 'mainnet',
      clock,
      ids: this.#world.ids,
      log,
      credentialsOf: async (traderId) => this.#secrets.get(traderId) ?? null,
      symbols: [BTC, ETH],
      transport: async ({ method, url, headers }) => {
        const { pathname, search } = new URL(url);
        const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
        return wire.send({ method, path: `${pathname}${search}`, headers: lower, body: '' });
      },
      openSocket: (url, events) => wire.openSocket(url, events),
    });
    return exchange;
  }

  #see({ method, path }: WireRequest): void {
    const { pathname, searchParams } = new URL(path, 'http://venue');
    const clientOrderId = searchParams.get('newClientOrderId') ?? searchParams.get('clientAlgoId');
    const quantity = searchParams.get('quantity');
    if (method !== 'POST' || !ORDER_ROUTES.has(pathname) || clientOrderId === null || quantity === null) return;
    const price = searchParams.get('price');
    const triggerPrice = searchParams.get('triggerPrice');
    this.#world.arrived({
      clientOrderId,
      side: searchParams.get('side') === 'BUY' ? 'buy' : 'sell',
      quantity: decimal(quantity),
      reduceOnly: searchParams.get('reduceOnly') === 'true',
      deadline: Number(searchParams.get('timestamp')) + Number(searchParams.get('recvWindow')),
      nonce: null,
      limitPrice: price === null ? null : decimal(price),
      triggerPrice: triggerPrice === null ? null : decimal(triggerPrice),
    });
  }
}
