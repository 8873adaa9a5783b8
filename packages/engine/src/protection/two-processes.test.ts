import type { Order } from '@hyperoru/domain';
import { type Bound, BTC, buy, openMemoryPipeline, type Pipeline, wants } from '@hyperoru/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import type { EngineDeps } from '../deps.ts';
import { OrdersInFlight } from '../execution/orders-in-flight.ts';
import { settleOrder } from '../execution/settle-order.ts';
import { createKeyedMutex } from '../lanes/keyed-mutex.ts';
import { storeNextStep } from './next-protective.ts';
import { protectSymbol } from './protect-symbol.ts';

let p: Pipeline;
let bound: Bound;
let processes: readonly EngineDeps[];

beforeEach(async () => {
  p = (await openMemoryPipeline()).pipeline;
  bound = await p.newTrader();
  // A process that was frozen and goes on shares nothing with its successor but the store and the venue.
  processes = [p.deps, { ...p.deps, mutex: createKeyedMutex(), inFlight: new OrdersInFlight() }];
});

/** A position whose stop somebody canceled at the venue, as the records know; reads the stops that came after. */
async function withoutStop(): Promise<() => Promise<readonly Order[]>> {
  const run = await p.run(bound, wants(buy));
  const [stop] = await p.records.ordersOf(run, 'stop_loss');
  if (stop === undefined) throw new Error('Expected a stop.');
  p.exchange.losesEvents = true;
  await p.exchange.cancelOrder(bound.trader.id, stop.clientOrderId);
  expect((await settleOrder(p.deps, p.connection, stop)).state).toBe('canceled');
  p.exchange.losesEvents = false;
  return async () => (await p.records.ordersOf(run, 'stop_loss')).filter(({ id }) => id !== stop.id);
}

describe('two processes that look after one position at once', () => {
  test('plan its next stop once: the second one finds what the first one stored', async () => {
    const stops = await withoutStop();
    const pass = () => ({ look: null, tried: new Set<Order['id']>(), settled: new Set<string>(), missingSince: null });
    const steps = await Promise.all(processes.map((deps) => storeNextStep(deps, bound.trader.id, BTC, pass())));
    const [next, ...more] = await stops();
    expect(more).toEqual([]);
    expect(steps.map((step) => [step?.step.kind, step?.order.id])).toEqual([
      ['send', next?.id],
      ['send', next?.id],
    ]);
  });

  test('send it once, and both end without an error', async () => {
    const stops = await withoutStop();
    await Promise.all(processes.map((deps) => protectSymbol(deps, p.connection, { traderId: bound.trader.id, symbol: BTC, look: null })));
    await p.idle();
    const [next, ...more] = await stops();
    expect(more).toEqual([]);
    expect(next?.state).toBe('accepted');
    expect(p.sentFor(bound).filter(({ clientOrderId }) => clientOrderId === next?.clientOrderId)).toHaveLength(1);
    await p.assertConsistent(bound);
  });
});
