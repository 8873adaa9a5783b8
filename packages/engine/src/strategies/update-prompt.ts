import { asId, ok, type Prompt, type PromptId, type PromptVersion, type PromptVersionId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import { auditUserAction } from '../audit/audit-user-action.ts';
import type { EngineDeps } from '../deps.ts';
import type { UseCaseResult } from '../refusal.ts';
import { checkTemplate } from './check-template.ts';
import { lockPrompts, type PromptView, promptView, readOwnPrompt } from './prompt-view.ts';

export interface PromptUpdate {
  readonly promptId: PromptId;
  readonly name?: string | undefined;
  readonly content?: string | undefined;
}

/**
 * Renames a prompt or gives it a new text; a new version is made only when the text differs. Runs that have begun keep
 * the version they pinned. Refuses `template_invalid`.
 */
export async function updatePrompt(deps: EngineDeps, scope: OwnerScope, input: PromptUpdate): Promise<UseCaseResult<PromptView>> {
  if (input.content !== undefined) {
    const checked = await checkTemplate(deps, input.content);
    if (!checked.ok) return checked;
  }
  return deps.store.transaction(async (tx): Promise<UseCaseResult<PromptView>> => {
    await lockPrompts(tx);
    const own = await readOwnPrompt(tx, scope, input.promptId);
    if (!own.ok) return own;
    const { prompt, version } = own.value;
    const now = deps.clock.now();
    const renamed: Prompt = { ...prompt, name: input.name ?? prompt.name, updatedAt: now };
    const bindings = await tx.bindings.listByPrompt(prompt.id);
    const next = nextVersion(deps, version, input.content);
    const stored: Prompt = next === null ? renamed : { ...renamed, currentVersionId: next.id };
    if (next === null) await tx.prompts.update(stored);
    else await tx.prompts.addVersion(stored, next);
    const current = next ?? version;
    const detail = { name: stored.name, version: current.number, content_hash: current.contentHash };
    await auditUserAction(tx, deps, scope, { action: 'prompt.updated', subject: `prompt:${prompt.id}`, detail });
    return ok(promptView(stored, current, bindings.length));
  });
}

function nextVersion(deps: EngineDeps, current: PromptVersion, content: string | undefined): PromptVersion | null {
  if (content === undefined || content === current.content) return null;
  return {
    id: asId<PromptVersionId>(deps.ids.uuid()),
    promptId: current.promptId,
    number: current.number + 1,
    content,
    contentHash: deps.ids.hash(content),
    createdAt: deps.clock.now(),
  };
}
