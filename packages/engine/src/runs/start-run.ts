import { type Binding, decimal, gte, type PromptVersion, type Run, startOfUtcDay, TRIGGER_AGE_MS_MAX, type Trader } from '@hyperoru/domain';
import { connectionOf, type EngineDeps, type VenueConnection } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import { finishRun, type RunEnd } from './finish-run.ts';

/** Everything a run works with, read at one moment and not changed by it. */
export interface RunSetting extends Started {
  readonly binding: Binding;
  readonly version: PromptVersion;
  readonly connection: VenueConnection;
}

/** A run that has begun, with its trader at that moment. */
export interface Started {
  readonly run: Run;
  readonly trader: Trader;
}

/** Marks a queued run as running, or finishes it at once with the reason that `read` gives why it may not run. */
export async function startRun<T extends object>(
  deps: EngineDeps,
  queued: Run,
  read: (tx: StoreTx, given: Started) => Promise<T | RunEnd>,
): Promise<(T & Started) | null> {
  return deps.store.transaction(async (tx) => {
    const trader = await tx.traders.lock(queued.traderId);
    const run = await tx.runs.get(queued.id);
    if (trader === null || run === null) throw new Error(`Expected run ${queued.id} and its trader to be stored.`);
    if (run.state !== 'queued') return null;
    const setting = await read(tx, { run, trader });
    if ('outcome' in setting) {
      await finishRun(deps, tx, { run, trader, end: setting });
      return null;
    }
    const running: Run = { ...run, state: 'running', startedAt: deps.clock.now() };
    await tx.runs.update(running);
    return { ...setting, run: running, trader };
  });
}

/** As {@link startRun}, for a run in which a strategy is asked. */
export const startStrategy = (deps: EngineDeps, queued: Run): Promise<RunSetting | null> =>
  startRun(deps, queued, (tx, given) => readStrategy(deps, tx, given));

type Strategy = Omit<RunSetting, keyof Started>;

async function readStrategy(deps: EngineDeps, tx: StoreTx, { run, trader }: Started): Promise<Strategy | RunEnd> {
  const { bindingId } = run.trigger;
  const binding = bindingId === null ? null : await tx.bindings.get(bindingId);
  const age = deps.clock.now() - run.trigger.at;
  if (trader.deletedAt !== null) return skipped('trader_deleted', 'The trader was deleted.');
  if (!trader.isActive) return skipped('trader_paused', 'The trader is paused.');
  if (binding === null || binding.deletedAt !== null) return skipped('binding_deleted', 'The binding was deleted.');
  if (!binding.enabled) return skipped('binding_disabled', 'The binding is switched off.');
  if (age > TRIGGER_AGE_MS_MAX) return tooLate(age);
  if (trader.llm === null) return skipped('llm_missing', 'The trader has no model yet.');
  const connection = connectionOf(deps, trader);
  if (connection === null) return skipped('exchange_missing', 'The trader has no exchange yet.');
  const prompt = await tx.prompts.get(binding.promptId);
  const version = prompt === null ? null : await tx.prompts.getVersion(prompt.currentVersionId);
  if (version === null) return skipped('prompt_missing', 'The prompt of the binding does not exist any more.');
  return (await budgetEnd(deps, tx, trader)) ?? { binding, version, connection };
}

/** The day's model budget is checked before the call; money is spent by the call, not by its result. */
async function budgetEnd(deps: EngineDeps, tx: StoreTx, trader: Trader): Promise<RunEnd | null> {
  const budget = trader.risk.llmDailyBudgetUsd;
  if (budget === null) return null;
  const spent = decimal(await tx.runs.modelCostSince(trader.id, startOfUtcDay(deps.clock.now())));
  return gte(spent, budget) ? skipped('llm_budget_reached', `The model has cost ${spent} USD today; the limit is ${budget} USD.`) : null;
}

export const skipped = (code: string, reason: string): RunEnd => ({ outcome: 'skipped', code, reason });

/** The trigger waited too long for its turn. */
export const tooLate = (ageMs: number): RunEnd => ({
  outcome: 'late',
  code: 'trigger_too_old',
  reason: `The trigger was ${Math.round(ageMs / 1000)} s old when its turn came; the limit is ${TRIGGER_AGE_MS_MAX / 1000} s.`,
});
