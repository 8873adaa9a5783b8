import {
  canonicalJson,
  DENIALS,
  type Decision,
  type DecisionRecord,
  type Order,
  ok,
  type Run,
  type RunId,
  type Trader,
  type TraderId,
  type Trigger,
  type TriggerId,
} from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import { expected } from '../expected.ts';
import type { StoreTx } from '../ports/store.ts';
import { NoAnswerInTime, within } from '../ports/within.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { readOwnTrader } from '../traders/own-trader.ts';

/** Whoever placed the order waits this long for what became of it; it goes on without them. */
const ANSWER_MS_MAX = 10_000;
const LOOK_EVERY_MS = 25;

/** What became of a person's order, from the records. */
export interface OrderByHand {
  readonly run: Run;
  /** null while it waits for its turn, and when it was not judged. */
  readonly record: DecisionRecord | null;
  /** The entry or the close; its protective orders follow from it. */
  readonly order: Order | null;
}

/**
 * An order that a person writes, also for a paused trader. It is stored as a run of its own and executed in the trader's lane by the
 * same gate, intents and protection as a strategy's decision. The same key is the same order for all time: it is placed once, and
 * its answer is read from the records again. Refuses `idempotency_key_reused`, `trader_not_ready`, `order_denied`, `order_not_placed`.
 */
export async function placeManualOrder(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId; readonly key: string; readonly decision: Decision },
): Promise<UseCaseResult<OrderByHand>> {
  const stored = await deps.store.transaction(async (tx): Promise<UseCaseResult<Run>> => {
    const own = await readOwnTrader(tx, scope, input.traderId);
    if (!own.ok) return own;
    if (own.value.exchange === null)
      return refuse('trader_not_ready', `"${own.value.name}" has no exchange yet. Set one with PUT /api/traders/{id}/exchange.`);
    return storeOrder(deps, tx, scope, { trader: own.value, key: input.key, decision: input.decision });
  });
  if (!stored.ok) return stored;
  await finished(deps, stored.value.id);
  return resultOf(await deps.store.transaction((tx) => readResult(tx, stored.value)));
}

async function storeOrder(
  deps: EngineDeps,
  tx: StoreTx,
  scope: OwnerScope,
  { trader, key, decision }: { readonly trader: Trader; readonly key: string; readonly decision: Decision },
): Promise<UseCaseResult<Run>> {
  const now = deps.clock.now();
  const id = deps.ids.derived('trigger', trader.id, 'order', key) as TriggerId;
  const trigger: Trigger = {
    id,
    traderId: trader.id,
    bindingId: null,
    cause: 'order',
    eventId: key,
    at: now,
    decision,
    generation: trader.generation,
  };
  const run: Run = {
    id: deps.ids.derived('run', id) as RunId,
    traderId: trader.id,
    trigger,
    state: 'queued',
    outcome: null,
    code: null,
    reason: null,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
  };
  if (!(await tx.runs.insert(run))) {
    const first = expected(await tx.runs.findByTrigger(id), `a run of trigger ${id} to be stored`);
    const isSame = canonicalJson({ ...first.trigger.decision }) === canonicalJson({ ...decision });
    return isSame ? ok(first) : refuse('idempotency_key_reused', 'This key belongs to another order. Use a new key for a new order.');
  }
  const payload = { run_id: run.id, cause: 'order' };
  await tx.journal.publish({ at: now, ownerId: trader.ownerId, traderId: trader.id, topic: 'run.created', payload });
  const detail = { trader_id: trader.id, operation: decision.operation, symbol: decision.symbol, portion: decision.portion };
  await auditUserAction(tx, deps, scope, { action: 'order.placed', subject: `run:${run.id}`, detail });
  await tx.jobs.wake(trader.id);
  return ok(run);
}

/** Waits until the run has ended, or for as long as an answer may take. */
async function finished(deps: EngineDeps, id: RunId): Promise<void> {
  const look = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      if ((await deps.store.transaction((tx) => tx.runs.get(id)))?.state === 'finished') return;
      await deps.clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    }
  };
  try {
    await within(deps.clock, ANSWER_MS_MAX, look);
  } catch (error) {
    if (!(error instanceof NoAnswerInTime)) throw error;
  }
}

async function readResult(tx: StoreTx, { id }: Run): Promise<OrderByHand> {
  const run = expected(await tx.runs.get(id), `run ${id} to be stored`);
  const record = (await tx.runs.listDecisions(id))[0] ?? null;
  const legs = record === null ? [] : await tx.orders.listByDecision(record.id);
  return { run, record, order: legs.find(({ purpose }) => purpose === 'entry' || purpose === 'close') ?? null };
}

/** An order that left, or is still to leave, is an answer whatever became of it; one that never will is a refusal. */
function resultOf(result: OrderByHand): UseCaseResult<OrderByHand> {
  const { order } = result;
  const { outcome, code, reason } = result.run;
  const isOnItsWay = order !== null && order.state !== 'intent' && order.state !== 'dropped';
  // Only what traded as it was asked to has no code; what is not finished has none yet.
  if (isOnItsWay || code === null || reason === null) return ok(result);
  const fix = Object.entries(DENIALS).find(([denial]) => denial === code)?.[1];
  const details = [{ field: 'order', message: code }, ...(fix === undefined ? [] : [{ field: 'fix', message: fix }])];
  return refuse(outcome === 'denied' ? 'order_denied' : 'order_not_placed', reason, details);
}
