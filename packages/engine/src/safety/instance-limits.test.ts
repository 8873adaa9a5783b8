import { DEFAULT_INSTANCE_LIMITS, decimal, INSTANCE_LIMITS_SETTING, type InstanceLimits } from '@hyperoru/domain';
import { type MemoryPipeline, openMemoryPipeline, type Pipeline } from '@hyperoru/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownerScope } from '../access/owner-scope.ts';
import type { UseCaseResult } from '../refusal.ts';
import { getInstanceLimits, type InstanceLimitsChange, setInstanceLimits } from './instance-limits.ts';

let memory: MemoryPipeline;
let p: Pipeline;

beforeEach(async () => {
  memory = await openMemoryPipeline();
  p = memory.pipeline;
});
afterEach(() => memory.close());

const known = () => ownerScope(p.records.ownerId);
const proven = () => ownerScope(p.records.ownerId, p.clock.now());
const set = (change: InstanceLimitsChange, scope = proven()) => setInstanceLimits(p.deps, scope, change);
const codeOf = (result: UseCaseResult<unknown>): string | null => (result.ok ? null : result.error.code);
const stored = async (): Promise<InstanceLimits | null> => {
  const read = await getInstanceLimits(p.deps);
  return read.ok ? read.value : null;
};
const spoil = () => p.records.read((tx) => tx.journal.putSetting(INSTANCE_LIMITS_SETTING, { maxLeverage: 'much' }));

describe('the limits of the instance', () => {
  test('are the defaults until somebody changes them', async () => {
    expect(await stored()).toEqual(DEFAULT_INSTANCE_LIMITS);
  });

  test('change only in what is given; null takes a limit away', async () => {
    const capped = { maxTotalNotional: decimal('50000'), maxLeverage: 5, maxDailyLoss: decimal('300'), maxOrdersPerMinute: 7 };
    expect(await set(capped)).toMatchObject({ ok: true, value: capped });
    expect(await set({ maxLeverage: 4 })).toMatchObject({ ok: true, value: { ...capped, maxLeverage: 4 } });
    expect(await set({ maxTotalNotional: null, maxLeverage: null, maxDailyLoss: null })).toMatchObject({ ok: true });
    expect(await stored()).toEqual({ maxTotalNotional: null, maxLeverage: null, maxDailyLoss: null, maxOrdersPerMinute: 7 });
  });

  test('are lowered freely and raised only by who proved the password again', async () => {
    expect(codeOf(await set({ maxOrdersPerMinute: 5 }, known()))).toBeNull();
    expect(codeOf(await set({ maxOrdersPerMinute: 6 }, known()))).toBe('step_up_required');
    expect((await stored())?.maxOrdersPerMinute).toBe(5);
    expect(codeOf(await set({ maxOrdersPerMinute: 6 }))).toBeNull();
    expect((await stored())?.maxOrdersPerMinute).toBe(6);
  });

  test('are changed by owners only', async () => {
    const member = ownerScope(await p.records.insertMember('bob', p.clock.now()), p.clock.now());
    expect(codeOf(await set({ maxOrdersPerMinute: 1 }, member))).toBe('forbidden');
    expect(await stored()).toEqual(DEFAULT_INSTANCE_LIMITS);
  });

  test('that cannot be read are said to be so, and whatever takes their place is a raise', async () => {
    await spoil();
    expect(codeOf(await getInstanceLimits(p.deps))).toBe('limit_invalid');
    expect(codeOf(await set({ maxOrdersPerMinute: 1 }, known()))).toBe('step_up_required');
    expect(await stored()).toBeNull();
    expect(codeOf(await set({ maxOrdersPerMinute: 1 }))).toBeNull();
    expect(await stored()).toEqual({ ...DEFAULT_INSTANCE_LIMITS, maxOrdersPerMinute: 1 });
  });

  test('leave a trace of every change, and none of a refused one', async () => {
    await spoil();
    await set({ maxOrdersPerMinute: 3 });
    await set({ maxOrdersPerMinute: 2 });
    await set({ maxOrdersPerMinute: 9 }, known());
    const entries = await p.deps.readModel.auditEntries(proven(), 0, 100);
    const details = entries.filter(({ action }) => action === 'instance.limits_set').map(({ detail }) => detail);
    expect(details).toMatchObject([
      { before: null, after: { max_orders_per_minute: 3 } },
      { before: { max_orders_per_minute: 3 }, after: { max_orders_per_minute: 2 } },
    ]);
  });
});
