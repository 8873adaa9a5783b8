import { ok, type PromptId, type PromptVersion } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { Page, PageRequest } from '../ports/read-model.ts';
import type { UseCaseResult } from '../refusal.ts';
import { type PromptView, promptView, readOwnPrompt } from './prompt-view.ts';

/** The caller's prompts, newest first. */
export async function listPrompts(deps: EngineDeps, scope: OwnerScope, page: PageRequest): Promise<Page<PromptView>> {
  const [prompts, bindings] = await Promise.all([deps.readModel.listPrompts(scope, page), deps.readModel.listBindings(scope, {})]);
  const items = prompts.items.map((prompt) => ({
    ...prompt,
    bindingsCount: bindings.filter((binding) => binding.promptId === prompt.id).length,
  }));
  return { items, nextCursor: prompts.nextCursor };
}

export async function getPrompt(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly promptId: PromptId },
): Promise<UseCaseResult<PromptView>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<PromptView>> => {
    const own = await readOwnPrompt(tx, scope, input.promptId);
    if (!own.ok) return own;
    const bindings = await tx.bindings.listByPrompt(input.promptId);
    return ok(promptView(own.value.prompt, own.value.version, bindings.length));
  });
}

/** Every text the prompt ever had, newest first. */
export async function listPromptVersions(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly promptId: PromptId },
): Promise<UseCaseResult<readonly PromptVersion[]>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<readonly PromptVersion[]>> => {
    const own = await readOwnPrompt(tx, scope, input.promptId);
    if (!own.ok) return own;
    const versions = await tx.prompts.listVersions(input.promptId);
    return ok(versions.toSorted((a, b) => b.number - a.number));
  });
}
