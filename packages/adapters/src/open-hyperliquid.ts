import type { Symbol, TraderId } from '@hyperoru/domain';
import type { Clock, ExchangePort, Ids, Log, MarketDataPort } from '@hyperoru/engine';
import type { IRequestTransport } from '@nktkas/hyperliquid';
import type { HyperliquidCredentials } from './exchanges/hyperliquid/accounts.ts';
import { LiveMarket } from './market/live/live-market.ts';
import { liveStreams } from './system/live-stream.ts';
import type { OpenSocket } from './system/web-socket.ts';

export type { HyperliquidCredentials } from './exchanges/hyperliquid/accounts.ts';
export type { OpenSocket } from './system/web-socket.ts';

export interface HyperliquidOptions {
  /** Decides the signature's source letter and the default addresses. */
  readonly environment: 'testnet' | 'mainnet';
  /** Default: the venue's own of the environment, as in `https://api.hyperliquid.xyz`. */
  readonly apiUrl?: string;
  /** Default: the venue's own of the environment, as in `wss://api.hyperliquid.xyz/ws`. */
  readonly wsUrl?: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Asked once per trader and opening; null when there are none. */
  readonly credentialsOf: (traderId: TraderId) => Promise<HyperliquidCredentials | null>;
  /** Whose prices are followed; at most 100. */
  readonly symbols: readonly Symbol[];
  /** Carries all requests instead of HTTP, e.g. in a simulation. Its `isTestnet` must be that of the environment. */
  readonly transport?: IRequestTransport;
  /** Opens WebSockets instead of the machine's, e.g. in a simulation. */
  readonly openSocket?: OpenSocket;
}

export interface HyperliquidVenue {
  readonly exchange: ExchangePort;
  /**
   * Reads the market of the symbols and follows it until the venue is stopped; `refresh` reads its prices now.
   * Throws VenueUnavailable when the venue does not answer.
   */
  openMarket(): Promise<MarketDataPort & { refresh(): Promise<void> }>;
  /** Ends all streams; nothing is sent afterwards by itself. */
  stop(): Promise<void>;
}

const HOSTS = { mainnet: 'api.hyperliquid.xyz', testnet: 'api.hyperliquid-testnet.xyz' };

const SYMBOLS_MAX = 100;

/**
 * Opens Hyperliquid; its libraries are loaded by this call and not before. Nothing is asked or sent until a trader or the market
 * needs it. Throws RangeError for more than 100 symbols.
 */
export async function openHyperliquid(options: HyperliquidOptions): Promise<HyperliquidVenue> {
  const { environment, clock, ids, log, credentialsOf } = options;
  const host = HOSTS[environment];
  if (options.symbols.length > SYMBOLS_MAX) throw new RangeError(`Expected at most ${SYMBOLS_MAX} symbols, was ${options.symbols.length}.`);
  const [{ HyperliquidApi }, { HyperliquidExchange }, { HyperliquidMarketSource }] = await Promise.all([
    import('./exchanges/hyperliquid/api.ts'),
    import('./exchanges/hyperliquid/hyperliquid-exchange.ts'),
    import('./exchanges/hyperliquid/market-source.ts'),
  ]);
  const transport = options.transport ?? (await httpTransport(environment === 'testnet', options.apiUrl ?? `https://${host}`));
  const openSocket = options.openSocket ?? (await import('./system/web-socket.ts')).systemSockets;
  const startStream = liveStreams({ clock, log, random: () => ids.random(), openSocket });
  const shared = { api: new HyperliquidApi(transport, clock), clock, wsUrl: options.wsUrl ?? `wss://${host}/ws`, startStream };
  const exchange = new HyperliquidExchange({ ...shared, log, credentialsOf });
  const markets: LiveMarket[] = [];
  return {
    exchange,
    openMarket: async () => {
      const market = await LiveMarket.open(new HyperliquidMarketSource({ ...shared, symbols: options.symbols }), { clock, log });
      markets.push(market);
      return market;
    },
    stop: async () => {
      for (const market of markets) market.stop();
      exchange.stop();
    },
  };
}

/** The library's own; the adapter's clock limits every request, so it has no limit of its own. */
async function httpTransport(isTestnet: boolean, apiUrl: string): Promise<IRequestTransport> {
  const { HttpTransport } = await import('@nktkas/hyperliquid');
  return new HttpTransport({ isTestnet, apiUrl, timeout: null });
}
