import type { TraderId } from '@hyperoru/domain';
import type { Clock, ExchangePort, Ids, Log } from '@hyperoru/engine';
import type { IRequestTransport } from '@nktkas/hyperliquid';
import type { HyperliquidCredentials } from './exchanges/hyperliquid/accounts.ts';
import { liveStreams } from './system/live-stream.ts';
import type { OpenSocket } from './system/web-socket.ts';

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
  /** Carries all requests instead of HTTP, e.g. in a simulation. Its `isTestnet` must be that of the environment. */
  readonly transport?: IRequestTransport;
  /** Opens WebSockets instead of the machine's, e.g. in a simulation. */
  readonly openSocket?: OpenSocket;
}

export interface HyperliquidVenue {
  readonly exchange: ExchangePort;
  /** Ends all streams; nothing is sent afterwards by itself. */
  stop(): Promise<void>;
}

const HOSTS = { mainnet: 'api.hyperliquid.xyz', testnet: 'api.hyperliquid-testnet.xyz' };

/** Opens Hyperliquid; its libraries are loaded by this call and not before. Nothing is sent until a trader needs it. */
export async function openHyperliquid(options: HyperliquidOptions): Promise<HyperliquidVenue> {
  const { environment, clock, ids, log, credentialsOf } = options;
  const host = HOSTS[environment];
  const [{ HyperliquidApi }, { HyperliquidExchange }] = await Promise.all([
    import('./exchanges/hyperliquid/api.ts'),
    import('./exchanges/hyperliquid/hyperliquid-exchange.ts'),
  ]);
  const transport = options.transport ?? (await httpTransport(environment === 'testnet', options.apiUrl ?? `https://${host}`));
  const openSocket = options.openSocket ?? (await import('./system/web-socket.ts')).systemSockets;
  const exchange = new HyperliquidExchange({
    api: new HyperliquidApi(transport, clock),
    clock,
    log,
    wsUrl: options.wsUrl ?? `wss://${host}/ws`,
    startStream: liveStreams({ clock, log, random: () => ids.random(), openSocket }),
    credentialsOf,
  });
  return { exchange, stop: async () => exchange.stop() };
}

/** The library's own; the adapter's clock limits every request, so it has no limit of its own. */
async function httpTransport(isTestnet: boolean, apiUrl: string): Promise<IRequestTransport> {
  const { HttpTransport } = await import('@nktkas/hyperliquid');
  return new HttpTransport({ isTestnet, apiUrl, timeout: null });
}
