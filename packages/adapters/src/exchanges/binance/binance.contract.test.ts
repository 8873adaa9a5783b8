import { createHash } from 'node:crypto';
import { decimal, symbol, timestamp } from '@hyperoru/domain';
import type { VenueEvent } from '@hyperoru/engine';
import {
  exchangeContract,
  FaultBench,
  memoryLog,
  SERVED_TRADERS,
  BinanceVenue as SimulatedBinance,
  seededIds,
  servedVenue,
  servedVenueFaults,
} from '@hyperoru/testkit';
import { describe, expect, test, vi } from 'vitest';
import { openBinance } from '../../open-binance.ts';
import { systemSockets } from '../../system/web-socket.ts';

const BTC = symbol('BTC');
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const credentialsOf = (traderId: string) => ({ apiKey: hash(`key/${traderId}`), secret: hash(`secret/${traderId}`) });
const ACCOUNTS = SERVED_TRADERS.map((traderId) => {
  const { apiKey, secret } = credentialsOf(traderId);
  return { id: traderId, deposit: '10000', keys: [{ apiKey, signing: { kind: 'hmac' as const, secret } }] };
});

const venue = () =>
  servedVenue({
    traits: { usedId: 'once_per_run', unmatchedIoc: 'expired', hasFillOrKill: true, keepsTriggers: true },
    makeDialect: (clock) => new SimulatedBinance({ now: () => clock.now(), accounts: ACCOUNTS }),
    openVenue: ({ url, wsUrl, clock, sockets, onOpened }) =>
      openBinance({
        environment: 'testnet',
        apiUrl: url,
        wsUrl,
        clock,
        ids: seededIds(1),
        log: memoryLog(),
        symbols: [BTC],
        openSocket: sockets.around(systemSockets),
        credentialsOf: async (traderId) => {
          onOpened(traderId);
          return credentialsOf(traderId);
        },
      }),
    wireSymbol: symbol('BTCUSDT'),
    accountOf: (traderId) => traderId,
  });

exchangeContract('Binance', venue);
servedVenueFaults('Binance', venue);

describe('faults that only Binance knows', () => {
  const bench = new FaultBench(venue);

  test('under a ban an order is rejected and nowhere', async () => {
    bench.engine.inject({ kind: 'banned', untilMs: 1_800_000_000_000, operation: 'place' });
    expect(await bench.place()).toMatchObject({ kind: 'rejected' });
    expect(bench.engine.fillsOf(bench.accountId)).toEqual([]);
  });

  test('an order that reaches the engine after its deadline is refused, and is nowhere', async () => {
    bench.engine.inject({ kind: 'execute_late', ms: 6_000, operation: 'place' });
    const order = bench.request();
    const placing = bench.place(order);
    await vi.waitFor(async () => {
      await bench.venue.passTime(1_000);
      expect(bench.venue.now()).toBeGreaterThan(order.deadline + 2_000);
    });
    expect(['unknown', 'rejected']).toContain((await placing).kind);
    expect(await bench.exchange.findOrder(bench.trader, order.clientOrderId)).toBeNull();
    expect(bench.engine.fillsOf(bench.trader)).toEqual([]);
  });

  test('a clock of the venue that jumps is measured again, and the next order goes through', async () => {
    await bench.place(bench.request());
    bench.engine.inject({ kind: 'clock_jump', ms: 30_000 });
    expect(await bench.place(bench.request({ reduceOnly: true, side: 'sell' }))).toMatchObject({ kind: 'rejected' });
    const order = bench.request({ side: 'sell', reduceOnly: true, type: { kind: 'limit', price: decimal('49500'), timeInForce: 'ioc' } });
    expect(await bench.place({ ...order, deadline: timestamp(bench.venue.now() + 35_000) })).toMatchObject({
      kind: 'accepted',
    });
  });

  test('the stop that fires is told with its fill under its own client order id', async () => {
    await bench.place(bench.request());
    const stop = bench.request({
      side: 'sell',
      reduceOnly: true,
      type: { kind: 'trigger', trigger: 'stop_loss', triggerPrice: decimal('49000') },
    });
    await bench.place(stop);
    await bench.venue.setMark('48500');
    const isOfStop = (event: VenueEvent) => event.kind === 'fill' && event.fill.clientOrderId === stop.clientOrderId;
    await vi.waitFor(() => expect(bench.events.some(isOfStop)).toBe(true));
    const fills = await bench.exchange.fillsSince(bench.trader, timestamp(0));
    expect(fills.at(-1)).toMatchObject({ clientOrderId: stop.clientOrderId, side: 'sell' });
    expect(bench.events.filter(isOfStop)).toMatchObject([{ fill: { tradeId: fills.at(-1)?.tradeId } }]);
  });

  test('a stop that the venue refuses when it is reached is told as ended', async () => {
    await bench.place(bench.request());
    const stop = bench.request({
      side: 'sell',
      reduceOnly: true,
      type: { kind: 'trigger', trigger: 'stop_loss', triggerPrice: decimal('49000') },
    });
    await bench.place(stop);
    bench.engine.inject({ kind: 'stop_rejected_at_trigger' });
    await bench.venue.setMark('48500');
    await vi.waitFor(async () => {
      const order = await bench.exchange.findOrder(bench.trader, stop.clientOrderId);
      expect(['rejected', 'expired', 'canceled']).toContain(order?.state);
    });
    expect((await bench.exchange.account(bench.trader)).positions).toHaveLength(1);
    expect(await bench.exchange.openOrders(bench.trader)).toEqual([]);
  });
});
