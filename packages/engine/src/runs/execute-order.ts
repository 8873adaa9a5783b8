import { canonicalJson, type Decision, type Run, TRIGGER_AGE_MS_MAX } from '@hyperoru/domain';
import { connectionOf, type EngineDeps, type VenueConnection } from '../deps.ts';
import { decide } from '../execution/decide.ts';
import type { LaneLease } from '../ports/jobs.ts';
import { concludeRun } from './conclude-run.ts';
import type { RunEnd } from './finish-run.ts';
import { type Started, skipped, startRun, tooLate } from './start-run.ts';
import { sumUp } from './sum-up.ts';
import { trade, tripWhenOverBudget } from './trade.ts';

/** What a person's order works with. */
interface OrderSetting {
  readonly connection: VenueConnection;
  readonly decision: Decision;
  /** The trader's generation when the person ordered. */
  readonly generation: number;
}

/**
 * A person's order: the same gate, intents, sending and protection as a strategy's decision, but nobody is asked, and an earlier pause
 * is no obstacle; what stops the trader after the person ordered is.
 */
export async function executeOrder(deps: EngineDeps, lease: LaneLease, queued: Run): Promise<void> {
  const setting = await startRun(deps, queued, async (_tx, given) => readOrder(deps, given));
  if (setting !== null) await concludeRun(deps, setting, () => place(deps, lease, setting));
}

function readOrder(deps: EngineDeps, { run, trader }: Started): OrderSetting | RunEnd {
  const { decision, generation } = run.trigger;
  if (decision === undefined || generation === undefined) throw new Error(`Expected run ${run.id} to carry an order.`);
  if (trader.deletedAt !== null) return skipped('trader_deleted', 'The trader was deleted.');
  const age = deps.clock.now() - run.trigger.at;
  if (age > TRIGGER_AGE_MS_MAX) return tooLate(age);
  const connection = connectionOf(deps, trader);
  return connection === null ? skipped('exchange_missing', 'The trader has no exchange yet.') : { connection, decision, generation };
}

async function place(deps: EngineDeps, lease: LaneLease, setting: Started & OrderSetting): Promise<RunEnd> {
  const { run, trader, decision, generation, connection } = setting;
  const decidedAt = deps.clock.now();
  const contextHash = deps.ids.hash(canonicalJson({ ...decision }));
  const stored = await decide(deps, connection, trader.id, {
    base: { runId: run.id, traderId: trader.id, bindingId: null, promptVersionId: null, contextHash },
    index: 0,
    decision,
    decidedAt,
    symbols: decision.symbol === null ? [] : [decision.symbol],
    promptMark: null,
  });
  const order =
    stored.order === null ? null : await trade(deps, lease, setting, { order: stored.order, decidedAt, generation, isByHand: true });
  await tripWhenOverBudget(deps, { record: stored.record, order });
  return sumUp([{ record: stored.record, order }]);
}
