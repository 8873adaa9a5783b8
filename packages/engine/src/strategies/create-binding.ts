import { asId, type Binding, type BindingId, type BindingTrigger, ok, type PromptId, type Symbol, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { lockOwnTrader } from '../traders/own-trader.ts';
import { announceTrader } from '../traders/store-trader.ts';
import { scheduleBindingSlots } from '../triggers/work-slot.ts';
import { type BindingView, bindingView } from './binding-view.ts';
import { checkSchedules } from './check-schedules.ts';
import { checkSymbols } from './check-symbols.ts';
import { lockPrompts, readOwnPrompt } from './prompt-view.ts';

/** Bindings one trader may have. */
const BINDINGS_MAX = 50;

export interface BindingInput {
  readonly traderId: TraderId;
  readonly promptId: PromptId;
  readonly symbols: readonly Symbol[];
  readonly triggers: readonly BindingTrigger[];
  readonly params: Binding['params'];
  readonly enabled: boolean;
}

/** Binds a prompt to a trader and starts its schedules. Refuses `unknown_symbol`, `schedule_invalid`, `limit_invalid` beyond 50 bindings. */
export async function createBinding(deps: EngineDeps, scope: OwnerScope, input: BindingInput): Promise<UseCaseResult<BindingView>> {
  const now = deps.clock.now();
  const schedules = checkSchedules(input.triggers, now);
  if (!schedules.ok) return schedules;
  return deps.store.transaction(async (tx): Promise<UseCaseResult<BindingView>> => {
    const own = await lockOwnTrader(tx, scope, input.traderId);
    if (!own.ok) return own;
    await lockPrompts(tx);
    const prompt = await readOwnPrompt(tx, scope, input.promptId);
    if (!prompt.ok) return prompt;
    const symbols = checkSymbols(deps, own.value, input.symbols);
    if (!symbols.ok) return symbols;
    if ((await tx.bindings.listByTrader(input.traderId)).length >= BINDINGS_MAX) {
      return refuse('limit_invalid', `A trader has at most ${BINDINGS_MAX} bindings. Delete one first.`);
    }
    const binding: Binding = { ...input, id: asId<BindingId>(deps.ids.uuid()), createdAt: now, updatedAt: now, deletedAt: null };
    await tx.bindings.insert(binding);
    if (binding.enabled) await scheduleBindingSlots(deps, tx, binding);
    const detail = { binding_id: binding.id, prompt_id: binding.promptId, symbols: binding.symbols, enabled: binding.enabled };
    await announceTrader(tx, deps, scope, own.value, { action: 'binding.created', detail });
    return ok(bindingView(binding, own.value, prompt.value.prompt.name, now));
  });
}
