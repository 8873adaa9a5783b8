import { createHash } from 'node:crypto';
import { decimal, symbol, type TraderId, timestamp } from '@hyperoru/domain';
import type { OrderRequest, VenueEvent } from '@hyperoru/engine';
import {
  type ExchangeHarness,
  exchangeContract,
  FakeClock,
  memoryLog,
  type RequestFault,
  HyperliquidVenue as SimulatedHyperliquid,
  type SimulatedVenue,
  seededIds,
  startHyperliquidVenue,
  testId,
} from '@hyperoru/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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

/** The venue with its engine, for faults. */
type Harness = ExchangeHarness & { readonly engine: () => SimulatedVenue };

async function harness(): Promise<Harness> {
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
    return { server, venue, market: await venue.openMarket() };
  };
  let opened = await open();
  const engine = () => opened.server.dialect.venue;
  const end = async (): Promise<void> => {
    await opened.venue.stop();
    await opened.server.stop();
  };
  return {
    engine,
    traits: { usedId: 'once', unmatchedIoc: 'rejected', hasFillOrKill: false, keepsTriggers: false },
    get exchange() {
      return opened.venue.exchange;
    },
    get market() {
      return opened.market;
    },
    symbol: BTC,
    setMark: async (price) => {
      engine().movePrice(BTC, { mark: decimal(price) });
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

describe('faults of the venue', () => {
  const trader = testId<TraderId>(101);
  const other = testId<TraderId>(102);
  let bench: Harness;
  let events: VenueEvent[];
  let nonce = 0;

  beforeEach(async () => {
    bench = await harness();
    events = [];
    bench.exchange.onEvent((event) => events.push(event));
    await bench.exchange.openAccount(trader, { startBalance: decimal('0') });
  });
  afterEach(() => bench.close());

  const request = (changes: Partial<OrderRequest> = {}): OrderRequest => ({
    clientOrderId: `0x${String(++nonce).padStart(32, '0')}`,
    symbol: BTC,
    side: 'buy',
    type: { kind: 'limit', price: decimal('50500'), timeInForce: 'ioc' },
    quantity: decimal('0.1'),
    reduceOnly: false,
    leverage: 20,
    deadline: timestamp(bench.now() + 5000),
    nonce: bench.now() + nonce,
    ...changes,
  });
  const told = (kind: VenueEvent['kind'], count: number) =>
    vi.waitFor(() => expect(events.filter((event) => event.kind === kind)).toHaveLength(count));

  test.each<[RequestFault, 'unknown' | 'rejected', boolean]>([
    [{ kind: 'accept_then_reset' }, 'unknown', true],
    [{ kind: 'accept_then_cut' }, 'unknown', true],
    [{ kind: 'accept_then_502' }, 'unknown', true],
    [{ kind: 'accept_then_503' }, 'unknown', true],
    [{ kind: 'accept_then_timeout_error' }, 'unknown', true],
    [{ kind: 'refuse_then_reset' }, 'unknown', false],
    [{ kind: 'refuse_then_502' }, 'unknown', false],
    [{ kind: 'refuse_then_503' }, 'unknown', false],
    [{ kind: 'rate_limited', retryAfterMs: 1000 }, 'rejected', false],
  ])('%j: an order is %s and at the venue: %s', async (fault, kind, isThere) => {
    bench.engine().inject({ ...fault, operation: 'place' });
    const order = request();
    expect(await bench.exchange.placeOrder(trader, order)).toMatchObject({ kind });
    expect((await bench.exchange.findOrder(trader, order.clientOrderId))?.state ?? null).toBe(isThere ? 'filled' : null);
  });

  test('an order that nobody answers is unknown after four seconds', async () => {
    bench.engine().inject({ kind: 'accept_then_silence', operation: 'place' });
    const order = request();
    const placing = bench.exchange.placeOrder(trader, order);
    await vi.waitFor(() => expect(bench.engine().fillsOf(addressOf(trader))).toHaveLength(1));
    await bench.passTime(4_000);
    expect(await placing).toMatchObject({ kind: 'unknown' });
  });

  test('an order does not wait for one that nobody answers', async () => {
    bench.engine().inject({ kind: 'accept_then_silence', operation: 'place' });
    const silent = bench.exchange.placeOrder(trader, request());
    await vi.waitFor(() => expect(bench.engine().fillsOf(addressOf(trader))).toHaveLength(1));
    expect(await bench.exchange.placeOrder(trader, request())).toMatchObject({ kind: 'accepted' });
    expect(await bench.exchange.placeOrder(other, request())).toMatchObject({ kind: 'accepted' });
    await bench.passTime(4_000);
    await silent;
  });

  test('a leverage that someone changed is set again before the next entry', async () => {
    bench.engine().inject({ kind: 'leverage_changed', accountId: addressOf(trader), symbol: BTC, leverage: 7 });
    expect(await bench.exchange.placeOrder(trader, request())).toMatchObject({ kind: 'accepted' });
    expect((await bench.exchange.account(trader)).positions).toMatchObject([{ leverage: 20 }]);
  });

  test('a revoked key is told as such', async () => {
    bench.engine().inject({ kind: 'revoke_key', accountId: addressOf(trader) });
    expect(await bench.exchange.placeOrder(trader, request())).toMatchObject({ kind: 'rejected', code: 'credentials_invalid' });
  });

  test('a stream that is cut comes back with a gap, and hears again', async () => {
    await told('gap', 1);
    bench.engine().inject({ kind: 'ws_drop', accountId: addressOf(trader) });
    await bench.exchange.placeOrder(trader, request());
    await vi.waitFor(async () => {
      await bench.passTime(500);
      expect(events.filter((event) => event.kind === 'gap')).toHaveLength(2);
    });
    await bench.exchange.placeOrder(
      trader,
      request({ side: 'sell', type: { kind: 'limit', price: decimal('49500'), timeInForce: 'ioc' } }),
    );
    await vi.waitFor(() => expect(events.some((event) => event.kind === 'fill' && event.fill.side === 'sell')).toBe(true));
  });

  test('a stream that falls silent is replaced within thirty seconds', async () => {
    await told('gap', 1);
    bench.engine().inject({ kind: 'ws_silence', accountId: addressOf(trader) });
    await bench.exchange.placeOrder(trader, request());
    await vi.waitFor(async () => {
      await bench.passTime(15_000);
      expect(events.filter((event) => event.kind === 'gap').length).toBeGreaterThan(1);
    });
  });

  test('an order and a close of someone else are told without a client order id', async () => {
    await bench.exchange.placeOrder(trader, request());
    bench.engine().inject({ kind: 'foreign_close', accountId: addressOf(trader), symbol: BTC });
    await vi.waitFor(() => expect(events.some((event) => event.kind === 'fill' && event.fill.clientOrderId === null)).toBe(true));
    expect((await bench.exchange.account(trader)).positions).toEqual([]);
  });

  test('a liquidation is told as one', async () => {
    await bench.exchange.placeOrder(trader, request());
    bench.engine().inject({ kind: 'liquidate', accountId: addressOf(trader), symbol: BTC });
    await vi.waitFor(() => expect(events.some((event) => event.kind === 'fill' && event.fill.isLiquidation)).toBe(true));
    expect((await bench.exchange.fillsSince(trader, timestamp(0))).at(-1)).toMatchObject({ isLiquidation: true });
  });

  test('the venue that is gone is VenueUnavailable to reads, and nothing was sent', async () => {
    await bench.exchange.placeOrder(trader, request());
    await bench.close();
    await expect(bench.exchange.account(trader)).rejects.toMatchObject({ name: 'VenueUnavailable' });
    expect(await bench.exchange.placeOrder(trader, request({ reduceOnly: true }))).toMatchObject({ kind: 'not_sent' });
    expect(await bench.exchange.cancelOrder(trader, request().clientOrderId)).toBe('unknown');
  });
});
