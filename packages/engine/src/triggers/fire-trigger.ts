import type { Binding, Run, RunId, Timestamp, Trader, Trigger, TriggerCause, TriggerId } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';

export interface FiredTrigger {
  readonly run: Run;
  /** True when the same event had arrived before; `run` is then the first one's. */
  readonly isDuplicate: boolean;
}

/**
 * Records one occurrence and wakes the trader's lane. The trigger's id is derived from binding, cause and event, so the
 * same slot or event id can start one run only; a repeated arrival is recorded as `duplicate`.
 */
export async function fireTrigger(
  deps: Pick<EngineDeps, 'ids' | 'clock'>,
  tx: StoreTx,
  occurrence: {
    readonly trader: Trader;
    readonly binding: Binding;
    readonly cause: TriggerCause;
    readonly eventId: string;
    readonly at: Timestamp;
  },
): Promise<FiredTrigger> {
  const { trader, binding, cause, eventId, at } = occurrence;
  const now = deps.clock.now();
  const trigger: Trigger = {
    id: deps.ids.derived('trigger', binding.id, cause, eventId) as TriggerId,
    traderId: trader.id,
    bindingId: binding.id,
    cause,
    eventId,
    at,
  };
  const run: Run = {
    id: deps.ids.derived('run', trigger.id) as RunId,
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
  if (!(await tx.runs.insert(run))) return recordDuplicate(deps, tx, run);
  await tx.journal.publish({
    at: now,
    ownerId: trader.ownerId,
    traderId: trader.id,
    topic: 'run.created',
    payload: { run_id: run.id, cause },
  });
  await tx.jobs.wake(trader.id);
  return { run, isDuplicate: false };
}

async function recordDuplicate(deps: Pick<EngineDeps, 'ids' | 'clock'>, tx: StoreTx, repeated: Run): Promise<FiredTrigger> {
  const first = await tx.runs.findByTrigger(repeated.trigger.id);
  if (first === null) throw new Error(`Expected a run of trigger ${repeated.trigger.id}, was none.`);
  const now = deps.clock.now();
  const duplicate: Run = {
    ...repeated,
    id: deps.ids.uuid() as RunId,
    state: 'finished',
    outcome: 'duplicate',
    code: 'duplicate_event',
    reason: 'The same event had already started a run.',
    startedAt: now,
    finishedAt: now,
  };
  await tx.runs.insertDuplicate(duplicate, repeated.trigger.id);
  return { run: first, isDuplicate: true };
}
