import { asId, ok, type Prompt, type PromptId, type PromptVersion, type PromptVersionId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import type { StoreTx } from '../ports/store.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { checkTemplate } from './check-template.ts';
import { type PromptView, promptView } from './prompt-view.ts';

/** A new prompt with its first version. Refuses `template_invalid`, `user_id_mismatch`. */
export async function createPrompt(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly name: string; readonly content: string; readonly userId?: string | undefined },
): Promise<UseCaseResult<PromptView>> {
  if (input.userId !== undefined && input.userId !== scope.userId) {
    return refuse('user_id_mismatch', 'A prompt belongs to the caller. Leave user_id out, or send your own id.', [
      { field: 'user_id', message: 'Expected your own id.' },
    ]);
  }
  const checked = await checkTemplate(deps, input.content);
  if (!checked.ok) return checked;
  return deps.store.transaction(async (tx) => ok(await insertPrompt(tx, deps, scope, { ...input, action: 'prompt.created' })));
}

/** Stores a prompt whose content was checked before. */
export async function insertPrompt(
  tx: StoreTx,
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly name: string; readonly content: string; readonly action: string },
): Promise<PromptView> {
  const now = deps.clock.now();
  const promptId = asId<PromptId>(deps.ids.uuid());
  const version: PromptVersion = {
    id: asId<PromptVersionId>(deps.ids.uuid()),
    promptId,
    number: 1,
    content: input.content,
    contentHash: deps.ids.hash(input.content),
    createdAt: now,
  };
  const prompt: Prompt = {
    id: promptId,
    ownerId: scope.userId,
    name: input.name,
    currentVersionId: version.id,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  await tx.prompts.insert(prompt, version);
  const detail = { name: prompt.name, content_hash: version.contentHash };
  await auditUserAction(tx, deps, scope, { action: input.action, subject: `prompt:${promptId}`, detail });
  return promptView(prompt, version, 0);
}
