import type { Prompt as PromptAnswer, PromptVersion as PromptVersionAnswer } from '@hyperoru/contracts';
import { type Prompt, type PromptVersion, toIso } from '@hyperoru/domain';
import type { z } from 'zod';

/** A prompt with its current text and how many bindings use it. */
export interface PromptWithText {
  readonly prompt: Prompt;
  readonly content: string;
  readonly version: number;
  readonly contentHash: string;
  readonly bindingsCount: number;
}

export const presentPrompt = (view: PromptWithText): PromptAnswer => ({
  id: view.prompt.id,
  user_id: view.prompt.ownerId,
  name: view.prompt.name,
  content: view.content,
  version: view.version,
  content_hash: view.contentHash,
  bindings_count: view.bindingsCount,
  created_at: toIso(view.prompt.createdAt),
  updated_at: toIso(view.prompt.updatedAt),
});

export const presentVersion = (version: PromptVersion): z.infer<typeof PromptVersionAnswer> => ({
  id: version.id,
  number: version.number,
  content: version.content,
  content_hash: version.contentHash,
  created_at: toIso(version.createdAt),
});
