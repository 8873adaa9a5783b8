import { createHash } from 'node:crypto';
import { decimal, symbol, type TraderId, timestamp } from '@hyperoru/domain';
import type { OrderRequest, VenueEvent } from '@hyperoru/engine';
import {
  type ExchangeHarness,
  exchangeContract,
  FakeClock,
  memoryLog,
  type RequestFault,
  BinanceVenue as SimulatedBinance,
  type SimulatedVenue,
  seededIds,
  startBinanceVenue,
  testId,
} from '@hyperoru/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openBinance } from '../../open-binance.ts';

const BTC = symbol('BTC');
const BTCUSDT = symbol('BTCUSDT');
/** The suite gives its traders numbers from 101 on. */
const TRADERS = Array.from({ length: 120 }, (_, i) => testId<TraderId>(101 + i));

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const credentialsOf = (traderId: string) => ({ apiKey: hash(`key/${traderId}`), secret: hash(`secret/${traderId}`) });
const ACCOUNTS = TRADERS.map((traderId) => {
  const { apiKey, secret } = credentialsOf(traderId);
  return { id: traderId, deposit: '10000', keys: [{ apiKey, signing: { kind: 'hmac' as const, secret } }] };
});

/** The venue with its engine, for faults. */
type Harness = ExchangeHarness & { readonly engine: () => SimulatedVenue };

async function harness(): Promise<Harness> {
  const clock = new FakeClock();
  const options = { now: () => clock.now(), accounts: ACCOUNTS };
  const known = new Set<TraderId>();
  const open = async (dialect = new SimulatedBinance(options)) => {
    const server = await startBinanceVenue(options, dialect);
    const venue = await openBinance({
      environment: 'testnet',
      apiUrl: server.url,
      wsUrl: server.wsUrl,
      clock,
      ids: seededIds(1),
      log: memoryLog(),
      symbols: [BTC],
      credentialsOf: async (traderId) => {
        known.add(traderId);
        return credentialsOf(traderId);
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
    traits: { usedId: 'once_per_run', unmatchedIoc: 'expired', hasFillOrKill: true, keepsTriggers: true },
    get exchange() {
      return opened.venue.exchange;
    },
    get market() {
      return opened.market;
    },
    symbol: BTC,
    setMark: async (price) => {
      engine().movePrice(BTCUSDT, { mark: decimal(price) });
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
      const dialect = new SimulatedBinance(options);
      dialect.load(dump);
      opened = await open(dialect);
      for (const traderId of known) await opened.venue.exchange.openAccount(traderId, { startBalance: decimal('0') });
    },
    close: end,
  };
}

exchangeContract('Binance', harness);

describe('faults of the venue', () => {
  const trader = testId<TraderId>(101);
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
    nonce,
    ...changes,
  });
  const gaps = () => events.filter((event) => event.kind === 'gap').length;

  test.each<[RequestFault, 'unknown' | 'rejected', boolean]>([
    [{ kind: 'accept_then_reset' }, 'unknown', true],
    [{ kind: 'accept_then_cut' }, 'unknown', true],
    [{ kind: 'accept_then_502' }, 'unknown', true],
    [{ kind: 'accept_then_503' }, 'unknown', true],
    [{ kind: 'accept_then_timeout_error' }, 'unknown', true],
    [{ kind: 'refuse_then_reset' }, 'unknown', false],
    [{ kind: 'refuse_then_502' }, 'unknown', false],
    [{ kind: 'rate_limited', retryAfterMs: 1000 }, 'rejected', false],
    [{ kind: 'banned', untilMs: 1_800_000_000_000 }, 'rejected', false],
  ])('%j: an order is %s and at the venue: %s', async (fault, kind, isThere) => {
    bench.engine().inject({ ...fault, operation: 'place' });
    const order = request();
    expect(await bench.exchange.placeOrder(trader, order)).toMatchObject({ kind });
    expect(bench.engine().fillsOf(trader)).toHaveLength(isThere ? 1 : 0);
    if (fault.kind !== 'rate_limited' && fault.kind !== 'banned')
      expect((await bench.exchange.findOrder(trader, order.clientOrderId))?.state ?? null).toBe(isThere ? 'filled' : null);
  });

  test('an order that reaches the engine after its deadline is refused, and is nowhere', async () => {
    bench.engine().inject({ kind: 'execute_late', ms: 6_000, operation: 'place' });
    const order = request();
    const placing = bench.exchange.placeOrder(trader, order);
    await vi.waitFor(async () => {
      await bench.passTime(1_000);
      expect(bench.now()).toBeGreaterThan(order.deadline + 2_000);
    });
    expect(['unknown', 'rejected']).toContain((await placing).kind);
    expect(await bench.exchange.findOrder(trader, order.clientOrderId)).toBeNull();
    expect(bench.engine().fillsOf(trader)).toEqual([]);
  });

  test('a clock of the venue that jumps is measured again, and the next order goes through', async () => {
    await bench.exchange.placeOrder(trader, request());
    bench.engine().inject({ kind: 'clock_jump', ms: 30_000 });
    expect(await bench.exchange.placeOrder(trader, request({ reduceOnly: true, side: 'sell' }))).toMatchObject({ kind: 'rejected' });
    const order = request({ side: 'sell', reduceOnly: true, type: { kind: 'limit', price: decimal('49500'), timeInForce: 'ioc' } });
    expect(await bench.exchange.placeOrder(trader, { ...order, deadline: timestamp(bench.now() + 35_000) })).toMatchObject({
      kind: 'accepted',
    });
  });

  test('a leverage that someone changed is set again before the next entry', async () => {
    bench.engine().inject({ kind: 'leverage_changed', accountId: trader, symbol: BTCUSDT, leverage: 7 });
    expect(await bench.exchange.placeOrder(trader, request())).toMatchObject({ kind: 'accepted' });
    expect((await bench.exchange.account(trader)).positions).toMatchObject([{ leverage: 20 }]);
  });

  test('a revoked key is told as such', async () => {
    bench.engine().inject({ kind: 'revoke_key', accountId: trader });
    expect(await bench.exchange.placeOrder(trader, request({ reduceOnly: true }))).toMatchObject({
      kind: 'rejected',
      code: 'credentials_invalid',
    });
  });

  test('a stream that is cut comes back with a gap, and hears again', async () => {
    await vi.waitFor(() => expect(gaps()).toBe(1));
    bench.engine().inject({ kind: 'ws_drop', accountId: trader });
    await bench.exchange.placeOrder(trader, request());
    await vi.waitFor(async () => {
      await bench.passTime(500);
      expect(gaps()).toBe(2);
    });
    await bench.exchange.placeOrder(
      trader,
      request({ side: 'sell', type: { kind: 'limit', price: decimal('49500'), timeInForce: 'ioc' } }),
    );
    await vi.waitFor(() => expect(events.some((event) => event.kind === 'fill' && event.fill.side === 'sell')).toBe(true));
  });

  test('the stop that fires is told with its fill under its own client order id', async () => {
    await bench.exchange.placeOrder(trader, request());
    const stop = request({
      side: 'sell',
      reduceOnly: true,
      type: { kind: 'trigger', trigger: 'stop_loss', triggerPrice: decimal('49000') },
    });
    await bench.exchange.placeOrder(trader, stop);
    await bench.setMark('48500');
    const isOfStop = (event: VenueEvent) => event.kind === 'fill' && event.fill.clientOrderId === stop.clientOrderId;
    await vi.waitFor(() => expect(events.some(isOfStop)).toBe(true));
    const fills = await bench.exchange.fillsSince(trader, timestamp(0));
    expect(fills.at(-1)).toMatchObject({ clientOrderId: stop.clientOrderId, side: 'sell' });
    expect(events.filter(isOfStop)).toMatchObject([{ fill: { tradeId: fills.at(-1)?.tradeId } }]);
  });

  test('a stop that the venue refuses when it is reached is told as ended', async () => {
    await bench.exchange.placeOrder(trader, request());
    const stop = request({
      side: 'sell',
      reduceOnly: true,
      type: { kind: 'trigger', trigger: 'stop_loss', triggerPrice: decimal('49000') },
    });
    await bench.exchange.placeOrder(trader, stop);
    bench.engine().inject({ kind: 'stop_rejected_at_trigger' });
    await bench.setMark('48500');
    await vi.waitFor(async () => {
      const order = await bench.exchange.findOrder(trader, stop.clientOrderId);
      expect(['rejected', 'expired', 'canceled']).toContain(order?.state);
    });
    expect((await bench.exchange.account(trader)).positions).toHaveLength(1);
    expect(await bench.exchange.openOrders(trader)).toEqual([]);
  });

  test('a liquidation is told as one', async () => {
    await bench.exchange.placeOrder(trader, request());
    bench.engine().inject({ kind: 'liquidate', accountId: trader, symbol: BTCUSDT });
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
