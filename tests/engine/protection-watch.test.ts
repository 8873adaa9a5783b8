import { type Order, type RiskLimits, sum } from '@hyperoru/domain';
import { watchBare } from '@hyperoru/engine';
import { type Bound, buy, type Pipeline, wants } from '@hyperoru/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPipeline } from './harness/pipeline.ts';

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
  bound = await p.newTrader();
});
afterEach(async () => {
  p.exchange.calm();
  await p.assertConsistent(bound);
});

const open = async (purpose: Order['purpose']): Promise<readonly Order[]> =>
  (await p.records.openOrders(bound.trader.id)).filter((order) => order.purpose === purpose);
const alertsOf = (code: string) => p.alerts.filter((alert) => alert.traderId === bound.trader.id && alert.code === code);
const held = async () => (await p.records.positions(bound.trader.id))[0]?.quantity ?? '0';
const close = (share: number) => p.run(bound, wants({ operation: 'close', symbol: 'BTC', target_portion_of_balance: share }));
const withRisk = async (risk: Partial<RiskLimits>): Promise<void> => {
  bound = await p.newTrader({ risk });
};
/** Every stop of ours is accepted by the venue, which then does not list it. */
const hideStops = (): void => {
  p.exchange.probe = ({ type }) =>
    type.kind === 'trigger' && type.trigger === 'stop_loss'
      ? { before: (request) => void p.exchange.hidden.add(request.clientOrderId) }
      : null;
};

describe('protection', () => {
  test('is what the venue reports: covered in full right after the entry, and measured', async () => {
    await p.run(bound, wants(buy));
    const quantity = await held();
    expect(await p.records.protection(bound.trader.id)).toMatchObject({
      isRequired: true,
      coveredQuantity: quantity,
      bareSince: null,
      bareMs: 0,
    });
  });

  test('of a position without a stop in its decision is not required', async () => {
    await withRisk({ requireStopLoss: false });
    await p.run(bound, wants({ ...buy, stop_loss_price: null }));
    await p.pass(bound, 30);
    expect(await p.records.protection(bound.trader.id)).toMatchObject({ isRequired: false, bareSince: null });
    expect(alertsOf('position_bare')).toEqual([]);
  });

  test('counts the time a position was bare, in one stretch over a restart', async () => {
    await withRisk({ onProtectionFailure: 'alert_only' });
    await p.run(bound, wants(buy));
    hideStops();
    const [stop] = await open('stop_loss');
    p.exchange.losesEvents = true;
    await p.exchange.cancelOrder(bound.trader.id, stop?.clientOrderId ?? '');
    await p.pass(bound, 5);
    const bareSince = (await p.records.protection(bound.trader.id))?.bareSince;
    expect(bareSince).toBe(p.clock.now());
    await p.clock.advance(2_000);
    p.crash();
    p.exchange.hidden.clear();
    await p.clock.advance(1_000);
    await p.reconcile(bound, { isStart: true });
    expect(await p.records.protection(bound.trader.id)).toMatchObject({ bareSince: null, bareMs: 3_000, longestBareMs: 3_000 });
  });

  test('that did not leave is missed also when the venue cannot be read: the position counts as bare until a look shows otherwise', async () => {
    p.exchange.probe = ({ reduceOnly }) =>
      reduceOnly
        ? {
            instead: async () => {
              p.exchange.isDown = true;
              return { kind: 'not_sent', cause: 'The connection was refused.' };
            },
          }
        : null;
    await p.run(bound, wants(buy));
    expect(await p.records.protection(bound.trader.id)).toMatchObject({ isRequired: true, bareSince: expect.any(Number) });
    p.exchange.calm();
    await watchBare(p.deps);
    expect(await p.records.protection(bound.trader.id)).toMatchObject({ coveredQuantity: await held(), bareSince: null });
  });
});

describe('stops and take-profits', () => {
  test('are made smaller with each partial close, and never count as refused', async () => {
    await p.run(bound, wants(buy));
    for (const share of [0.5, 0.5, 0.5, 0.5]) {
      await close(share);
      const quantity = await held();
      for (const purpose of ['stop_loss', 'take_profit'] as const)
        expect(await open(purpose)).toMatchObject([{ quantity, state: 'accepted' }]);
    }
    await p.pass(bound, 30);
    expect(alertsOf('stop_loss_failed')).toEqual([]);
    expect(await held()).not.toBe('0');
  });

  test('of the newest entry stay when a close takes from the oldest', async () => {
    await p.run(bound, wants({ ...buy, target_portion_of_balance: 0.05 }));
    await p.run(bound, wants({ ...buy, stop_loss_price: 48000, target_portion_of_balance: 0.05 }));
    await close(0.25);
    const stops = await open('stop_loss');
    expect(sum(stops.map(({ quantity }) => quantity))).toBe(await held());
    expect(stops.map(({ type }) => type.kind === 'trigger' && type.triggerPrice).sort()).toEqual(['48000', '49000']);
  });

  test('cover what was added by hand too: a venue knows one position', async () => {
    await withRisk({ onExternalActivity: 'ignore' });
    await p.run(bound, wants(buy));
    await p.placeByHand(bound, { quantity: '0.01' });
    await p.pass(bound, 5);
    expect(sum((await open('stop_loss')).map(({ quantity }) => quantity))).toBe(await held());
  });

  test('follow a position that was reduced by hand', async () => {
    await withRisk({ onExternalActivity: 'ignore' });
    await p.run(bound, wants(buy));
    await p.placeByHand(bound, { side: 'sell', reduceOnly: true, quantity: '0.01' });
    for (const purpose of ['stop_loss', 'take_profit'] as const) expect(await open(purpose)).toMatchObject([{ quantity: await held() }]);
  });

  test('whose cancel was lost are canceled again until they are gone', async () => {
    await p.run(bound, wants(buy));
    p.exchange.losesCancels = true;
    await close(0.5);
    expect(await open('stop_loss')).toHaveLength(2);
    expect(await open('take_profit')).toHaveLength(2);
    p.exchange.losesCancels = false;
    await p.clock.advance(1_000);
    await p.reconcile(bound);
    for (const purpose of ['stop_loss', 'take_profit'] as const) expect(await open(purpose)).toMatchObject([{ quantity: await held() }]);
    expect(alertsOf('stop_loss_failed')).toEqual([]);
  });

  test('that rest at the venue though their end was recorded are taken away: they would close what comes next', async () => {
    await p.run(bound, wants(buy));
    const [stop] = await open('stop_loss');
    if (stop === undefined) throw new Error('Expected a stop.');
    p.exchange.losesEvents = true;
    await p.records.read((tx) => tx.orders.compareAndSet({ ...stop, state: 'canceled', updatedAt: p.clock.now() }, ['accepted']));
    await p.clock.advance(1_000);
    await p.reconcile(bound);
    expect(await open('stop_loss')).toMatchObject([{ quantity: await held() }]);
    expect((await open('stop_loss'))[0]?.id).not.toBe(stop.id);
  });
});

describe('a position that stays bare', () => {
  const bareFor = async (ms: number): Promise<void> => {
    hideStops();
    await p.run(bound, wants(buy));
    await p.clock.advance(1);
    await p.reconcile(bound);
    await p.clock.advance(ms - 1);
    await watchBare(p.deps);
    await p.idle();
  };

  test('is left open up to 5 s', async () => {
    await bareFor(5_000);
    expect(alertsOf('position_bare')).toEqual([]);
    expect(await held()).not.toBe('0');
  });

  test('is closed after 5 s, with a critical alert and nothing left behind', async () => {
    await bareFor(5_001);
    expect(alertsOf('position_bare')).toMatchObject([{ severity: 'critical' }]);
    expect(await held()).toBe('0');
    p.exchange.calm();
    await p.pass(bound, 30);
    expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
  });

  test('stays open where the policy says alert only; who took note is not told again', async () => {
    await withRisk({ onProtectionFailure: 'alert_only' });
    await bareFor(5_001);
    expect(await held()).not.toBe('0');
    const [alert] = alertsOf('position_bare');
    expect(alert).toMatchObject({ severity: 'critical' });
    await p.records.read(async (tx) => {
      if (alert !== undefined) await tx.journal.updateAlert({ ...alert, acknowledgedAt: p.clock.now() });
    });
    await p.clock.advance(10_000);
    await watchBare(p.deps);
    expect(alertsOf('position_bare')).toHaveLength(1);
  });

  test('raises the alert also while its venue is silent', async () => {
    hideStops();
    await p.run(bound, wants(buy));
    await p.clock.advance(1);
    await p.reconcile(bound);
    p.exchange.isDown = true;
    await p.clock.advance(5_000);
    await watchBare(p.deps);
    expect(alertsOf('position_bare')).toMatchObject([{ severity: 'critical' }]);
  });
});
