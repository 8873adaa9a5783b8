import { createHash } from 'node:crypto';
import { openBinance, openHyperliquid, systemIds } from '@hyperoru/adapters';
import { decimal, type Symbol, symbol, type TraderId } from '@hyperoru/domain';
import type { VenueConnection } from '@hyperoru/engine';
import { addressOf, BinanceVenue, HyperliquidVenue, type SimulatedVenue, startVenueServer, type VenueDialect } from '@hyperoru/testkit';
import type { VenueParts } from '../apps/server/src/wiring.ts';

export const SIMULATED = ['hyperliquid', 'binance'] as const;
export type Simulated = (typeof SIMULATED)[number];

export const BTC = symbol('BTC');
export const ETH = symbol('ETH');
const SYMBOLS = [BTC, ETH];
const PRICES: Readonly<Record<string, number>> = { BTC: 50_000, ETH: 2_500 };
const START_BALANCE = '10000';
/** As many accounts as a bench may open traders. */
const ACCOUNTS = 12;
/** Prices older than some seconds let nobody enter; they move by one step in turn. */
const PRICE_MS = 500;

export interface SimulatedSide {
  readonly engine: SimulatedVenue;
  /** undefined before the trader has an account. */
  accountOf(traderId: TraderId): string | undefined;
}

/**
 * Opens a simulated venue on a loopback port behind the real adapter, in the place of the paper venue. Requests are signed, sent,
 * judged and answered as by the real one; only the budget per IP address is out of the way, for a bench asks faster than a person.
 */
export async function openSimulated(
  which: Simulated,
  parts: VenueParts,
): Promise<{ readonly side: SimulatedSide; readonly connection: VenueConnection & { stop(): Promise<void> } }> {
  const numbers = new Map<TraderId, number>();
  const numberOf = (traderId: TraderId): number => {
    const number = numbers.get(traderId) ?? numbers.size;
    if (number >= ACCOUNTS) throw new Error(`Expected at most ${ACCOUNTS} traders.`);
    numbers.set(traderId, number);
    return number;
  };
  const opened = which === 'hyperliquid' ? hyperliquidOf(parts) : binanceOf(parts);
  const server = await startVenueServer(withoutIpBudget(opened.dialect));
  const venue = await opened.open(server, numberOf);
  const market = await venue.openMarket();
  let step = 0;
  const moving = setInterval(() => {
    step = 1 - step;
    for (const each of SYMBOLS)
      opened.dialect.venue.movePrice(opened.symbolAt(each), { mark: decimal(String((PRICES[each] ?? 0) + step)) });
  }, PRICE_MS);
  const side: SimulatedSide = {
    engine: opened.dialect.venue,
    accountOf: (traderId) => (numbers.has(traderId) ? opened.accounts[numberOf(traderId)] : undefined),
  };
  const connection = {
    exchange: venue.exchange,
    market,
    quoteCurrency: 'USD',
    modelLimits: [],
    startBalance: START_BALANCE,
    stop: async () => {
      clearInterval(moving);
      await venue.stop();
      await server.stop();
    },
  };
  return { side, connection };
}

type Server = Awaited<ReturnType<typeof startVenueServer>>;
type NumberOf = (traderId: TraderId) => number;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const numbered = <T>(make: (index: number) => T): readonly T[] => Array.from({ length: ACCOUNTS }, (_, index) => make(index));

function hyperliquidOf({ clock, log }: VenueParts) {
  const accounts = numbered((index) => `0x${hash(`account ${index}`).slice(0, 40)}`);
  const keys = numbered((index) => `0x${hash(`agent ${index}`)}`);
  const rows = accounts.map((address, index) => ({
    address,
    deposit: START_BALANCE,
    agents: [{ address: addressOf(keys[index] ?? '') }],
  }));
  const dialect = new HyperliquidVenue({ now: () => clock.now(), accounts: rows, isTestnet: true });
  return {
    dialect,
    accounts,
    symbolAt: (of: Symbol) => of,
    open: (server: Server, numberOf: NumberOf) =>
      openHyperliquid({
        environment: 'testnet',
        apiUrl: server.url,
        wsUrl: `${server.wsUrl}/ws`,
        clock,
        ids: systemIds,
        log,
        symbols: SYMBOLS,
        credentialsOf: async (traderId) => {
          const number = numberOf(traderId);
          return { accountAddress: accounts[number] ?? '', agentKey: keys[number] ?? '' };
        },
      }),
  };
}

function binanceOf({ clock, log }: VenueParts) {
  const accounts = numbered((index) => `account ${index}`);
  const keyOf = (index: number) => ({ apiKey: hash(`key ${index}`), secret: hash(`secret ${index}`) });
  const rows = accounts.map((id, index) => {
    const { apiKey, secret } = keyOf(index);
    return { id, deposit: START_BALANCE, keys: [{ apiKey, signing: { kind: 'hmac' as const, secret } }] };
  });
  const dialect = new BinanceVenue({ now: () => clock.now(), accounts: rows });
  return {
    dialect,
    accounts,
    symbolAt: (of: Symbol) => symbol(`${of}USDT`),
    open: (server: Server, numberOf: NumberOf) =>
      openBinance({
        environment: 'testnet',
        apiUrl: server.url,
        wsUrl: server.wsUrl,
        clock,
        ids: systemIds,
        log,
        symbols: SYMBOLS,
        credentialsOf: async (traderId) => keyOf(numberOf(traderId)),
      }),
  };
}

/** Every request and connection comes from an address of its own. */
function withoutIpBudget(dialect: VenueDialect): VenueDialect {
  let count = 0;
  const next = (): string => {
    count += 1;
    return `address ${count}`;
  };
  return {
    handle: (request) => dialect.handle({ ...request, ip: next() }),
    connect: (request, connection) => dialect.connect({ ...request, ip: next() }, connection),
    tick: () => dialect.tick(),
  };
}
