import { type Binding, type Run, type Trader, type TraderStatus, traderStatus } from '@hyperoru/domain';
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
  const lastExecuted = await tx.runs.lastExecuted(trader.id);
  return traderView(deps, trader, { lastExecuted, bindings: await tx.bindings.listByTrader(trader.id) });
}

/** Derives the view from records that were read before. */
export function traderView(
  deps: Pick<EngineDeps, 'checkBaseUrl'>,
  trader: Trader,
  records: { readonly lastExecuted: Run | null; readonly bindings: readonly Binding[] },
): TraderView {
  const status = traderStatus(trader, records.lastExecuted);
  const failed = status === 'error' ? records.lastExecuted : null;
  return {
    trader,
    status,
    statusReason: failed?.reason ?? null,
    statusRunId: failed?.id ?? null,
    setUpMissing: trader.deletedAt === null ? missingSteps(deps, trader, records.bindings.length) : [],
  };
}
