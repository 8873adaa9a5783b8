import {
  Prompt,
  type PromptCreateBody,
  PromptPreviewAnswer,
  type PromptPreviewBody,
  type PromptUpdateBody,
  PromptVariables,
  PromptVersion,
  pageOf,
} from '@hyperoru/contracts';
import { z } from 'zod';
import { request, send } from './http.ts';

const PROMPTS_MAX = 200;
const Prompts = pageOf(Prompt);
const PromptVersions = z.object({ items: z.array(PromptVersion) });

export const listPrompts = () => request(Prompts, '/api/prompts', { query: { limit: PROMPTS_MAX } });
export const readPrompt = (id: string) => request(Prompt, `/api/prompts/${id}`);
export const createPrompt = (body: z.infer<typeof PromptCreateBody>) => request(Prompt, '/api/prompts', { method: 'POST', body });
export const updatePrompt = (id: string, body: z.infer<typeof PromptUpdateBody>) =>
  request(Prompt, `/api/prompts/${id}`, { method: 'PUT', body });
export const copyPrompt = (id: string) => request(Prompt, `/api/prompts/${id}/copy`, { method: 'POST' });
export const deletePrompt = (id: string) => send(`/api/prompts/${id}`, { method: 'DELETE' });
export const listPromptVersions = (id: string) => request(PromptVersions, `/api/prompts/${id}/versions`);
export const listPromptVariables = () => request(PromptVariables, '/api/prompts/variables');
export const previewPrompt = (body: z.infer<typeof PromptPreviewBody>) =>
  request(PromptPreviewAnswer, '/api/prompts/preview', { method: 'POST', body });
