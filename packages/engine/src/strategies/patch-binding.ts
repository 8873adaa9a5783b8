import { type Binding, type BindingId, ok } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';
import { announceTrader } from '../traders/store-trader.ts';
import { scheduleBindingSlots } from '../triggers/work-slot.ts';
import { type BindingView, bindingView, lockOwnBinding } from './binding-view.ts';
import { checkSchedules } from './check-schedules.ts';
import { checkSymbols } from './check-symbols.ts';
import type { BindingInput } from './create-binding.ts';
import { lockPrompts, readOwnPrompt } from './prompt-view.ts';

export type BindingChange = { readonly [K in keyof Omit<BindingInput, 'traderId'>]?: BindingInput[K] | undefined } & {
  readonly bindingId: BindingId;
};

/** Changes what is given. Enabling or rescheduling starts its schedules from now. Refuses as {@link createBinding} does. */
export async function patchBinding(deps: EngineDeps, scope: OwnerScope, input: BindingChange): Promise<UseCaseResult<BindingView>> {
  const now = deps.clock.now();
  const schedules = checkSchedules(input.triggers ?? [], now);
  if (!schedules.ok) return schedules;
  return deps.store.transaction(async (tx): Promise<UseCaseResult<BindingView>> => {
    const own = await lockOwnBinding(tx, scope, input.bindingId);
    if (!own.ok) return own;
    const { binding, trader } = own.value;
    const next: Binding = {
      ...binding,
      promptId: input.promptId ?? binding.promptId,
      symbols: input.symbols ?? binding.symbols,
      triggers: input.triggers ?? binding.triggers,
      params: input.params ?? binding.params,
      enabled: input.enabled ?? binding.enabled,
      updatedAt: now,
    };
    await lockPrompts(tx);
    const prompt = await readOwnPrompt(tx, scope, next.promptId);
    if (!prompt.ok) return prompt;
    const symbols = checkSymbols(deps, trader, next.symbols);
    if (!symbols.ok) return symbols;
    await tx.bindings.update(next);
    if (next.enabled) await scheduleBindingSlots(deps, tx, next);
    const detail = { binding_id: next.id, prompt_id: next.promptId, symbols: next.symbols, enabled: next.enabled };
    await announceTrader(tx, deps, scope, trader, { action: 'binding.updated', detail });
    return ok(bindingView(next, trader, prompt.value.prompt.name, now));
  });
}
