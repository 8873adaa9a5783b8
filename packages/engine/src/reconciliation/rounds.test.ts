import { BARE_MS_MAX } from '@hyperoru/domain';
import { type Bound, buy, freshPipeline, type MemoryPipeline, type Pipeline, wants } from '@hyperoru/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { isPausing } from './recovery-memory.ts';
import { glanceAtAll, RECONCILE_MS, reconcileAll, reconcileDoubtful, tradersToLookAfter, watchBare } from './rounds.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;

freshPipeline((fresh) => ({ memory, p, bound } = fresh));

const nowhere = () => ({ ...p.deps, venue: () => null });
const events = () => p.log.entries.map(({ event }) => event);
const comparedAt = async () => (await p.records.reconciliation(bound.trader.id))?.finishedAt ?? null;
const alerts = (code: string) => p.alerts.filter((alert) => alert.code === code);

describe('the round that looks for what is in doubt', () => {
  test('asks for a trader with an order of unknown fate once the order had time to be answered', async () => {
    p.exchange.probe = () => ({ instead: async () => ({ kind: 'unknown', cause: 'No answer.' }) });
    await p.run(bound, wants(buy));
    const unresolved = async () => (await p.records.openOrders(bound.trader.id)).filter(({ state }) => state === 'unknown').length;
    expect(await unresolved()).toBe(1);
    for (let round = 0; round < 4; round++) {
      await p.clock.advance(RECONCILE_MS + 1);
      await reconcileDoubtful(p.deps, p.memory);
    }
    expect(await unresolved()).toBe(0);
    expect(await comparedAt()).not.toBeNull();
  });

  test('leaves alone who has no question open', async () => {
    await p.run(bound, wants(buy));
    await p.clock.advance(RECONCILE_MS + 1);
    await reconcileDoubtful(p.deps, p.memory);
    expect(await comparedAt()).toBeNull();
  });

  test('asks a restless trader, and after rounds in vain less often', async () => {
    p.memory.restless.add(bound.trader.id);
    p.exchange.isDown = true;
    await reconcileDoubtful(p.deps, p.memory);
    await reconcileDoubtful(p.deps, p.memory);
    expect(isPausing(p.memory, bound.trader.id, p.clock.now())).toBe(true);
    p.exchange.isDown = false;
    await reconcileDoubtful(p.deps, p.memory);
    expect(await comparedAt()).toBeNull();
    await p.clock.advance(20_000);
    await reconcileDoubtful(p.deps, p.memory);
    expect(await comparedAt()).not.toBeNull();
    expect(p.memory.restless.size).toBe(0);
  });

  test('ends the pause when the clock was set back', async () => {
    p.memory.silent.set(bound.trader.id, { rounds: 5, lastAt: p.clock.now() });
    expect(isPausing(p.memory, bound.trader.id, p.clock.now())).toBe(true);
    p.clock.jumpWall(-1);
    expect(isPausing(p.memory, bound.trader.id, p.clock.now())).toBe(false);
  });
});

describe('the round over all traders', () => {
  test('compares everyone who is alive, and who has left with something still at the venue', async () => {
    const gone = await p.newTrader();
    await p.run(gone, wants({ ...buy, time_in_force: 'gtc', max_price: 49000, stop_loss_price: 48000 }));
    await p.records.updateTrader(gone.trader.id, { deletedAt: p.clock.now(), isActive: false });
    expect((await tradersToLookAfter(p.deps)).map(({ id }) => id).sort()).toEqual([bound.trader.id, gone.trader.id].sort());
    await reconcileAll(p.deps, p.memory);
    await p.idle();
    expect(await comparedAt()).not.toBeNull();
  });

  test('keeps the failure of one trader with that trader, and tells a silent venue from an error of ours', async () => {
    const silent = await p.newTrader();
    const broken = await p.newTrader();
    p.exchange.downFor.add(silent.trader.id);
    p.exchange.beforeFills = (traderId) => {
      if (traderId === broken.trader.id) throw new Error('Not the venue.');
    };
    await reconcileAll(p.deps, p.memory);
    expect(events()).toEqual(expect.arrayContaining(['trader.venue_silent', 'trader.upkeep_failed']));
    expect(await p.records.reconciliation(silent.trader.id)).toMatchObject({ status: 'failed', lastGoodAt: null });
    expect(await p.records.reconciliation(broken.trader.id)).toBeNull();
    expect(await comparedAt()).not.toBeNull();
  });

  test('has nothing to compare where the venue is not offered', async () => {
    await reconcileAll(nowhere(), p.memory);
    expect(await comparedAt()).toBeNull();
    expect(events()).toEqual([]);
  });
});

describe('a glance', () => {
  test('reads everything of a trader whose account is not as recorded, and of nobody else', async () => {
    await p.run(bound, wants(buy));
    await glanceAtAll(p.deps, p.memory);
    expect(await comparedAt()).toBeNull();
    p.exchange.losesEvents = true;
    await p.placeByHand(bound, { quantity: '0.01' });
    await glanceAtAll(p.deps, p.memory);
    await p.idle();
    expect(await comparedAt()).not.toBeNull();
    expect(await p.records.positions(bound.trader.id)).toMatchObject([{ quantity: '0.0497' }]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['whose questions are being looked into anyway', () => glanceAtAll(p.deps, { ...p.memory, restless: new Set([bound.trader.id]) })],
    ['whose venue is not offered', () => glanceAtAll(nowhere(), p.memory)],
  ])('is not cast at a trader %s', async (_name, glance) => {
    await p.run(bound, wants(buy));
    p.exchange.positions = [];
    await glance();
    p.exchange.positions = null;
    expect(await comparedAt()).toBeNull();
  });
});

describe('a bare position', () => {
  beforeEach(async () => {
    bound = await p.newTrader({ risk: { onProtectionFailure: 'alert_only' } });
    p.exchange.probe = ({ type }) =>
      type.kind === 'trigger' ? { instead: async () => ({ kind: 'rejected', code: 'no', message: 'No.' }) } : null;
    await p.run(bound, wants(buy));
    expect(await p.records.protection(bound.trader.id)).toMatchObject({ coveredQuantity: '0', bareSince: expect.any(Number) });
  });

  test('is looked at again, and alerted about when it stays so', async () => {
    await watchBare(p.deps);
    expect(alerts('position_bare')).toEqual([]);
    await p.clock.advance(BARE_MS_MAX + 1);
    await watchBare(p.deps);
    expect(alerts('position_bare')).toMatchObject([{ severity: 'critical' }]);
  });

  test('is alerted about once, also while its venue is silent', async () => {
    p.exchange.isDown = true;
    await p.clock.advance(BARE_MS_MAX);
    await watchBare(p.deps);
    expect(alerts('position_bare')).toEqual([]);
    await p.clock.advance(1);
    await watchBare(p.deps);
    await watchBare(p.deps);
    expect(alerts('position_bare')).toHaveLength(1);
  });

  test('is not looked at where the venue is not offered', async () => {
    await p.clock.advance(BARE_MS_MAX + 1);
    await watchBare(nowhere());
    expect(alerts('position_bare')).toEqual([]);
  });

  test('does not take an error of ours for a silent venue', async () => {
    await p.clock.advance(BARE_MS_MAX + 1);
    memory.onStoreCall = (point) => {
      if (point === 'safety.getProtection') throw new Error('The disk is gone.');
    };
    await watchBare(p.deps);
    expect(events()).toContain('trader.upkeep_failed');
    expect(alerts('position_bare')).toEqual([]);
  });
});
