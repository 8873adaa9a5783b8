import { decimal, type Order, type OrderId, type TraderId } from '@hyperoru/domain';
import { type Bound, BTC, buy, fill, freshPipeline, type MemoryPipeline, order, type Pipeline, testId, wants } from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import type { VenueOrder } from '../ports/exchange.ts';
import { recordExternal } from './external-activity.ts';
import { followVenue } from './follow-venue.ts';
import { isBlind, noteReconciliation } from './note-reconciliation.ts';
import { recoverTrader } from './recover-trader.ts';
import { sweepLateEvidence } from './sweep-late-evidence.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;

freshPipeline((fresh) => ({ memory, p, bound } = fresh));

const alertsOf = (code: string) => p.alerts.filter((alert) => alert.code === code);
const foreign = (change: Partial<VenueOrder> = {}): VenueOrder => {
  const { clientOrderId, symbol, side, type, quantity, filledQuantity, averagePrice, reduceOnly } = order({ quantity: decimal('0.01') });
  const told = { clientOrderId, symbol, side, type, quantity, filledQuantity, averagePrice, reduceOnly };
  return { ...told, venueOrderId: '7', state: 'open', reason: null, ...change };
};
const execution = (change: { readonly clientOrderId?: string | null; readonly isLiquidation?: boolean } = {}) => {
  const { id: _id, traderId: _traderId, orderId: _orderId, ...told } = fill({ quantity: decimal('0.01'), filledAt: p.clock.now() });
  return { ...told, clientOrderId: null, ...change };
};

describe('what a venue tells', () => {
  test('of a gap is passed on: whose events were missed has to be read again', () => {
    const gaps: TraderId[] = [];
    const stop = followVenue(p.deps, p.connection, (traderId) => gaps.push(traderId));
    p.exchange.tell({ kind: 'gap', traderId: bound.trader.id });
    stop();
    p.exchange.tell({ kind: 'gap', traderId: bound.trader.id });
    expect(gaps).toEqual([bound.trader.id]);
  });

  test('of an order that is not ours changes no order of ours', async () => {
    p.exchange.tell({ kind: 'order', traderId: bound.trader.id, order: foreign({ clientOrderId: null }) });
    p.exchange.tell({ kind: 'order', traderId: bound.trader.id, order: foreign({ clientOrderId: '0xcc', state: 'filled' }) });
    await p.idle();
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
    expect(p.log.entries).toEqual([]);
  });

  test('is logged when it cannot be booked, and booked by the next reconciliation', async () => {
    memory.onStoreCall = (point) => {
      if (point === 'portfolio.insertFill') throw new Error('The disk is gone.');
    };
    await p.placeByHand(bound, { quantity: '0.01' });
    expect(p.log.entries.map(({ event }) => event)).toContain('venue.event_failed');
    memory.onStoreCall = () => undefined;
    await p.reconcile(bound);
    expect(await p.records.positions(bound.trader.id)).toMatchObject([{ quantity: '0.01' }]);
  });
});

describe('what others did on the account', () => {
  test('when the venue closed something by itself is a critical alert, whatever the policy', async () => {
    await p.records.updateTrader(bound.trader.id, { risk: { ...bound.trader.risk, onExternalActivity: 'ignore' } });
    p.exchange.tell({ kind: 'fill', traderId: bound.trader.id, fill: execution({ isLiquidation: true }) });
    await p.idle();
    expect(alertsOf('liquidated')).toMatchObject([{ severity: 'critical' }]);
    expect(alertsOf('external_activity')).toEqual([]);
  });

  test('is recorded once, and ended when it is gone', async () => {
    const seen = (openOrders: readonly VenueOrder[]) => recordExternal(p.deps, bound.trader, { openOrders, newFills: [] });
    await seen([foreign({ clientOrderId: null })]);
    await seen([foreign({ clientOrderId: null })]);
    expect(await p.records.externalOrders(bound.trader.id)).toMatchObject([{ venueOrderId: '7', endedAt: null }]);
    await seen([]);
    expect(await p.records.externalOrders(bound.trader.id)).toEqual([]);
    expect(alertsOf('external_activity')).toHaveLength(1);
  });
});

describe('a trader', () => {
  test('whose venue is not offered is left as it is', async () => {
    await recoverTrader({ ...p.deps, venue: () => null }, bound.trader, p.memory, { isStart: true });
    expect(await p.records.reconciliation(bound.trader.id)).toBeNull();
  });

  test('whose recovery ends in an error of ours has not failed to be read', async () => {
    p.exchange.beforeFills = () => {
      throw new Error('Not the venue.');
    };
    await expect(recoverTrader(p.deps, bound.trader, p.memory, { isStart: false })).rejects.toThrow('Not the venue.');
    expect(await p.records.reconciliation(bound.trader.id)).toBeNull();
  });

  test('whose venue never answered is blind, and sees again with the first answer', async () => {
    const blind = () => p.records.read((tx) => isBlind(tx, bound.trader.id, p.clock.now()));
    const note = (status: 'ok' | 'failed') => noteReconciliation(p.deps, bound.trader, { startedAt: p.clock.now(), status, message: null });
    expect(await blind()).toBe(false);
    await note('failed');
    expect(await blind()).toBe(true);
    await note('ok');
    expect(await blind()).toBe(false);
    await note('failed');
    await p.clock.advance(30_000);
    expect(await blind()).toBe(false);
    await p.clock.advance(1);
    expect(await blind()).toBe(true);
  });
});

describe('evidence that comes late', () => {
  const over = async (state: Order['state']): Promise<Order> => {
    const ended = order({ id: testId<OrderId>(1001), traderId: bound.trader.id, decisionId: null, state, quantity: decimal('0.01') });
    await p.records.read((tx) => tx.orders.insert(ended));
    return ended;
  };
  const sweep = (seen: { readonly openOrders?: readonly VenueOrder[]; readonly fills?: readonly ReturnType<typeof execution>[] }) =>
    sweepLateEvidence(p.deps, p.connection, bound.trader.id, { openOrders: [], fills: [], ...seen, memory: p.memory });

  test('takes back an order that we thought absent', async () => {
    const absent = await over('absent');
    await sweep({ openOrders: [foreign({ clientOrderId: absent.clientOrderId })] });
    expect(await p.records.order(absent.id)).toMatchObject({ state: 'accepted', venueOrderId: '7' });
  });

  test('counts also when the venue shows executions and not the order', async () => {
    const absent = await over('absent');
    await sweep({ fills: [execution({ clientOrderId: absent.clientOrderId })] });
    expect(await p.records.order(absent.id)).toMatchObject({ state: 'filled', filledQuantity: '0.01' });
    expect(await p.records.positions(bound.trader.id)).toMatchObject([{ quantity: '0.01' }]);
  });

  test('of an order that is over for good takes it from the venue', async () => {
    await p.run(bound, wants({ ...buy, time_in_force: 'gtc', max_price: 49500 }));
    const [entry] = await p.records.openOrders(bound.trader.id);
    const resting = (await p.exchange.openOrders(bound.trader.id))[0];
    if (entry === undefined || resting === undefined) throw new Error('Expected an entry to rest.');
    await p.records.read((tx) => tx.orders.compareAndSet({ ...entry, state: 'filled', filledQuantity: entry.quantity }, [entry.state]));
    p.exchange.losesEvents = true;
    await sweep({ openOrders: [resting] });
    expect(await p.exchange.openOrders(bound.trader.id)).toEqual([]);
    expect((await p.records.order(entry.id)).state).toBe('filled');
  });

  test('of somebody else is none', async () => {
    const absent = await over('absent');
    await sweep({ openOrders: [foreign({ clientOrderId: null, symbol: BTC })], fills: [execution()] });
    expect(await p.records.order(absent.id)).toEqual(absent);
  });
});
