import { ok, type PromptId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';
import { insertPrompt } from './create-prompt.ts';
import { type PromptView, readOwnPrompt } from './prompt-view.ts';

const NAME_LENGTH_MAX = 80;
const SUFFIX = ' (copy)';

/** A new prompt with the current text of another, named after it with " (copy)"; a long name is cut to fit. */
export async function copyPrompt(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly promptId: PromptId },
): Promise<UseCaseResult<PromptView>> {
  return deps.store.transaction(async (tx): Promise<UseCaseResult<PromptView>> => {
    const own = await readOwnPrompt(tx, scope, input.promptId);
    if (!own.ok) return own;
    const name = `${own.value.prompt.name.slice(0, NAME_LENGTH_MAX - SUFFIX.length)}${SUFFIX}`;
    return ok(await insertPrompt(tx, deps, scope, { name, content: own.value.version.content, action: 'prompt.copied' }));
  });
}
