import { createHash } from 'node:crypto';
import { symbol } from '@hyperoru/domain';
import {
  exchangeContract,
  FaultBench,
  memoryLog,
  SERVED_TRADERS,
  HyperliquidVenue as SimulatedHyperliquid,
  seededIds,
  servedVenue,
  servedVenueFaults,
} from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import { openHyperliquid } from '../../open-hyperliquid.ts';
import { systemSockets } from '../../system/web-socket.ts';
import { localWallet } from './signer.ts';

const BTC = symbol('BTC');
const keyOf = (traderId: string): string => `0x${createHash('sha256').update(`agent/${traderId}`).digest('hex')}`;
const addressOf = (traderId: string): string => `0x${createHash('sha256').update(`account/${traderId}`).digest('hex').slice(0, 40)}`;
const ACCOUNTS = SERVED_TRADERS.map((traderId) => ({
  address: addressOf(traderId),
  deposit: '10000',
  agents: [{ address: localWallet(keyOf(traderId)).address }],
}));

const venue = () =>
  servedVenue({
    traits: { usedId: 'once', unmatchedIoc: 'rejected', hasFillOrKill: false, keepsTriggers: false },
    makeDialect: (clock) => new SimulatedHyperliquid({ now: () => clock.now(), accounts: ACCOUNTS, isTestnet: true }),
    openVenue: ({ url, wsUrl, clock, sockets, onOpened }) =>
      openHyperliquid({
        environment: 'testnet',
        apiUrl: url,
        wsUrl: `${wsUrl}/ws`,
        clock,
        ids: seededIds(1),
        log: memoryLog(),
        symbols: [BTC],
        openSocket: sockets.around(systemSockets),
        credentialsOf: async (traderId) => {
          onOpened(traderId);
          return { accountAddress: addressOf(traderId), agentKey: keyOf(traderId) };
        },
      }),
    wireSymbol: BTC,
    accountOf: addressOf,
  });

exchangeContract('Hyperliquid', venue);
servedVenueFaults('Hyperliquid', venue);

describe('faults that only Hyperliquid knows', () => {
  const bench = new FaultBench(venue);

  test('after a 503 the fate of an order is open, though nothing was executed', async () => {
    bench.engine.inject({ kind: 'refuse_then_503', operation: 'place' });
    const order = bench.request();
    expect(await bench.place(order)).toMatchObject({ kind: 'unknown' });
    expect(await bench.exchange.findOrder(bench.trader, order.clientOrderId)).toBeNull();
  });

  test('a close of someone else is told without a client order id', async () => {
    await bench.place();
    bench.engine.inject({ kind: 'foreign_close', accountId: bench.accountId, symbol: BTC });
    await bench.told((event) => event.kind === 'fill' && event.fill.clientOrderId === null);
  });
});
