import type { Order, OrderPurpose } from '@hyperoru/domain';
import { LeaseLost, newRecoveryMemory, recoverTrader, VenueUnavailable } from '@hyperoru/engine';
import { type Bound, buy, ETH, gate, never, type Pipeline, type Probe, wants } from '@hyperoru/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPipeline } from './harness/pipeline.ts';
import { until } from './harness/until.ts';

let opened: Awaited<ReturnType<typeof openPipeline>>;
let p: Pipeline;
let bound: Bound;

beforeAll(async () => {
  opened = await openPipeline();
  p = opened.pipeline;
});
afterAll(() => opened.close());
beforeEach(async () => {
  await p.price('50000');
  await p.price('3000', ETH);
  bound = await p.newTrader();
});
afterEach(async () => {
  p.exchange.probe = () => null;
  p.exchange.isDown = false;
  p.exchange.losesEvents = false;
  p.exchange.hidden.clear();
  await p.assertConsistent(bound);
});

/** Puts the probe on requests that only open; protective ones and closes pass. */
const onEntries = (probe: Probe): void => {
  p.exchange.probe = (request) => (request.reduceOnly ? null : probe);
};
const onCloses = (probe: Probe): void => {
  p.exchange.probe = (request) => (request.reduceOnly && request.type.kind === 'limit' ? probe : null);
};
const timeout: Probe = { instead: async () => ({ kind: 'unknown', cause: 'No answer arrived in time.' }) };
const lostAnswer: Probe = { answer: () => ({ kind: 'unknown', cause: 'No answer arrived in time.' }) };
const entriesSent = () => p.sentFor(bound).filter((request) => !request.reduceOnly);

async function only(run: { readonly id: string }, purpose: OrderPurpose): Promise<Order> {
  const [order, ...others] = await p.records.ordersOf(run as never, purpose);
  if (order === undefined || others.length > 0)
    throw new Error(`Expected one ${purpose}, was ${others.length + (order === undefined ? 0 : 1)}.`);
  return order;
}

/** Starts a run whose process dies at the probe: what was underway never comes back. */
async function dieAt(probe: (reached: () => void) => Probe) {
  const reached = gate();
  onEntries(probe(() => reached.open()));
  p.model.will(bound.trader.name, wants(buy));
  const { run } = await p.fire(bound);
  void p.work(bound);
  await reached.passed;
  p.crash();
  return run;
}

describe('write-ahead', () => {
  test('every leg is on disk, and the entry marked as sent with its deadline, before the venue is called', async () => {
    const seen: { purpose: string; state: string; hasDeadline: boolean }[] = [];
    onEntries({
      before: async (request) => {
        const entry = await p.records.orderOf(request.clientOrderId);
        const legs =
          entry?.decisionId === null || entry === null
            ? []
            : await p.records.read((tx) => tx.orders.listByDecision(entry.decisionId as never));
        for (const { purpose, state, deadline } of legs) seen.push({ purpose, state, hasDeadline: deadline === request.deadline });
      },
    });
    await p.run(bound, wants(buy));
    expect(seen.sort((a, b) => (a.purpose < b.purpose ? -1 : 1))).toEqual([
      { purpose: 'entry', state: 'sent', hasDeadline: true },
      { purpose: 'stop_loss', state: 'intent', hasDeadline: false },
      { purpose: 'take_profit', state: 'intent', hasDeadline: false },
    ]);
  });

  test('what travels is what was stored', async () => {
    const run = await p.run(bound, wants(buy));
    for (const request of p.sentFor(bound)) {
      const stored = await p.records.orderOf(request.clientOrderId);
      expect(stored).toMatchObject({ symbol: request.symbol, side: request.side, type: request.type, quantity: request.quantity });
    }
    expect(p.sentFor(bound)).toHaveLength((await p.records.ordersOf(run)).length);
  });

  test('the deadline is five seconds ahead', async () => {
    await p.run(bound, wants(buy));
    for (const { deadline } of p.sentFor(bound)) expect(deadline - p.clock.now()).toBe(5_000);
  });
});

describe('an entry is never sent twice', () => {
  test('when the venue does not answer and never had it', async () => {
    onEntries(timeout);
    const run = await p.run(bound, wants(buy));
    expect(run).toMatchObject({ outcome: 'traded', code: 'order_unknown' });
    await p.pass(bound, 60);
    expect(entriesSent()).toHaveLength(1);
  });

  test('when the answer is lost although the venue executed: it is found and protected', async () => {
    onEntries(lostAnswer);
    const run = await p.run(bound, wants(buy));
    expect(run).toMatchObject({ outcome: 'traded' });
    expect(await only(run, 'entry')).toMatchObject({ state: 'filled' });
    expect(await only(run, 'stop_loss')).toMatchObject({ state: 'accepted' });
    await p.pass(bound, 30);
    expect(entriesSent()).toHaveLength(1);
  });

  test('when the venue rejects it', async () => {
    onEntries({ instead: async () => ({ kind: 'rejected', code: 'insufficient_margin', message: 'Not enough.' }) });
    const run = await p.run(bound, wants(buy));
    expect(run).toMatchObject({ outcome: 'failed', code: 'order_rejected' });
    expect((await p.records.ordersOf(run)).map(({ state }) => state).sort()).toEqual(['dropped', 'dropped', 'rejected']);
    await p.pass(bound, 30);
    expect(entriesSent()).toHaveLength(1);
  });

  test('when two workers hold its intent', async () => {
    p.model.will(bound.trader.name, wants(buy), wants(buy));
    await p.fire(bound);
    const ends = await Promise.allSettled([p.work(bound), p.work(bound)]);
    const refusals = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    // The slower one learns that the other has ended the run: it may be refused, and for nothing else.
    for (const refusal of refusals) expect(refusal).toBeInstanceOf(LeaseLost);
    if (refusals.length === 0) expect(entriesSent()).toHaveLength(1);
    expect(entriesSent().length).toBeLessThanOrEqual(1);
  });
});

describe('two processes', () => {
  test('that recover the same trader at once send nothing twice', async () => {
    for (let round = 0; round < 5; round++) {
      bound = await p.newTrader();
      p.exchange.losesEvents = true;
      await dieAt((reached) => ({
        answer: () => {
          reached();
          return never;
        },
      }));
      const others = p.deps;
      p.crash();
      const current = await p.records.trader(bound.trader.id);
      await Promise.all([p.reconcile(bound), recoverTrader(others, current, newRecoveryMemory(), { isStart: true })]);
      await p.work(bound);
      const ids = p.sentFor(bound).map(({ clientOrderId }) => clientOrderId);
      expect(ids).toHaveLength(3);
      expect(new Set(ids).size).toBe(3);
      await p.assertConsistent(bound);
    }
  });
});

describe('an order of unknown fate', () => {
  test('blocks every entry in its symbol, and no other symbol, until it is resolved', async () => {
    onEntries(timeout);
    await p.run(bound, wants(buy));
    p.exchange.probe = () => null;
    const eth = { ...buy, symbol: 'ETH', stop_loss_price: 2900, take_profit_price: 3300 };
    const run = await p.run(bound, wants(buy, eth));
    expect((await p.records.decisions(run)).map(({ verdict }) => verdict.code)).toEqual(['symbol_busy', null]);
    await p.pass(bound, 60);
    await p.price('50000');
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'traded', code: null });
  });

  test('counts as filled for the limits', async () => {
    onEntries(timeout);
    await p.run(bound, wants(buy));
    p.exchange.probe = () => null;
    await p.records.updateTrader(bound.trader.id, { risk: { ...bound.trader.risk, maxOpenPositions: 1 } });
    const eth = { ...buy, symbol: 'ETH', stop_loss_price: 2900, take_profit_price: 3300 };
    expect(await p.run(bound, wants(eth))).toMatchObject({ outcome: 'denied', code: 'positions_exceeded' });
  });

  test('becomes absent only after its deadline and three negative looks at least five seconds apart', async () => {
    onEntries(timeout);
    const run = await p.run(bound, wants(buy));
    const states: string[] = [];
    for (let second = 1; second <= 30; second++) {
      await p.clock.advance(1_000);
      await p.reconcile(bound);
      states.push((await only(run, 'entry')).state);
    }
    // 5 s of validity and 2 s more, then looks at second 8, 13 and 18.
    expect([states[6], states[16], states[17]]).toEqual(['unknown', 'unknown', 'absent']);
    expect((await p.records.ordersOf(run)).map(({ state }) => state).sort()).toEqual(['absent', 'dropped', 'dropped']);
  });

  test('stays unknown while the venue cannot be read: silence proves nothing', async () => {
    onEntries(timeout);
    const run = await p.run(bound, wants(buy));
    p.exchange.isDown = true;
    for (let round = 0; round < 12; round++) {
      await p.clock.advance(5_000);
      await expect(p.reconcile(bound)).rejects.toThrow(VenueUnavailable);
    }
    expect(await only(run, 'entry')).toMatchObject({ state: 'unknown' });
  });

  test('raises an alert when it stays unknown for a minute', async () => {
    onEntries(timeout);
    await p.run(bound, wants(buy));
    p.exchange.isDown = true;
    for (let round = 0; round < 13; round++) {
      await p.clock.advance(5_000);
      await p.reconcile(bound).catch(() => undefined);
    }
    expect(await p.records.hasOpenAlert(bound.trader.id, 'order_unknown')).toBe(true);
    expect(p.alerts.filter(({ traderId, code }) => traderId === bound.trader.id && code === 'order_unknown')).toHaveLength(1);
  });

  test('late evidence wins over absence: the order is taken back, and its position protected', async () => {
    p.exchange.losesEvents = true;
    onEntries({ ...lostAnswer, before: (request) => void p.exchange.hidden.add(request.clientOrderId) });
    const run = await p.run(bound, wants({ ...buy, time_in_force: 'gtc', max_price: 49500 }));
    await p.pass(bound, 30);
    expect(await only(run, 'entry')).toMatchObject({ state: 'absent', filledQuantity: '0' });
    p.exchange.hidden.clear();
    await p.price('49400');
    await p.reconcile(bound);
    const entry = await only(run, 'entry');
    expect(entry.state).toBe('filled');
    const stops = (await p.records.ordersOf(run, 'stop_loss')).filter(({ state }) => state === 'accepted');
    expect(stops).toMatchObject([{ quantity: entry.filledQuantity }]);
  });

  test('is not taken as absent while the position could be its work', async () => {
    p.exchange.losesEvents = true;
    onEntries({ ...lostAnswer, before: (request) => void p.exchange.hidden.add(request.clientOrderId) });
    const run = await p.run(bound, wants(buy));
    await p.pass(bound, 60);
    expect(await only(run, 'entry')).toMatchObject({ state: 'unknown', filledQuantity: '0' });
    p.exchange.hidden.clear();
    await p.reconcile(bound);
    expect(await only(run, 'entry')).toMatchObject({ state: 'filled' });
    expect(await p.records.ordersOf(run, 'stop_loss')).toMatchObject([{ state: 'accepted' }]);
  });

  test('a resting order that was thought absent is taken back from the venue’s list of open orders', async () => {
    p.exchange.losesEvents = true;
    onEntries({ ...lostAnswer, before: (request) => void p.exchange.hidden.add(request.clientOrderId) });
    const run = await p.run(bound, wants({ ...buy, time_in_force: 'gtc', max_price: 49500 }));
    await p.pass(bound, 30);
    expect(await only(run, 'entry')).toMatchObject({ state: 'absent' });
    p.exchange.hidden.clear();
    await p.reconcile(bound);
    expect(await only(run, 'entry')).toMatchObject({ state: 'accepted' });
  });

  test('a close of unknown fate blocks entries in its symbol too', async () => {
    await p.run(bound, wants(buy));
    onCloses(timeout);
    await p.run(bound, wants({ operation: 'close', symbol: 'BTC' }));
    p.exchange.probe = () => null;
    expect(await p.run(bound, wants(buy))).toMatchObject({ outcome: 'denied', code: 'symbol_busy' });
  });
});

describe('a crash', () => {
  test('between intent and sending drops the order at recovery', async () => {
    const reached = gate();
    p.assertHeldFor = () => {
      reached.open();
      return never;
    };
    p.model.will(bound.trader.name, wants(buy));
    const { run } = await p.fire(bound);
    void p.work(bound);
    await reached.passed;
    p.assertHeldFor = () => undefined;
    p.crash();
    await p.reconcile(bound, { isStart: true });
    expect((await p.records.ordersOf(run)).map(({ state }) => state)).toEqual(['dropped', 'dropped', 'dropped']);
    await p.work(bound);
    expect(await p.records.run(run.id)).toMatchObject({ outcome: 'skipped', code: 'interrupted' });
    expect(p.sentFor(bound)).toEqual([]);
  });

  test('after marking as sent, before the venue has it, ends as absent and is not repeated', async () => {
    const run = await dieAt((reached) => ({
      before: () => {
        reached();
        return never;
      },
    }));
    await p.reconcile(bound, { isStart: true });
    await p.pass(bound, 30);
    await p.work(bound);
    expect((await p.records.ordersOf(run)).map(({ state }) => state).sort()).toEqual(['absent', 'dropped', 'dropped']);
    expect(await p.records.run(run.id)).toMatchObject({ state: 'finished' });
    expect(entriesSent()).toHaveLength(1);
  });

  test('after the venue executed, before we heard, is resolved: filled, booked and protected', async () => {
    p.exchange.losesEvents = true;
    const run = await dieAt((reached) => ({
      answer: () => {
        reached();
        return never;
      },
    }));
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
    await p.reconcile(bound, { isStart: true });
    expect(await only(run, 'entry')).toMatchObject({ state: 'filled' });
    expect(await only(run, 'stop_loss')).toMatchObject({ state: 'accepted' });
    await p.work(bound);
    expect(await p.records.run(run.id)).toMatchObject({ outcome: 'traded', code: 'interrupted' });
    expect(entriesSent()).toHaveLength(1);
  });

  test('while the model thinks costs the run and nothing else', async () => {
    const reached = gate();
    p.model.will(bound.trader.name, () => {
      reached.open();
      return never;
    });
    const { run } = await p.fire(bound);
    void p.work(bound);
    await reached.passed;
    p.crash();
    await p.reconcile(bound, { isStart: true });
    await p.work(bound);
    expect(await p.records.run(run.id)).toMatchObject({ outcome: 'skipped', code: 'interrupted' });
  });
});

describe('what the venue says', () => {
  test('is booked once, whatever path it comes by and however often', async () => {
    const run = await p.run(bound, wants(buy));
    const balance = await p.records.balance(bound.trader.id);
    for (let round = 0; round < 3; round++) await p.reconcile(bound, { isStart: true });
    expect(await p.records.balance(bound.trader.id)).toBe(balance);
    const entry = await only(run, 'entry');
    expect(await p.records.read((tx) => tx.portfolio.listFillsByOrder(entry.id))).toHaveLength(1);
  });

  test('is found by reading when every event is lost', async () => {
    p.exchange.losesEvents = true;
    await p.run(bound, wants(buy));
    await p.market.passMarketTime(3_600_000);
    await p.price('48900');
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
    await p.reconcile(bound);
    expect(await p.records.closed(bound.trader.id)).toMatchObject([{ closedBy: 'stop_loss' }]);
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
  });

  test('an order whose first look fails is traded all the same, and settled later', async () => {
    onEntries({
      answer: (outcome) => {
        p.exchange.isDown = true;
        return outcome;
      },
    });
    p.exchange.losesEvents = true;
    const run = await p.run(bound, wants(buy));
    expect(run).toMatchObject({ outcome: 'traded' });
    p.exchange.isDown = false;
    await p.reconcile(bound);
    expect(await only(run, 'entry')).toMatchObject({ state: 'filled' });
    expect(await only(run, 'stop_loss')).toMatchObject({ state: 'accepted' });
  });

  test('an order whose first look fails is booked and protected by the events that came with its answer', async () => {
    onEntries({
      answer: (outcome) => {
        p.exchange.isDown = true;
        return outcome;
      },
    });
    const run = await p.run(bound, wants(buy));
    await until('the stop-loss is at the venue', async () => (await only(run, 'stop_loss')).state === 'accepted');
    expect(await p.records.positions(bound.trader.id)).toHaveLength(1);
    expect(await only(run, 'entry')).toMatchObject({ state: 'filled' });
  });

  test('never takes a fill back: an older report does not lower what was filled', async () => {
    const run = await p.run(bound, wants(buy));
    const entry = await only(run, 'entry');
    const report = await p.exchange.findOrder(bound.trader.id, entry.clientOrderId);
    expect(report?.filledQuantity).toBe(entry.filledQuantity);
    await p.price('49990');
    expect(await only(run, 'entry')).toEqual(entry);
  });
});
