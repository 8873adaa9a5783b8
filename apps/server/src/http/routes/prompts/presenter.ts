import type { Prompt as PromptAnswer, PromptPreviewAnswer, PromptVersion as PromptVersionAnswer } from '@hyperoru/contracts';
import { type PromptVersion, toIso } from '@hyperoru/domain';
import type { PromptPreview, PromptView } from '@hyperoru/engine';
import type { z } from 'zod';

export const presentPrompt = (view: PromptView): PromptAnswer => ({
  id: view.id,
  user_id: view.ownerId,
  name: view.name,
  content: view.content,
  version: view.version,
  content_hash: view.contentHash,
  bindings_count: view.bindingsCount,
  created_at: toIso(view.createdAt),
  updated_at: toIso(view.updatedAt),
});

export const presentVersion = (version: PromptVersion): z.infer<typeof PromptVersionAnswer> => ({
  id: version.id,
  number: version.number,
  content: version.content,
  content_hash: version.contentHash,
  created_at: toIso(version.createdAt),
});

export const presentPreview = (preview: PromptPreview): PromptPreviewAnswer => ({
  text: preview.text,
  problems: preview.problems.map(({ code, message, line, column }) => ({ code, message, line, column })),
  approx_tokens: preview.approxTokens,
});
