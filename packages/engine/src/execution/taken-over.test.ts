import { type Bound, BTC, buy, decision, gate, openMemoryPipeline, type Pipeline, wants } from '@hyperoru/testkit';
import { beforeEach, expect, test } from 'vitest';
import { LeaseLost } from '../ports/jobs.ts';
import { Conflict } from '../ports/store.ts';
import { type DecisionInput, decide } from './decide.ts';

let p: Pipeline;
let bound: Bound;

beforeEach(async () => {
  p = (await openMemoryPipeline()).pipeline;
  bound = await p.newTrader();
});

test('what a frozen process decides after its lane was taken over is not stored, and the run keeps the outcome it has', async () => {
  const asked = gate();
  const answers = gate();
  p.model.will(bound.trader.name, async (request) => {
    asked.open();
    await answers.passed;
    return wants(buy)(request);
  });
  const { run } = await p.fire(bound);
  const frozen = p.work(bound);
  await asked.passed;
  await p.work(bound);
  answers.open();
  await expect(frozen).rejects.toThrow(LeaseLost);
  expect(await p.records.run(run.id)).toMatchObject({ outcome: 'skipped', code: 'interrupted' });
  expect(await p.records.decisions(run)).toEqual([]);
  expect(await p.records.openOrders(bound.trader.id)).toEqual([]);
  expect(p.sentFor(bound)).toEqual([]);
});

test('a decision that two store at once has one entry with its legs', async () => {
  const { run } = await p.fire(bound);
  const input: DecisionInput = {
    base: { runId: run.id, traderId: bound.trader.id, bindingId: null, promptVersionId: null, contextHash: '' },
    index: 0,
    decision: decision(),
    decidedAt: p.clock.now(),
    symbols: [BTC],
    promptMark: null,
  };
  const [first, second] = await Promise.allSettled([0, 1].map(() => decide(p.deps, p.connection, bound.trader.id, input)));
  expect(first).toMatchObject({ status: 'fulfilled', value: { order: { purpose: 'entry', state: 'intent' } } });
  expect(second).toMatchObject({ status: 'rejected', reason: new Conflict('decision_exists') });
  expect((await p.records.ordersOf(run)).map(({ purpose }) => purpose).toSorted()).toEqual(['entry', 'stop_loss', 'take_profit']);
});
