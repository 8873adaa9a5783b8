import type { Run, RunOutcome, Trader } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';

export interface RunEnd {
  readonly outcome: RunOutcome;
  /** Stable code; null for a plain `traded`. */
  readonly code: string | null;
  readonly reason: string | null;
}

/** Gives a run its one outcome inside `tx` and tells stream and audit. A finished run stays as it is. */
export async function finishRun(
  deps: Pick<EngineDeps, 'clock'>,
  tx: StoreTx,
  input: { readonly run: Run; readonly trader: Trader; readonly end: RunEnd },
): Promise<void> {
  const current = await tx.runs.get(input.run.id);
  if (current === null || current.state === 'finished') return;
  const now = deps.clock.now();
  const finished: Run = { ...current, state: 'finished', ...input.end, startedAt: current.startedAt ?? now, finishedAt: now };
  await tx.runs.update(finished);
  const { trader } = input;
  await tx.journal.publish({
    at: now,
    ownerId: trader.ownerId,
    traderId: trader.id,
    topic: 'run.finished',
    payload: {
      run_id: finished.id,
      outcome: finished.outcome,
      code: finished.code,
      reason: finished.reason,
      cause: finished.trigger.cause,
    },
  });
  await tx.journal.audit({
    at: now,
    ownerId: trader.ownerId,
    actor: `run:${finished.id}`,
    action: 'run.finished',
    subject: `run:${finished.id}`,
    detail: { trigger_id: finished.trigger.id, outcome: finished.outcome, code: finished.code },
  });
}
