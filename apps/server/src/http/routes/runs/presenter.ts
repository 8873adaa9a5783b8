import type { ModelCall as ModelCallAnswer, Run as RunAnswer } from '@hyperoru/contracts';
import { type ModelCall, type Run, toIso } from '@hyperoru/domain';
import type { z } from 'zod';
import { isoOrNull } from '../time.ts';

export const presentRun = (run: Run, traderName: string): RunAnswer => ({
  id: run.id,
  trader_id: run.traderId,
  trader_name: traderName,
  binding_id: run.trigger.bindingId,
  trigger_id: run.trigger.id,
  cause: run.trigger.cause,
  event_id: run.trigger.eventId,
  state: run.state,
  outcome: run.outcome,
  code: run.code,
  reason: run.reason,
  triggered_at: toIso(run.trigger.at),
  started_at: isoOrNull(run.startedAt),
  finished_at: isoOrNull(run.finishedAt),
});

export const presentModelCall = (call: ModelCall): z.infer<typeof ModelCallAnswer> => ({
  step: call.step,
  model: call.model,
  base_url: call.baseUrl,
  is_scripted: call.isScripted,
  prompt_text: call.promptText,
  raw_request: call.rawRequest,
  raw_answer: call.rawAnswer,
  reasoning: call.reasoning,
  prompt_tokens: call.promptTokens,
  completion_tokens: call.completionTokens,
  cost_usd: call.costUsd,
  latency_ms: call.latencyMs,
  error_code: call.errorCode,
  created_at: toIso(call.createdAt),
});
