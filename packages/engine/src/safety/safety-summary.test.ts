import { addMs, decimal, INSTANCE_LIMITS_SETTING, type Order, type OrderId, type UserId } from '@hyperoru/domain';
import { type Bound, buy, freshPipeline, order, type Pipeline, testId, wants } from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import { type OwnerScope, ownerScope } from '../access/owner-scope.ts';
import { armKill } from './arm-kill.ts';
import { armedKills, listKills } from './read-kills.ts';
import { safetySummary } from './safety-summary.ts';

let p: Pipeline;
let bound: Bound;

freshPipeline((fresh) => ({ p, bound } = fresh));

const me = () => ownerScope(p.records.ownerId);
const page = { limit: 50, cursor: null };
const summary = (deps = p.deps) => safetySummary(deps, me(), page);
const mine = async (deps = p.deps) => {
  const [first] = (await summary(deps)).traders.items;
  if (first === undefined) throw new Error('Expected a trader.');
  return first;
};
const arm = (traderId: Bound['trader']['id'] | null) =>
  p.records.read((tx) => armKill(p.deps, tx, { traderId, isDrill: false, actor: 'system', reason: 'A test.' }));
const insert = (number: number, change: Partial<Order>): Promise<void> =>
  p.records.read((tx) =>
    tx.orders.insert(
      order({
        id: testId<OrderId>(number),
        clientOrderId: `0x4879700000000000000000000000${number}`,
        traderId: bound.trader.id,
        decisionId: null,
        state: 'unknown',
        ...change,
      }),
    ),
  );

describe('the summary of safety', () => {
  test('of a trader that did nothing yet is calm', async () => {
    expect(await mine()).toMatchObject({
      isKilled: false,
      positions: [],
      unknownOrders: { count: 0, oldestAt: null },
      reconciliation: null,
      dailyLoss: { used: '0', limit: '500' },
      drawdown: { used: '0', limit: '0.3' },
      coolingUntil: null,
    });
  });

  test('shows each position with what covers it, and what the venue said last', async () => {
    await p.run(bound, wants(buy));
    await p.reconcile(bound);
    expect(await mine()).toMatchObject({
      positions: [{ position: { symbol: 'BTC' }, protection: { coveredQuantity: '0.0397', bareSince: null } }],
      reconciliation: { status: 'ok' },
    });
  });

  test('counts orders of unknown fate from when the oldest left, or was stored', async () => {
    const now = p.clock.now();
    await insert(1001, { sentAt: now, createdAt: now });
    await insert(1002, { sentAt: null, createdAt: addMs(now, -5_000) });
    await insert(1003, { sentAt: now, state: 'sent' });
    expect((await mine()).unknownOrders).toEqual({ count: 2, oldestAt: now - 5_000 });
  });

  test('takes open losses for lost at the mark, and nothing for lost where the venue cannot be asked', async () => {
    await p.run(bound, wants({ ...buy, stop_loss_price: 40000 }));
    await p.price('49000');
    const { dailyLoss, drawdown } = await mine();
    expect(Number(dailyLoss.used)).toBeGreaterThan(39);
    expect(Number(drawdown.used)).toBeGreaterThan(0);
    const unseen = await mine({ ...p.deps, venue: () => null });
    expect(Number(unseen.dailyLoss.used)).toBeLessThan(5);
  });

  test('shows until when the pause after a loss lasts, and no longer', async () => {
    const risk = { ...bound.trader.risk, cooldownMinutes: 10 };
    await p.records.updateTrader(bound.trader.id, { risk });
    expect((await mine()).coolingUntil).toBeNull();
    await p.run(bound, wants(buy));
    await p.price('49500');
    await p.run(bound, wants({ operation: 'close', symbol: 'BTC' }));
    const lossAt = p.clock.now();
    expect((await mine()).coolingUntil).toBe(lossAt + 600_000);
    await p.clock.advance(600_000);
    expect((await mine()).coolingUntil).toBeNull();
  });

  test('of a trader that never had money divides by nothing', async () => {
    const bare = await p.records.insertMember('bob', p.clock.now());
    const { trader } = bound;
    await p.records.read((tx) => tx.traders.insert({ ...trader, id: testId<typeof trader.id>(77), name: 'Bare', ownerId: bare }));
    const [poor] = (await safetySummary(p.deps, ownerScope(bare), page)).traders.items;
    expect(poor?.drawdown.used).toBe('0');
  });

  test('tells the budget of entries, and that limits nobody can read permit nothing', async () => {
    await p.run(bound, wants(buy));
    expect((await summary()).orderBudget).toEqual({ used: 1, limit: 300 });
    await p.records.read((tx) => tx.journal.putSetting(INSTANCE_LIMITS_SETTING, 'nonsense'));
    expect((await summary()).orderBudget).toEqual({ used: 1, limit: null });
  });
});

describe('uses of the kill switch', () => {
  const other = async (): Promise<OwnerScope> => ownerScope(await p.records.insertMember('bob', p.clock.now()));

  test('show everyone those of the instance, with the reports of their own traders', async () => {
    const stranger = await other();
    await arm(null);
    expect((await armedKills(p.deps, me()))[0]?.traders).toHaveLength(1);
    expect((await armedKills(p.deps, stranger)).map(({ traders }) => traders)).toEqual([[]]);
    expect((await listKills(p.deps, me(), page)).items.map(({ traders }) => traders.length)).toEqual([1]);
  });

  test('of a single trader are shown to its owner only', async () => {
    const stranger = await other();
    await arm(bound.trader.id);
    expect(await armedKills(p.deps, me())).toMatchObject([{ traderId: bound.trader.id }]);
    expect(await armedKills(p.deps, stranger)).toEqual([]);
    expect((await mine()).isKilled).toBe(true);
  });

  test('are none for somebody without traders', async () => {
    expect(await listKills(p.deps, ownerScope(testId<UserId>(404)), page)).toMatchObject({ items: [] });
    expect((await summary()).armedKills).toEqual([]);
    expect(decimal((await mine()).drawdown.used)).toBe('0');
  });
});
