import { decimal, type Symbol, symbol, type TraderId } from '@hyperoru/domain';
import type { ExchangePort, MarketDataPort } from '@hyperoru/engine';
import { testId } from '../factories/ids.ts';
import { FakeClock } from '../system/fake-clock.ts';
import type { SimulatedVenue } from '../venues/core/simulated-venue.ts';
import type { VenueDialect } from '../venues/core/transport.ts';
import { startVenueServer } from '../venues/server/venue-server.ts';
import type { ExchangeHarness, ExchangeTraits } from './exchange.ts';
import { type WatchedSocket, WatchedSockets } from './watched-sockets.ts';

/** The symbol every suite trades. */
const BTC = symbol('BTC');
/** Traders with an account at the venue; the exchange suite gives its own numbers from 101 on. */
export const SERVED_TRADERS: readonly TraderId[] = Array.from({ length: 120 }, (_, i) => testId<TraderId>(101 + i));

/** A dialect whose venue goes on from its dump. */
export interface RestartableDialect<Dump> extends VenueDialect {
  readonly venue: SimulatedVenue;
  dump(): Dump;
  load(dump: Dump): void;
}

/** What an adapter's open function answers, as far as suites need it. */
interface OpenedVenue {
  readonly exchange: ExchangePort;
  openMarket(): Promise<MarketDataPort & { refresh(): Promise<void> }>;
  stop(): Promise<void>;
}

export interface ServedVenueParts<Dump> {
  readonly traits: ExchangeTraits;
  /** A venue that knows the accounts of {@link SERVED_TRADERS}. */
  readonly makeDialect: (clock: FakeClock) => RestartableDialect<Dump>;
  /** Opens the adapter on the server; `onOpened` is to be told of every trader whose credentials are asked for. */
  readonly openVenue: (at: {
    readonly url: string;
    readonly wsUrl: string;
    readonly clock: FakeClock;
    readonly sockets: WatchedSockets;
    readonly onOpened: (traderId: TraderId) => void;
  }) => Promise<OpenedVenue>;
  /** The venue's names for BTC and for a trader's account. */
  readonly wireSymbol: Symbol;
  readonly accountOf: (traderId: TraderId) => string;
}

/** A live venue's adapter on its simulated venue behind a real server, with the venue's engine for faults. */
export interface ServedVenue extends ExchangeHarness {
  readonly engine: () => SimulatedVenue;
  readonly wireSymbol: Symbol;
  readonly accountOf: (traderId: TraderId) => string;
  /** Every connection the adapter made since it was opened last, oldest first. */
  readonly sockets: () => readonly WatchedSocket[];
}

export async function servedVenue<Dump>(parts: ServedVenueParts<Dump>): Promise<ServedVenue> {
  const clock = new FakeClock();
  const known = new Set<TraderId>();
  const open = async (dialect = parts.makeDialect(clock)) => {
    const server = await startVenueServer(dialect);
    const sockets = new WatchedSockets();
    const { url, wsUrl } = server;
    const venue = await parts.openVenue({ url, wsUrl, clock, sockets, onOpened: (traderId) => void known.add(traderId) });
    return { dialect, server, sockets, venue, market: await venue.openMarket() };
  };
  let opened = await open();
  const engine = () => opened.dialect.venue;
  const close = async (): Promise<void> => {
    await opened.venue.stop();
    await opened.server.stop();
  };
  return {
    engine,
    wireSymbol: parts.wireSymbol,
    accountOf: parts.accountOf,
    sockets: () => opened.sockets.all,
    traits: parts.traits,
    get exchange() {
      return opened.venue.exchange;
    },
    get market() {
      return opened.market;
    },
    symbol: BTC,
    setMark: async (price) => {
      engine().movePrice(parts.wireSymbol, { mark: decimal(price) });
      await opened.market.refresh();
    },
    passTime: (ms) => clock.advance(ms),
    now: () => clock.now(),
    loseNextAnswer: () => engine().inject({ kind: 'accept_then_reset', operation: 'place' }),
    hideNextOrder: (ms) => engine().inject({ kind: 'hide_order', ms }),
    rejectNextOrder: () => {
      engine().inject({ kind: 'rate_limited', operation: 'place', retryAfterMs: 1000 });
      return 'rate_limited';
    },
    restart: async () => {
      const dump = opened.dialect.dump();
      await close();
      const dialect = parts.makeDialect(clock);
      dialect.load(dump);
      opened = await open(dialect);
      for (const traderId of known) await opened.venue.exchange.openAccount(traderId, { startBalance: decimal('0') });
    },
    close,
  };
}
