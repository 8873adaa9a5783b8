import { z } from 'zod';
import { IsoTime, Name, SymbolName, TriggerCause, Uuid } from './primitives.ts';

const Content = z.string().min(1).max(64_000);
export const Prompt = z.object({
  id: Uuid,
  user_id: Uuid,
  name: z.string(),
  content: z.string(),
  version: z.number().int(),
  content_hash: z.string(),
  bindings_count: z.number().int(),
  created_at: IsoTime,
  updated_at: IsoTime,
});
export type Prompt = z.infer<typeof Prompt>;
export const PromptCreateBody = z.strictObject({ name: Name, content: Content, user_id: Uuid.optional() });
export const PromptUpdateBody = z.strictObject({ name: Name.optional(), content: Content.optional() });
export const PromptVersion = z.object({
  id: Uuid,
  number: z.number().int(),
  content: z.string(),
  content_hash: z.string(),
  created_at: IsoTime,
});
export const PromptVariable = z.object({ name: z.string(), meaning: z.string(), example: z.string() });
export const PromptVariables = z.object({ items: z.array(PromptVariable) });
/** Renders with live values of the trader and symbols when given, else of the paper market. */
export const PromptPreviewBody = z.strictObject({
  content: Content,
  trader_id: Uuid.optional(),
  symbols: z.array(SymbolName).min(1).max(20).optional(),
});
export const TemplateProblem = z.object({
  code: z.string(),
  message: z.string(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
});
export const PromptPreviewAnswer = z.object({
  text: z.string().nullable(),
  problems: z.array(TemplateProblem),
  approx_tokens: z.number().int().nullable(),
});
export type PromptPreviewAnswer = z.infer<typeof PromptPreviewAnswer>;

export const ScheduleTrigger = z.union([
  z.strictObject({ type: z.literal('schedule'), interval_seconds: z.number().int().min(5).max(86_400) }),
  z.strictObject({ type: z.literal('schedule'), cron: z.string().min(9).max(100), timezone: z.string().max(60).default('UTC') }),
]);
export const BindingParams = z.record(z.string().max(60), z.union([z.string().max(1000), z.number(), z.boolean()]));
export const Binding = z.object({
  id: Uuid,
  trader_id: Uuid,
  prompt_id: Uuid,
  prompt_name: z.string(),
  symbols: z.array(SymbolName),
  triggers: z.array(ScheduleTrigger),
  params: BindingParams,
  enabled: z.boolean(),
  next_run_at: IsoTime.nullable(),
  created_at: IsoTime,
  updated_at: IsoTime,
});
export type Binding = z.infer<typeof Binding>;
export const BindingCreateBody = z.strictObject({
  prompt_id: Uuid,
  symbols: z.array(SymbolName).min(1).max(20),
  triggers: z.array(ScheduleTrigger).max(10).default([]),
  params: BindingParams.default({}),
  enabled: z.boolean().default(true),
});
export const BindingPatchBody = z.strictObject({
  prompt_id: Uuid.optional(),
  symbols: z.array(SymbolName).min(1).max(20).optional(),
  triggers: z.array(ScheduleTrigger).max(10).optional(),
  params: BindingParams.optional(),
  enabled: z.boolean().optional(),
});
export const BindingList = z.object({ items: z.array(Binding) });
export const TriggerBody = z.strictObject({ event_id: z.string().trim().min(1).max(200).optional() });
/** 202: the run's id to poll; `duplicate` when this event_id was seen before (then the run is the first one's). */
export const TriggerAnswer = z.object({ run_id: Uuid, trigger_id: Uuid, duplicate: z.boolean(), cause: TriggerCause });
