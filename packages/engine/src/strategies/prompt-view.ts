import { ok, type Prompt, type PromptId, type PromptVersion } from '@hyperoru/domain';
import { notFound } from '../access/not-found.ts';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { StoreTx } from '../ports/store.ts';
import type { UseCaseResult } from '../refusal.ts';

/** A prompt with the text of its current version. */
export interface PromptView extends Prompt {
  readonly content: string;
  /** Number of the current version: 1, 2, 3 … */
  readonly version: number;
  readonly contentHash: string;
  /** Bindings that use it. */
  readonly bindingsCount: number;
}

export function promptView(prompt: Prompt, version: PromptVersion, bindingsCount: number): PromptView {
  return { ...prompt, content: version.content, version: version.number, contentHash: version.contentHash, bindingsCount };
}

/** The caller's prompt with its current text; `not_found` also once it was deleted. */
export async function readOwnPrompt(
  tx: StoreTx,
  scope: OwnerScope,
  id: PromptId,
): Promise<UseCaseResult<{ readonly prompt: Prompt; readonly version: PromptVersion }>> {
  const prompt = await tx.prompts.get(id);
  if (prompt === null || prompt.ownerId !== scope.userId || prompt.deletedAt !== null) return notFound('prompt');
  const version = await tx.prompts.getVersion(prompt.currentVersionId);
  if (version === null) throw new Error(`Expected version ${prompt.currentVersionId} of prompt ${prompt.id}, found none.`);
  return ok({ prompt, version });
}

/** Row that changes of prompts wait at for each other. */
const PROMPTS_LOCK = 'strategies.prompts_lock';

/** Held until the transaction ends: no prompt changes while its next version is counted, and none is deleted while it is bound. */
export async function lockPrompts(tx: StoreTx): Promise<void> {
  await tx.journal.putSetting(PROMPTS_LOCK, true);
}
