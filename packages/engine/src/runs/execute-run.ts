import {
  canonicalJson,
  type Decimal,
  type Decision,
  type DecisionRecord,
  type Order,
  parseAnswer,
  type Run,
  type Symbol,
} from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { type DecisionInput, decide, recordInvalid } from '../execution/decide.ts';
import type { LaneLease } from '../ports/jobs.ts';
import { buildVariables, type StrategyContext } from '../strategies/context.ts';
import { askModel } from './ask-model.ts';
import { concludeRun } from './conclude-run.ts';
import type { RunEnd } from './finish-run.ts';
import { servingOrders } from './serve-orders.ts';
import { type RunSetting, startStrategy } from './start-run.ts';
import { sumUp } from './sum-up.ts';
import { trade, tripWhenOverBudget } from './trade.ts';

/**
 * One run from trigger to outcome: frozen context → prompt → model → decisions → plan and gate → intents → orders →
 * protection. Whatever happens, the run ends with exactly one outcome and its reason.
 */
export async function executeRun(deps: EngineDeps, lease: LaneLease, queued: Run): Promise<void> {
  const setting = await startStrategy(deps, queued);
  if (setting !== null) await concludeRun(deps, setting, () => workRun(deps, lease, setting));
}

async function workRun(deps: EngineDeps, lease: LaneLease, setting: RunSetting): Promise<RunEnd> {
  const { trader, binding, version, run, connection } = setting;
  // Nothing could be decided or sent without the account: a venue that does not tell it ends the run before a model is paid.
  await connection.exchange.account(trader.id);
  const context = await buildVariables(deps, { trader, symbols: binding.symbols, trigger: run.trigger, now: deps.clock.now() });
  const rendered = await deps.renderer.render(version.content, context.variables);
  if (rendered.kind === 'refused') return failed('template_invalid', rendered.problems.map((problem) => problem.message).join(' '));
  const contextHash = deps.ids.hash(canonicalJson(context.context));
  const asked = askModel(deps, setting, { promptText: rendered.text, context, contextHash, signal: lease.signal });
  const outcome = await servingOrders(deps, lease, asked);
  if (outcome.kind === 'error' && lease.signal.aborted)
    return { outcome: 'skipped', code: 'interrupted', reason: 'The process stopped while the model was asked; nothing was traded.' };
  if (outcome.kind === 'error') return failed(outcome.code, outcome.message);
  const base = { runId: run.id, traderId: trader.id, bindingId: binding.id, promptVersionId: version.id, contextHash };
  const answer = parseAnswer(outcome.text);
  if (!answer.ok) {
    await recordInvalid(deps, { base, ...answer.error });
    return {
      outcome: 'held',
      code: 'invalid_answer',
      reason: `The answer was no valid decision, so nothing was done: ${answer.error.message}`,
    };
  }
  return tradeAll(deps, lease, setting, { base, context, decisions: answer.value });
}

async function tradeAll(
  deps: EngineDeps,
  lease: LaneLease,
  setting: RunSetting,
  answered: { readonly base: DecisionInput['base']; readonly context: StrategyContext; readonly decisions: readonly Decision[] },
): Promise<RunEnd> {
  const decidedAt = deps.clock.now();
  const results: { record: DecisionRecord; order: Order | null }[] = [];
  for (const [index, decision] of answered.decisions.entries()) {
    const stored = await decide(deps, setting.connection, setting.trader.id, {
      base: answered.base,
      index,
      decision,
      decidedAt,
      symbols: setting.binding.symbols,
      promptMark: markInPrompt(answered.context, decision.symbol),
    });
    const order =
      stored.order === null
        ? null
        : await trade(deps, lease, setting, {
            order: stored.order,
            decidedAt,
            generation: setting.trader.generation,
            isByHand: false,
          });
    results.push({ record: stored.record, order });
    await tripWhenOverBudget(deps, { record: stored.record, order });
  }
  return sumUp(results);
}

function markInPrompt(context: StrategyContext, symbol: Symbol | null): Decimal | null {
  const prices = (context.context as { readonly market_prices?: readonly { readonly symbol: string; readonly mark: Decimal }[] | null })
    .market_prices;
  return prices?.find((price) => price.symbol === symbol)?.mark ?? null;
}

const failed = (code: string, reason: string): RunEnd => ({ outcome: 'failed', code, reason });
