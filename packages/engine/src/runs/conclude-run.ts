import type { Run, Trader } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import { errorFields } from '../error-fields.ts';
import { LeaseLost } from '../ports/jobs.ts';
import { finishRun, type RunEnd } from './finish-run.ts';

/** Does the work of a run and gives the run its one outcome, also when the work fails. A lost lease leaves it to the next holder. */
export async function concludeRun(
  deps: EngineDeps,
  { run, trader }: { readonly run: Run; readonly trader: Trader },
  work: () => Promise<RunEnd>,
): Promise<void> {
  const end = await work().catch((error: unknown) => endOf(deps, run, error));
  await deps.store.transaction((tx) => finishRun(deps, tx, { run, trader, end }));
}

function endOf(deps: EngineDeps, run: Run, error: unknown): RunEnd {
  if (error instanceof LeaseLost) throw error;
  deps.log.error('run.failed', { runId: run.id, ...errorFields(error) });
  const isVenue = error instanceof Error && error.name === 'VenueUnavailable';
  return isVenue
    ? { outcome: 'failed', code: 'venue_unavailable', reason: 'The venue did not answer; nothing more was sent.' }
    : { outcome: 'failed', code: 'internal_error', reason: `An error of ours stopped the run; see the log for run ${run.id}.` };
}
