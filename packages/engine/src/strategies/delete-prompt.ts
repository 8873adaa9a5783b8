import { ok, type PromptId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { lockPrompts, readOwnPrompt } from './prompt-view.ts';

/** Removes a prompt from use; its versions stay for the decisions that pin them. Refuses `prompt_in_use` while a binding uses it. */
export async function deletePrompt(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly promptId: PromptId },
): Promise<UseCaseResult<null>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<null>> => {
    await lockPrompts(tx);
    const own = await readOwnPrompt(tx, scope, input.promptId);
    if (!own.ok) return own;
    const { prompt } = own.value;
    const bindings = await tx.bindings.listByPrompt(prompt.id);
    if (bindings.length > 0) {
      const message = `"${prompt.name}" is used by ${bindings.length} binding(s). Delete them first, or bind another prompt there.`;
      return refuse(
        'prompt_in_use',
        message,
        bindings.map((binding) => ({ field: 'binding', message: binding.id })),
      );
    }
    const now = deps.clock.now();
    await tx.prompts.update({ ...prompt, updatedAt: now, deletedAt: now });
    await auditUserAction(tx, deps, scope, { action: 'prompt.deleted', subject: `prompt:${prompt.id}`, detail: { name: prompt.name } });
    return ok(null);
  });
}
