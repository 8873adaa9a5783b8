import { analyticsByAccount, analyticsByStrategy, deletePrompt, deleteTrader, ownerScope } from '@hyperoru/engine';
import { buy, wants } from '@hyperoru/testkit';
import { expect, test } from 'vitest';
import { valueOf } from './engine-world.ts';
import { openPipeline } from './harness/pipeline.ts';

test('a deleted trader and its deleted prompt keep their names in the analysis of what they traded', async () => {
  const { pipeline: p, close } = await openPipeline();
  const bound = await p.newTrader();
  const { trader, binding } = bound;
  const scope = ownerScope(trader.ownerId);
  await p.run(bound, wants(buy));
  await p.run(bound, wants({ operation: 'close', symbol: 'BTC', target_portion_of_balance: 1, reason: 'done' }));
  valueOf(await deleteTrader(p.deps, scope, { traderId: trader.id }));
  if (binding.promptId === null) throw new Error('Expected a prompt.');
  valueOf(await deletePrompt(p.deps, scope, { promptId: binding.promptId }));
  const accounts = valueOf(await analyticsByAccount(p.deps, scope, { includeDeleted: true }));
  const strategies = valueOf(await analyticsByStrategy(p.deps, scope, { includeDeleted: true }));
  expect(accounts).toMatchObject([{ traderName: trader.name, isDeleted: true, statistics: { trades: 1 } }]);
  expect(strategies).toMatchObject([{ strategyName: `Prompt of ${trader.name}`, statistics: { trades: 1 } }]);
  await close();
});
