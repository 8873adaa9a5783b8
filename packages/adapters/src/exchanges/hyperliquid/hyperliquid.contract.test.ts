import { createHash } from 'node:crypto';
import { decimal, symbol, type TraderId } from '@hyperoru/domain';
import {
  type ExchangeHarness,
  exchangeContract,
  FakeClock,
  memoryLog,
  HyperliquidVenue as SimulatedHyperliquid,
  seededIds,
  startHyperliquidVenue,
  testId,
} from '@hyperoru/testkit';
import { openHyperliquid } from '../../open-hyperliquid.ts';
import { localWallet } from './signer.ts';

const BTC = symbol('BTC');
/** The suite gives its traders numbers from 101 on. */
const TRADERS = Array.from({ length: 120 }, (_, i) => testId<TraderId>(101 + i));

const keyOf = (traderId: string): string => `0x${createHash('sha256').update(`agent/${traderId}`).digest('hex')}`;
const addressOf = (traderId: string): string => `0x${createHash('sha256').update(`account/${traderId}`).digest('hex').slice(0, 40)}`;
const ACCOUNTS = TRADERS.map((traderId) => ({
  address: addressOf(traderId),
  deposit: '10000',
  agents: [{ address: localWallet(keyOf(traderId)).address }],
}));

async function harness(): Promise<ExchangeHarness> {
  const clock = new FakeClock();
  const options = { now: () => clock.now(), accounts: ACCOUNTS, isTestnet: true };
  const known = new Set<TraderId>();
  const open = async (dialect = new SimulatedHyperliquid(options)) => {
    const server = await startHyperliquidVenue(options, dialect);
    const venue = await openHyperliquid({
      environment: 'testnet',
      apiUrl: server.url,
      wsUrl: `${server.wsUrl}/ws`,
      clock,
      ids: seededIds(1),
      log: memoryLog(),
      symbols: [BTC],
      credentialsOf: async (traderId) => {
        known.add(traderId);
        return { accountAddress: addressOf(traderId), agentKey: keyOf(traderId) };
      },
    });
    return { server, venue };
  };
  let opened = await open();
  const engine = () => opened.server.dialect.venue;
  const end = async (): Promise<void> => {
    await opened.venue.stop();
    await opened.server.stop();
  };
  return {
    traits: { usedId: 'once', unmatchedIoc: 'rejected', hasFillOrKill: false, keepsTriggers: false },
    get exchange() {
      return opened.venue.exchange;
    },
    get market() {
      return opened.venue.market;
    },
    symbol: BTC,
    setMark: async (price) => {
      engine().movePrice(BTC, { mark: decimal(price) });
      await opened.venue.market.refresh();
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
      const dump = opened.server.dialect.dump();
      await end();
      const dialect = new SimulatedHyperliquid(options);
      dialect.load(dump);
      opened = await open(dialect);
      for (const traderId of known) await opened.venue.exchange.openAccount(traderId, { startBalance: decimal('0') });
    },
    close: end,
  };
}

exchangeContract('Hyperliquid', harness);
