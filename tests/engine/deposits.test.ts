import { add, decimal, startOfUtcDay } from '@hyperoru/domain';
import { analyticsSummary, ownerScope, traderCard } from '@hyperoru/engine';
import { buy, wants } from '@hyperoru/testkit';
import { expect, test } from 'vitest';
import { valueOf } from './engine-world.ts';
import { openPipeline } from './harness/pipeline.ts';

test('a deposit during the day raises the equity, and is no profit anywhere', async () => {
  const { pipeline: p, close } = await openPipeline();
  const bound = await p.newTrader();
  const { trader } = bound;
  const scope = ownerScope(trader.ownerId);
  const figures = async () => {
    const { equity, pnl } = valueOf(await traderCard(p.deps, scope, { traderId: trader.id }));
    const summary = valueOf(await analyticsSummary(p.deps, scope, { traderId: trader.id, includeDeleted: false }));
    const today = startOfUtcDay(p.clock.now());
    const realizedToday = await p.deps.store.transaction((tx) => tx.portfolio.realizedSince(trader.id, today));
    return { equity: Number(equity), profits: { pnl, analytics: summary.pnl, realizedToday } };
  };
  await p.run(bound, wants(buy));
  await p.run(bound, wants({ operation: 'close', symbol: 'BTC', target_portion_of_balance: 1, reason: 'done' }));
  const before = await figures();
  const deposit = decimal('500');
  p.exchange.accountAs = (account) => ({ ...account, balance: add(account.balance, deposit), equity: add(account.equity, deposit) });
  await p.pass(bound, 30);
  const after = await figures();
  expect(after.equity - before.equity).toBeCloseTo(500, 8);
  expect(after.profits).toEqual(before.profits);
  await p.assertConsistent(bound);
  await close();
});
