import { ok, type TraderId } from '@hyperoru/domain';
import type { OwnerScope } from '../access/owner-scope.ts';
import type { EngineDeps } from '../deps.ts';
import type { ModelErrorCode, ModelOutcome } from '../ports/language-model.ts';
import { refuse, type UseCaseResult } from '../refusal.ts';
import { readOwnTrader } from './own-trader.ts';
import { revealLlmKey } from './reveal-llm-key.ts';

/** Total time for the test's question, ms. */
const DEADLINE_MS = 20_000;
const QUESTION = 'This is a connection test. Answer with exactly this JSON object and nothing else: {"ok": true}';
const SCHEMA = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'], additionalProperties: false } as const;

export interface LlmTestResult {
  readonly success: boolean;
  readonly latencyMs: number;
  readonly model: string;
  /** One plain sentence: what happened and what to do. */
  readonly message: string;
  /** Stable code of the failure; null on success. */
  readonly code: ModelErrorCode | 'model_answer_invalid' | null;
}

/** Asks the trader's model for a tiny JSON object. A failing model is a result, not a refusal; without settings `trader_not_ready`. */
export async function testLlm(
  deps: EngineDeps,
  scope: OwnerScope,
  input: { readonly traderId: TraderId; readonly signal?: AbortSignal },
): Promise<UseCaseResult<LlmTestResult>> {
  const own = await deps.store.transaction((tx) => readOwnTrader(tx, scope, input.traderId));
  if (!own.ok) return own;
  const { llm, id } = own.value;
  if (llm === null) {
    return refuse('trader_not_ready', 'There is no model to test yet. Set one with PUT /api/traders/{id}/llm.', [
      { field: 'llm', message: 'Missing.' },
    ]);
  }
  const startedMs = deps.clock.monotonicMs();
  const outcome = await deps.model.ask({
    model: llm.model,
    baseUrl: llm.baseUrl,
    apiKey: await revealLlmKey(deps, id, llm),
    systemText: 'You answer connection tests with JSON.',
    promptText: QUESTION,
    schemaName: 'connection_test',
    schema: SCHEMA,
    deadlineMs: DEADLINE_MS,
    check: (answerText) => (isJsonObject(answerText) ? null : 'Answer with exactly {"ok": true}.'),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  });
  return ok({ ...judge(outcome), latencyMs: Math.round(deps.clock.monotonicMs() - startedMs), model: llm.model });
}

function judge(outcome: ModelOutcome): Pick<LlmTestResult, 'success' | 'message' | 'code'> {
  if (outcome.kind === 'error') return { success: false, message: MODEL_ERROR_FIXES[outcome.code], code: outcome.code };
  if (outcome.accepted) return { success: true, message: 'The model answered with valid JSON.', code: null };
  const message = 'The model answered, but not with the JSON it was asked for. Choose a model that follows instructions.';
  return { success: false, message, code: 'model_answer_invalid' };
}

/** Any one JSON object will do: the test is about the way to the model and its form, not about its obedience. */
function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** What each failure of a model means to the person who set it up, and the fix. */
export const MODEL_ERROR_FIXES: Readonly<Record<ModelErrorCode, string>> = {
  model_auth: 'The provider refused the key. Check that the key is valid and may use this model.',
  model_not_found: 'The provider does not know this model. Check the model name and the base URL.',
  model_rate_limited: 'The provider limits requests or the credit is used up. Wait, or check the plan and the balance there.',
  model_upstream_error: 'The provider failed with an error of its own. Try again later.',
  model_timeout: 'The model did not answer in time. Try again, or choose a faster model.',
  model_unreachable: 'The address could not be reached. Check the base URL, and that the server runs.',
  model_endpoint_forbidden:
    'The operator does not allow this address. Use a public https address, or have it listed in HYPERORU_PRIVATE_ENDPOINTS.',
  model_redirected: 'The address answered with a redirect, which is not followed. Set the final address as base URL.',
  model_answer_too_large: 'The answer exceeded the size limit. Check that the base URL belongs to a model API.',
  model_refused: 'The model refused to answer. Choose another model.',
  model_truncated: 'The answer was cut off by the provider’s token limit. Choose a model with a larger output limit.',
  model_blank: 'The model answered with nothing. Try again, or choose another model.',
  model_canceled: 'The test was canceled before the model answered.',
  model_bad_request:
    'The provider refused the request as malformed. Check that the base URL is OpenAI-compatible and the model accepts chat.',
};
