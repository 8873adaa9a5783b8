import { DEFAULT_INSTANCE_LIMITS, decimal, INSTANCE_LIMITS_SETTING, type TraderId } from '@hyperoru/domain';
import { createTrader, getInstanceLimits, type OwnerScope, ownerScope, setInstanceLimits, setRisk } from '@hyperoru/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson, addTrader, auditOf, BTC, codeOf, type EngineWorld, ETH, openEngineWorld, valueOf } from './engine-world.ts';

let world: EngineWorld;
let ann: OwnerScope;
let bob: OwnerScope;
beforeAll(async () => {
  world = await openEngineWorld();
  ann = await addPerson(world, 'ann', 'owner');
  bob = await addPerson(world, 'bob');
});
afterAll(() => world.close());

const create = async (): Promise<TraderId> => valueOf(await createTrader(world.deps, ann, { name: 'Trend', description: '' })).trader.id;
/** The same person right after a step-up. */
const proven = ({ userId }: OwnerScope): OwnerScope => ownerScope(userId, world.clock.now());

describe('the risk limits', () => {
  test('change one by one and stay consistent', async () => {
    const traderId = await create();
    const set = (risk: Parameters<typeof setRisk>[2]['risk']) => setRisk(world.deps, proven(ann), { traderId, risk });
    expect(valueOf(await set({ maxLeverage: 2, maxDailyLoss: null })).trader.risk).toMatchObject({
      maxLeverage: 2,
      maxDailyLoss: null,
      maxOrderNotional: '5000',
    });
    expect(await set({ maxOrderNotional: decimal('10000.01') })).toMatchObject({
      ok: false,
      error: { code: 'limit_invalid', details: [{ field: 'max_order_notional' }] },
    });
    expect(codeOf(await set({ maxOrderNotional: decimal('10000') }))).toBeNull();
    expect(codeOf(await set({ maxTotalNotional: decimal('9999') }))).toBe('limit_invalid');
    expect(codeOf(await set({ maxTotalNotional: undefined }))).toBeNull();
  });

  test('name symbols that the exchange lists, each once', async () => {
    const { id: traderId } = await addTrader(world, ann);
    const set = (allowedSymbols: Parameters<typeof setRisk>[2]['risk']['allowedSymbols']) =>
      setRisk(world.deps, proven(ann), { traderId, risk: { allowedSymbols } });
    expect(codeOf(await set([BTC, ETH]))).toBeNull();
    expect(codeOf(await set([BTC, BTC]))).toBe('limit_invalid');
    expect(codeOf(await set(['DOGE' as typeof BTC]))).toBe('limit_invalid');
    expect(valueOf(await set(null)).trader.risk.allowedSymbols).toBeNull();
  });

  test('are lowered freely and raised only by who proved the password again', async () => {
    const traderId = await create();
    const set = (scope: OwnerScope, risk: Parameters<typeof setRisk>[2]['risk']) => setRisk(world.deps, scope, { traderId, risk });
    expect(codeOf(await set(ann, { maxLeverage: 2, cooldownMinutes: 5 }))).toBeNull();
    expect(codeOf(await set(ann, { maxLeverage: 2 }))).toBeNull();
    const refused = await set(ann, { maxLeverage: 3, maxOpenPositions: 1 });
    expect(refused).toMatchObject({ ok: false, error: { code: 'step_up_required', message: expect.stringContaining('max_leverage') } });
    expect(codeOf(await set(ann, { cooldownMinutes: 4 }))).toBe('step_up_required');
    expect(valueOf(await set(proven(ann), { maxLeverage: 3, cooldownMinutes: 4 })).trader.risk).toMatchObject({
      maxLeverage: 3,
      cooldownMinutes: 4,
      maxOpenPositions: 3,
    });
  });

  test('stay within those of the instance, step-up or not', async () => {
    const traderId = await create();
    const set = (risk: Parameters<typeof setRisk>[2]['risk']) => setRisk(world.deps, proven(ann), { traderId, risk });
    valueOf(await setInstanceLimits(world.deps, ann, { maxLeverage: 4, maxTotalNotional: decimal('12000') }));
    expect(codeOf(await set({ maxLeverage: 4, maxTotalNotional: decimal('12000') }))).toBeNull();
    expect(await set({ maxLeverage: 5, maxTotalNotional: decimal('12001') })).toMatchObject({
      ok: false,
      error: { code: 'above_instance_limit', details: [{ field: 'max_leverage' }, { field: 'max_total_notional' }] },
    });
    valueOf(await setInstanceLimits(world.deps, proven(ann), { maxLeverage: null, maxTotalNotional: null }));
  });
});

describe('the limits of the instance', () => {
  test('are changed by owners only, raised only after step-up, and audited', async () => {
    const set = (scope: OwnerScope, change: Parameters<typeof setInstanceLimits>[2]) => setInstanceLimits(world.deps, scope, change);
    expect(codeOf(await set(proven(bob), { maxLeverage: 1 }))).toBe('forbidden');
    expect(valueOf(await set(ann, { maxLeverage: 5, maxDailyLoss: decimal('100') }))).toMatchObject({
      maxLeverage: 5,
      maxTotalNotional: null,
    });
    expect(codeOf(await set(ann, { maxDailyLoss: null }))).toBe('step_up_required');
    expect(codeOf(await set(ann, { maxOrdersPerMinute: 301 }))).toBe('step_up_required');
    expect(valueOf(await getInstanceLimits(world.deps))).toMatchObject({ maxLeverage: 5, maxDailyLoss: '100', maxOrdersPerMinute: 300 });
    valueOf(await set(proven(ann), { maxDailyLoss: null, maxLeverage: null }));
    expect((await auditOf(world, ann)).at(-1)).toMatchObject({
      action: 'instance.limits_set',
      detail: { before: { max_leverage: 5, max_daily_loss: '100' }, after: { max_leverage: null, max_daily_loss: null } },
    });
  });

  test('that cannot be read are said so, and stored again only after step-up', async () => {
    await world.deps.store.transaction((tx) => tx.journal.putSetting(INSTANCE_LIMITS_SETTING, 'garbage'));
    expect(codeOf(await getInstanceLimits(world.deps))).toBe('limit_invalid');
    expect(codeOf(await setInstanceLimits(world.deps, ann, {}))).toBe('step_up_required');
    expect(valueOf(await setInstanceLimits(world.deps, proven(ann), {}))).toEqual(DEFAULT_INSTANCE_LIMITS);
    expect(valueOf(await getInstanceLimits(world.deps))).toEqual(DEFAULT_INSTANCE_LIMITS);
  });
});
