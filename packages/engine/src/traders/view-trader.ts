import { type Run, type Trader, type TraderStatus, traderStatus } from '@hyperoru/domain';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import { missingSteps, type SetUpStep } from './set-up-steps.ts';

/** A trader with what follows from its records. */
export interface TraderView {
  readonly trader: Trader;
  readonly status: TraderStatus;
  /** The failed run behind the status `error`: its sentence and its id; else null. */
  readonly statusReason: string | null;
  readonly statusRunId: Run['id'] | null;
  readonly setUpMissing: readonly SetUpStep[];
}

/** Derives the view inside a transaction, so that it agrees with what the transaction just wrote. */
export async function viewTrader(tx: StoreTx, deps: Pick<EngineDeps, 'checkBaseUrl'>, trader: Trader): Promise<TraderView> {
  const lastFinished = await tx.runs.lastFinished(trader.id);
  const bindings = trader.deletedAt === null ? await tx.bindings.listByTrader(trader.id) : [];
  const status = traderStatus(trader, lastFinished);
  const failed = status === 'error' ? lastFinished : null;
  return {
    trader,
    status,
    statusReason: failed?.reason ?? null,
    statusRunId: failed?.id ?? null,
    setUpMissing: trader.deletedAt === null ? missingSteps(deps, trader, bindings.length) : [],
  };
}
