import type { Symbol, TraderId } from '@hyperoru/domain';
import type { Clock, ExchangePort, Ids, Log, MarketDataPort } from '@hyperoru/engine';
import type { BinanceCredentials } from './exchanges/binance/accounts.ts';
import type { HttpTransport } from './exchanges/binance/api.ts';
import { LiveMarket } from './market/live/live-market.ts';
import { liveStreams } from './system/live-stream.ts';
import type { OpenSocket } from './system/web-socket.ts';

export type { BinanceCredentials } from './exchanges/binance/accounts.ts';
export type { HttpTransport } from './exchanges/binance/api.ts';

export interface BinanceOptions {
  readonly environment: 'testnet' | 'mainnet';
  /** Default: the venue's own of the environment, as in `https://fapi.binance.com`; without a slash at the end. */
  readonly apiUrl?: string;
  /** Default: the venue's own of the environment, as in `wss://fstream.binance.com`; routes are added. */
  readonly wsUrl?: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Asked once per trader and opening; null when there are none. */
  readonly credentialsOf: (traderId: TraderId) => Promise<BinanceCredentials | null>;
  /** What may be traded; at most 20, since orders and executions are asked for per symbol. */
  readonly symbols: readonly Symbol[];
  /** Carries all requests instead of HTTP, e.g. in a simulation. */
  readonly transport?: HttpTransport;
  /** Opens WebSockets instead of the machine's, e.g. in a simulation. */
  readonly openSocket?: OpenSocket;
}

export interface BinanceVenue {
  readonly exchange: ExchangePort;
  /**
   * Reads the market of the symbols and follows it until the venue is stopped; `refresh` reads its prices now.
   * Throws VenueUnavailable when the venue does not answer.
   */
  openMarket(): Promise<MarketDataPort & { refresh(): Promise<void> }>;
  /** Ends all streams; nothing is sent afterwards by itself. */
  stop(): Promise<void>;
}

const SYMBOLS_MAX = 20;
const API = { mainnet: 'https://fapi.binance.com', testnet: 'https://demo-fapi.binance.com' };
const STREAMS = { mainnet: 'wss://fstream.binance.com', testnet: 'wss://fstream.binancefuture.com' };

/**
 * Opens Binance USDⓈ-M futures. Nothing is asked or sent until a trader or the market needs it.
 * Throws RangeError for more than 20 symbols.
 */
export async function openBinance(options: BinanceOptions): Promise<BinanceVenue> {
  const { environment, clock, ids, log, credentialsOf, symbols } = options;
  if (symbols.length > SYMBOLS_MAX) throw new RangeError(`Expected at most ${SYMBOLS_MAX} symbols, was ${symbols.length}.`);
  const [{ BinanceApi }, { BinanceExchange }, { BinanceMarketSource }, { fetchTransport }] = await Promise.all([
    import('./exchanges/binance/api.ts'),
    import('./exchanges/binance/binance-exchange.ts'),
    import('./exchanges/binance/market-source.ts'),
    import('./exchanges/binance/fetch-transport.ts'),
  ]);
  const openSocket = options.openSocket ?? (await import('./system/web-socket.ts')).systemSockets;
  const shared = {
    api: new BinanceApi({ baseUrl: options.apiUrl ?? API[environment], transport: options.transport ?? fetchTransport, clock }),
    clock,
    wsUrl: options.wsUrl ?? STREAMS[environment],
    startStream: liveStreams({ clock, log, random: () => ids.random(), openSocket }),
    symbols,
  };
  const exchange = new BinanceExchange({ ...shared, log, credentialsOf });
  const markets: LiveMarket[] = [];
  return {
    exchange,
    openMarket: async () => {
      const market = await LiveMarket.open(new BinanceMarketSource(shared), { clock, log });
      markets.push(market);
      return market;
    },
    stop: async () => {
      for (const market of markets) market.stop();
      exchange.stop();
    },
  };
}
