import { ok, type Trader, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
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

/**
 * Pauses or resumes. Resuming needs a model and an exchange (`trader_not_ready`), starts its schedules again and forgets an
 * earlier failure; pausing cancels entries that rest. Both raise the generation: an order decided before is not sent any more. The same status twice changes nothing.
 */
export async function setStatus(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId; readonly active: boolean },
): Promise<UseCaseResult<TraderView>> {
  const result = await storeStatus(deps, scope, input);
  if (result.ok && !input.active) await cancelResting(deps, result.value.trader);
  return result;
}

/** A pause ends what would still open a position. A venue that does not answer is asked again by the next pause or delete; the pause itself holds. */
async function cancelResting(deps: EngineDeps, trader: Trader): Promise<void> {
  const connection = trader.exchange === null ? null : deps.venue(trader.exchange.venue, trader.exchange.environment);
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
  input: { readonly traderId: TraderId; readonly active: boolean },
): Promise<UseCaseResult<TraderView>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<TraderView>> => {
    const own = await lockOwnTrader(tx, scope, input.traderId);
    if (!own.ok) return own;
    const trader = own.value;
    if (trader.isActive === input.active) return ok(await viewTrader(tx, deps, trader));
    const missing = missingSteps(deps, trader, 1);
    if (input.active && missing.length > 0) return notReady(trader, missing);
    const next: Trader = {
      ...trader,
      isActive: input.active,
      activatedAt: input.active ? deps.clock.now() : trader.activatedAt,
      generation: trader.generation + 1,
    };
    const action = input.active ? 'trader.resumed' : 'trader.paused';
    await storeTrader(tx, deps, scope, next, { action, detail: { generation: next.generation } });
    if (input.active) await startSchedules(tx, deps, trader.id);
    // Queued runs of a paused trader end as skipped, each with its reason.
    await tx.jobs.wake(trader.id);
    return ok(await viewTrader(tx, deps, next));
  });
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
