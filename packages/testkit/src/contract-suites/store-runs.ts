import { addMs, type Run } from '@hyperoru/domain';
import { describe, expect, it } from 'vitest';
import { decision } from '../factories/decisions.ts';
import { FAKE_EPOCH } from '../system/fake-clock.ts';
import { decisionOf, finishedRunOf, modelCallOf, plantWorld, runOf, type StoreUnderTest } from './store-world.ts';

export function describeRuns(subject: () => StoreUnderTest): void {
  describeTriggers(subject);
  describeContents(subject);
}

function describeTriggers(subject: () => StoreUnderTest): void {
  describe('runs', () => {
    it('accepts a trigger once, also when it arrives several times at once', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const run = runOf(world);
      const arrivals = [run, ...Array.from({ length: 5 }, () => ({ ...runOf(world), trigger: run.trigger }))];
      const taken = await Promise.all(arrivals.map((arrival) => store.transaction((tx) => tx.runs.insert(arrival))));
      expect(taken.filter((isNew) => isNew)).toHaveLength(1);
      const kept = await store.transaction((tx) => tx.runs.findByTrigger(run.trigger.id));
      expect(arrivals).toContainEqual(kept);
    });

    it('records repeated arrivals without touching the first', async () => {
      const { store, readModel } = subject();
      const world = await plantWorld(subject());
      const first = finishedRunOf(world, 0, { outcome: 'failed', code: 'model_timeout' });
      const again = { ...finishedRunOf(world, 5, { outcome: 'duplicate' }), trigger: first.trigger };
      await store.transaction(async (tx) => {
        await tx.runs.insert(first);
        await tx.runs.insertDuplicate(again, first.trigger.id);
        await tx.runs.insertDuplicate({ ...again, id: runOf(world).id }, first.trigger.id);
      });
      expect(await store.transaction((tx) => tx.runs.findByTrigger(first.trigger.id))).toEqual(first);
      expect(await store.transaction((tx) => tx.runs.lastExecuted(world.trader.id))).toEqual(first);
      expect((await readModel.listRuns(world.scope, {}, { limit: 10, cursor: null })).items).toHaveLength(3);
    });

    it('lists open runs oldest first and forgets finished ones', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const [late, early, running] = [
        runOf(world, 20),
        runOf(world, 10),
        runOf(world, 15, { state: 'running', startedAt: addMs(FAKE_EPOCH, 16) }),
      ];
      await store.transaction(async (tx) => {
        for (const run of [late, early, running]) await tx.runs.insert(run);
      });
      expect(await store.transaction((tx) => tx.runs.listOpen(world.trader.id))).toEqual([early, running, late]);
      const finished = { ...early, state: 'finished' as const, outcome: 'held' as const, finishedAt: addMs(FAKE_EPOCH, 30) };
      await store.transaction((tx) => tx.runs.update(finished));
      expect(await store.transaction((tx) => tx.runs.listOpen(world.trader.id))).toEqual([running, late]);
      expect(await store.transaction((tx) => tx.runs.get(early.id))).toEqual(finished);
      expect(await store.transaction((tx) => tx.runs.lastExecuted(world.trader.id))).toEqual(finished);
    });

    it.each(['skipped', 'late', 'duplicate'] as const)('does not count a %s run as an execution', async (outcome) => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const failed = finishedRunOf(world, 0, { outcome: 'failed', code: 'model_timeout' });
      await store.transaction(async (tx) => {
        await tx.runs.insert(failed);
        await tx.runs.insert(finishedRunOf(world, 10, { outcome }));
      });
      expect(await store.transaction((tx) => tx.runs.lastExecuted(world.trader.id))).toEqual(failed);
    });
  });
}

function describeContents(subject: () => StoreUnderTest): void {
  describe('model calls and decisions', () => {
    it('reads model calls and decisions as they were written, in order', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const run = finishedRunOf(world);
      const calls = [
        modelCallOf(run, 1, { costUsd: null, rawAnswer: null, errorCode: 'model_timeout' }),
        modelCallOf(run, 2, { reasoning: 'Because.', context: null }),
      ];
      const made = [
        decisionOf(world, run),
        decisionOf(world, run, { index: 1, decision: null, plan: null, verdict: { status: 'invalid', code: 'schema', message: 'No.' } }),
      ];
      await store.transaction(async (tx) => {
        await tx.runs.insert(run);
        for (const call of [...calls].reverse()) await tx.runs.insertModelCall(call);
        for (const record of [...made].reverse()) await tx.runs.insertDecision(record);
      });
      expect(await store.transaction((tx) => tx.runs.listModelCalls(run.id))).toEqual(calls);
      expect(await store.transaction((tx) => tx.runs.listDecisions(run.id))).toEqual(made);
    });

    it('keeps what a person ordered by hand, and a decision that no strategy made', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const run = finishedRunOf(world);
      const byHand: Run = { ...run, trigger: { ...run.trigger, bindingId: null, cause: 'order', decision: decision(), generation: 3 } };
      const made = decisionOf(world, byHand, { bindingId: null, promptVersionId: null });
      await store.transaction(async (tx) => {
        await tx.runs.insert(byHand);
        await tx.runs.insertDecision(made);
      });
      expect(await store.transaction((tx) => tx.runs.get(byHand.id))).toEqual(byHand);
      expect(await store.transaction((tx) => tx.runs.findByTrigger(byHand.trigger.id))).toEqual(byHand);
      expect(await store.transaction((tx) => tx.runs.listDecisions(byHand.id))).toEqual([made]);
    });

    it('sums known costs exactly, from the moment on', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const run = finishedRunOf(world);
      const at = addMs(FAKE_EPOCH, 100);
      expect(await store.transaction((tx) => tx.runs.modelCostSince(world.trader.id, at))).toBe('0');
      await store.transaction(async (tx) => {
        await tx.runs.insert(run);
        await tx.runs.insertModelCall(modelCallOf(run, 1, { createdAt: addMs(at, -1), costUsd: '5' }));
        await tx.runs.insertModelCall(modelCallOf(run, 2, { createdAt: at, costUsd: '0.1' }));
        await tx.runs.insertModelCall(modelCallOf(run, 3, { createdAt: addMs(at, 1), costUsd: '0.2' }));
        await tx.runs.insertModelCall(modelCallOf(run, 4, { createdAt: addMs(at, 2), costUsd: null }));
      });
      expect(await store.transaction((tx) => tx.runs.modelCostSince(world.trader.id, at))).toBe('0.3');
    });

    it('refuses a second answer for a step and a second decision with an id', async () => {
      const { store } = subject();
      const world = await plantWorld(subject());
      const run = finishedRunOf(world);
      const made = decisionOf(world, run);
      await store.transaction(async (tx) => {
        await tx.runs.insert(run);
        await tx.runs.insertModelCall(modelCallOf(run));
        await tx.runs.insertDecision(made);
      });
      await expect(store.transaction((tx) => tx.runs.insertModelCall(modelCallOf(run)))).rejects.toMatchObject({
        rule: 'model_call_exists',
      });
      await expect(store.transaction((tx) => tx.runs.insertDecision(made))).rejects.toMatchObject({ rule: 'decision_exists' });
    });
  });
}
