import {
  canonicalJson,
  type Decimal,
  type Decision,
  type DecisionRecord,
  type Order,
  parseAnswer,
  type Run,
  type Symbol,
  type Timestamp,
} from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { type DecisionInput, decide, recordInvalid } from '../execution/decide.ts';
import { ORDER_VALIDITY_MS, sendOrder } from '../execution/send-order.ts';
import { type LaneLease, LeaseLost } from '../ports/jobs.ts';
import { cancelEntries } from '../protection/cancel-entries.ts';
import { cleanUpFlat } from '../protection/clean-up-flat.ts';
import { protectEntry } from '../protection/protect-entry.ts';
import { buildVariables, type StrategyContext } from '../strategies/context.ts';
import { askModel } from './ask-model.ts';
import { finishRun, type RunEnd } from './finish-run.ts';
import { type RunSetting, startRun } from './start-run.ts';
import { sumUp } from './sum-up.ts';

/** A lease must outlive the request it sends by this much (I14). */
const SEND_MARGIN_MS = 2_000;

/**
 * One run from trigger to outcome: frozen context → prompt → model → decisions → plan and gate → intents → orders →
 * protection. Whatever happens, the run ends with exactly one outcome and its reason.
 */
export async function executeRun(deps: EngineDeps, lease: LaneLease, queued: Run): Promise<void> {
  const setting = await startRun(deps, queued);
  if (setting === null) return;
  const end = await workRun(deps, lease, setting).catch((error: unknown) => endOf(deps, setting, error));
  await deps.store.transaction((tx) => finishRun(deps, tx, { run: setting.run, trader: setting.trader, end }));
}

function endOf(deps: EngineDeps, setting: RunSetting, error: unknown): RunEnd {
  if (error instanceof LeaseLost) throw error;
  deps.log.error('run.failed', { runId: setting.run.id, error: error instanceof Error ? error.stack : String(error) });
  const isVenue = error instanceof Error && error.name === 'VenueUnavailable';
  return isVenue
    ? { outcome: 'failed', code: 'venue_unavailable', reason: 'The venue did not answer; nothing more was sent.' }
    : { outcome: 'failed', code: 'internal_error', reason: `An error of ours stopped the run; see the log for run ${setting.run.id}.` };
}

async function workRun(deps: EngineDeps, lease: LaneLease, setting: RunSetting): Promise<RunEnd> {
  const { trader, binding, version, run } = setting;
  const context = await buildVariables(deps, { trader, symbols: binding.symbols, trigger: run.trigger, now: deps.clock.now() });
  const rendered = await deps.renderer.render(version.content, context.variables);
  if (rendered.kind === 'refused') return failed('template_invalid', rendered.problems.map((problem) => problem.message).join(' '));
  const contextHash = deps.ids.hash(canonicalJson(context.context));
  const outcome = await askModel(deps, setting, { promptText: rendered.text, context, contextHash, signal: lease.signal });
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
    const order = stored.order === null ? null : await trade(deps, lease, setting, { order: stored.order, decidedAt });
    results.push({ record: stored.record, order });
  }
  return sumUp(results);
}

async function trade(
  deps: EngineDeps,
  lease: LaneLease,
  { connection, trader }: RunSetting,
  { order, decidedAt }: { readonly order: Order; readonly decidedAt: Timestamp },
): Promise<Order> {
  const isEntry = order.purpose === 'entry';
  if (!isEntry) await cancelEntries(deps, connection, trader.id, order.symbol);
  const sent = await sendOrder(deps, connection, order.id, {
    ...(isEntry ? { generation: trader.generation, decidedAt } : { generation: null }),
    epoch: lease.epoch,
    assertMaySend: () => lease.assertHeldFor(ORDER_VALIDITY_MS + SEND_MARGIN_MS),
  });
  if (isEntry) await protectEntry(deps, connection, sent.id);
  else await cleanUpFlat(deps, connection, trader.id, sent.symbol);
  return sent;
}

function markInPrompt(context: StrategyContext, symbol: Symbol | null): Decimal | null {
  const prices = (context.context as { readonly market_prices?: readonly { readonly symbol: string; readonly mark: Decimal }[] | null })
    .market_prices;
  return prices?.find((price) => price.symbol === symbol)?.mark ?? null;
}

const failed = (code: string, reason: string): RunEnd => ({ outcome: 'failed', code, reason });
