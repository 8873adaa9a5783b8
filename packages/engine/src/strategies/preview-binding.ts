import { type BindingId, ok } from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';
import { type PromptPreview, renderPreview } from './preview-prompt.ts';

/** What the model would be told if the binding were triggered now; asks nobody and records nothing. */
export async function previewBinding(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly bindingId: BindingId },
): Promise<UseCaseResult<PromptPreview>> {
  const binding = await deps.readModel.findBinding(scope, input.bindingId);
  if (binding === null || binding.deletedAt !== null) return notFound('binding');
  const [trader, prompt] = await Promise.all([
    deps.readModel.findTrader(scope, binding.traderId),
    deps.readModel.findPrompt(scope, binding.promptId),
  ]);
  if (trader === null || prompt === null) return notFound('binding');
  return ok(await renderPreview(deps, { content: prompt.content, trader, symbols: binding.symbols }));
}
