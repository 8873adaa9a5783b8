import { ok, type Trader, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { connectionOf, type EngineDeps } from '../deps.ts';
import { VenueUnavailable } from '../ports/exchange.ts';
import type { StoreTx } from '../ports/store.ts';
import { cancelEntries } from '../protection/cancel-entries.ts';
import { type Refusal, refuse, type UseCaseResult } from '../refusal.ts';
import { scheduleBindingSlots } from '../triggers/work-slot.ts';
import { lockOwnTrader } from './own-trader.ts';
import { missingSteps, type SetUpStep } from './set-up-steps.ts';
import { storeTrader } from './store-trader.ts';
import { type TraderView, viewTrader } from './view-trader.ts';

const FIXES: Readonly<Record<SetUpStep, string>> = {
  llm: 'Set a model and its key with PUT /api/traders/{id}/llm.',
  exchange: 'Set an exchange with PUT /api/traders/{id}/exchange.',
  binding: 'Bind a prompt with POST /api/traders/{id}/bindings.',
};

/** `reduce_only`: strategies run and their exits are executed, nothing is entered. */
export type WantedStatus = 'active' | 'reduce_only' | 'paused';

const ACTIONS: Readonly<Record<WantedStatus, string>> = {
  active: 'trader.resumed',
  reduce_only: 'trader.reduce_only',
  paused: 'trader.paused',
};

/**
 * Lets a trader run, run without entries, or pauses it. Running needs a model and an exchange (`trader_not_ready`) and no armed
 * kill (`killed`); it starts the schedules again and forgets an earlier failure. What may not enter any more has its resting entries
 * canceled. Each change raises the generation: an order decided before is not sent any more. The same status twice changes nothing.
 */
export async function setStatus(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId; readonly status: WantedStatus },
): Promise<UseCaseResult<TraderView>> {
  const result = await storeStatus(deps, scope, input);
  if (result.ok && input.status !== 'active') await cancelResting(deps, result.value.trader);
  return result;
}

/** A pause ends what would still open a position. A venue that does not answer is asked again by the next pause or delete; the pause itself holds. */
async function cancelResting(deps: EngineDeps, trader: Trader): Promise<void> {
  const connection = connectionOf(deps, trader);
  if (connection === null) return;
  try {
    await cancelEntries(deps, connection, trader.id, null);
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    deps.log.warn('trader.entries_not_canceled', { traderId: trader.id, message: error.message });
  }
}

async function storeStatus(
  deps: EngineDeps,
  scope: OwnerScope,
  { traderId, status }: { readonly traderId: TraderId; readonly status: WantedStatus },
): Promise<UseCaseResult<TraderView>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<TraderView>> => {
    const own = await lockOwnTrader(tx, scope, traderId);
    if (!own.ok) return own;
    const trader = own.value;
    const runs = status !== 'paused';
    if (statusOf(trader) === status) return ok(await viewTrader(tx, deps, trader));
    const missing = missingSteps(deps, trader, 1);
    if (runs && missing.length > 0) return notReady(trader, missing);
    if (runs && (await tx.safety.isKilled(trader.id)))
      return refuse('killed', `The kill switch is armed for "${trader.name}". Disarm it first, once you know why it was used.`);
    const next: Trader = {
      ...trader,
      isActive: runs,
      isReduceOnly: status === 'reduce_only',
      activatedAt: runs ? deps.clock.now() : trader.activatedAt,
      generation: trader.generation + 1,
    };
    await storeTrader(tx, deps, scope, next, { action: ACTIONS[status], detail: { generation: next.generation } });
    if (runs && !trader.isActive) await startSchedules(tx, deps, trader.id);
    // Queued runs of a paused trader end as skipped, each with its reason.
    await tx.jobs.wake(trader.id);
    return ok(await viewTrader(tx, deps, next));
  });
}

function statusOf({ isActive, isReduceOnly }: Trader): WantedStatus {
  if (!isActive) return 'paused';
  return isReduceOnly ? 'reduce_only' : 'active';
}

async function startSchedules(tx: StoreTx, deps: EngineDeps, traderId: TraderId): Promise<void> {
  for (const binding of await tx.bindings.listByTrader(traderId)) if (binding.enabled) await scheduleBindingSlots(deps, tx, binding);
}

function notReady(trader: Trader, missing: readonly SetUpStep[]): { readonly ok: false; readonly error: Refusal } {
  const message = `"${trader.name}" cannot run yet; missing: ${missing.join(', ')}. ${missing.map((step) => FIXES[step]).join(' ')}`;
  return refuse(
    'trader_not_ready',
    message,
    missing.map((step) => ({ field: step, message: FIXES[step] })),
  );
}
