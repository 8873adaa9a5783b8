import type { KillId, TraderId } from '@hyperoru/domain';
import { type Bound, buy, freshPipeline, type MemoryPipeline, type Pipeline, testId, wants } from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import { ownerScope } from '../access/owner-scope.ts';
import type { UseCaseResult } from '../refusal.ts';
import { carryOnKills } from './carry-out-kill.ts';
import { disarmKillSwitch, drillKillSwitch, tripKillSwitch, useKillSwitch } from './kill-switch.ts';

let memory: MemoryPipeline;
let p: Pipeline;
let bound: Bound;

freshPipeline((fresh) => ({ memory, p, bound } = fresh));

const me = () => ownerScope(p.records.ownerId, p.clock.now());
const codeOf = (result: UseCaseResult<unknown>): string | null => (result.ok ? null : result.error.code);
const stop = (deps = p.deps) => p.settled(useKillSwitch(deps, me(), { traderId: bound.trader.id, reason: 'A test.' }));

describe('the kill switch', () => {
  test('blocks also where the venue of the trader is not offered, and says what it could not do', async () => {
    await p.run(bound, wants(buy));
    const done = await stop({ ...p.deps, venue: () => null });
    expect(done).toMatchObject({ ok: true, value: { finishedAt: null, traders: [{ isFlat: false }] } });
    expect(done.ok && done.value.traders[0]?.problem).toContain('does not offer the venue');
    expect((await p.records.trader(bound.trader.id)).isActive).toBe(false);
    await p.settled(carryOnKills(p.deps));
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
  });

  test('reports an error of ours at one trader, goes on with the others and tries again', async () => {
    const other = await p.newTrader();
    await p.run(bound, wants(buy));
    await p.run(other, wants(buy));
    p.exchange.beforeFills = (traderId) => {
      if (traderId === bound.trader.id) throw new Error('Not the venue.');
    };
    const done = await p.settled(useKillSwitch(p.deps, me(), { traderId: null, reason: 'A test.' }));
    expect(done.ok && done.value.traders.map(({ isFlat }) => isFlat).sort()).toEqual([false, true]);
    expect(p.alerts.filter(({ code }) => code === 'kill_not_flat')).toHaveLength(1);
    p.exchange.beforeFills = () => undefined;
    await p.settled(carryOnKills(p.deps));
    const [armed] = await p.records.read((tx) => tx.safety.listArmedKills());
    expect(armed?.finishedAt).not.toBeNull();
    expect(armed?.traders.every(({ isFlat }) => isFlat)).toBe(true);
  });

  test('that cannot be carried out at once has blocked all the same', async () => {
    memory.onStoreCall = (point) => {
      if (point === 'safety.getKill') throw new Error('The disk is gone.');
    };
    expect(await stop()).toMatchObject({ ok: true, value: { finishedAt: null } });
    memory.onStoreCall = () => undefined;
    expect((await p.records.trader(bound.trader.id)).isActive).toBe(false);
    expect(p.log.entries.map(({ event }) => event)).toContain('kill.failed');
    await p.settled(carryOnKills(p.deps));
    expect((await p.records.read((tx) => tx.safety.listArmedKills()))[0]?.finishedAt).not.toBeNull();
  });

  test('answers after its limit with what is done by then, and goes on', async () => {
    let answer = (): void => undefined;
    const waits = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await p.run(bound, wants(buy));
    p.exchange.probe = () => ({ before: () => waits });
    const stopping = useKillSwitch(p.deps, me(), { traderId: bound.trader.id, reason: 'A test.' });
    await p.clock.advance(10_000);
    expect(await stopping).toMatchObject({ ok: true, value: { finishedAt: null } });
    answer();
    await p.idle();
    await p.settled(carryOnKills(p.deps));
    expect(await p.records.positions(bound.trader.id)).toEqual([]);
  });

  test('is not for other people’s traders, armed, drilled or disarmed', async () => {
    const stranger = ownerScope(await p.records.insertMember('bob', p.clock.now()), p.clock.now());
    const { id: traderId } = bound.trader;
    expect(codeOf(await useKillSwitch(p.deps, stranger, { traderId, reason: '' }))).toBe('not_found');
    expect(codeOf(await useKillSwitch(p.deps, stranger, { traderId: null, reason: '' }))).toBe('forbidden');
    expect(codeOf(await drillKillSwitch(p.deps, stranger, { traderId }))).toBe('not_found');
    expect(codeOf(await drillKillSwitch(p.deps, me(), { traderId: testId<TraderId>(404) }))).toBe('not_found');
    await stop();
    expect(codeOf(await disarmKillSwitch(p.deps, stranger, { traderId }))).toBe('not_found');
    expect((await p.records.trader(traderId)).isActive).toBe(false);
  });

  test('is disarmed by its id or for its trader, once, and never by an id that is none', async () => {
    expect(codeOf(await disarmKillSwitch(p.deps, me(), { killId: testId<KillId>(404) }))).toBe('not_found');
    expect(await disarmKillSwitch(p.deps, me(), { traderId: bound.trader.id })).toEqual({ ok: true, value: [] });
    const used = await stop();
    const killId = used.ok ? used.value.id : testId<KillId>(0);
    expect(await disarmKillSwitch(p.deps, me(), { traderId: bound.trader.id })).toMatchObject({ ok: true, value: [{ id: killId }] });
    const [{ disarmedAt } = { disarmedAt: null }] = [await p.records.read((tx) => tx.safety.getKill(killId))].filter(
      (kill) => kill !== null,
    );
    expect(disarmedAt).not.toBeNull();
    expect(await disarmKillSwitch(p.deps, me(), { killId })).toMatchObject({ ok: true, value: [{ disarmedAt }] });
  });

  test('that the instance used itself is carried out once, with one alert per owner', async () => {
    await p.newTrader();
    const tripped = await tripKillSwitch(p.deps, 'Too much.');
    expect((await tripKillSwitch(p.deps, 'Too much.')).id).toBe(tripped.id);
    await p.settled(carryOnKills(p.deps));
    expect(p.alerts.filter(({ code }) => code === 'kill_tripped')).toHaveLength(1);
    expect(tripped.traders).toHaveLength(2);
  });
});
