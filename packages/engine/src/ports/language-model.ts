/** One question to a model. The adapter owns the capability ladder, the deadline and the limits; it never throws for an upstream fault. */
export interface ModelRequest {
  readonly model: string;
  /** As the person wrote it. */
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly systemText: string;
  readonly promptText: string;
  /** JSON Schema (draft 2020-12) of the wanted answer. */
  readonly schemaName: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Total time for all tries, ms. */
  readonly deadlineMs: number;
  /** Returns null when the answer is acceptable, or one sentence that tells the model what to repair. Asked once per answer. */
  readonly check: (answerText: string) => string | null;
  readonly signal?: AbortSignal;
}

export const MODEL_ERROR_CODES = [
  'model_auth',
  'model_not_found',
  'model_rate_limited',
  'model_upstream_error',
  'model_timeout',
  'model_unreachable',
  'model_endpoint_forbidden',
  'model_redirected',
  'model_answer_too_large',
  'model_refused',
  'model_truncated',
  'model_blank',
  'model_canceled',
  'model_bad_request',
] as const;
export type ModelErrorCode = (typeof MODEL_ERROR_CODES)[number];

/** One HTTP exchange that cost or could have cost tokens; raw texts are cut at 64 KiB and carry no key. */
export interface ModelExchange {
  readonly rung: 'json_schema' | 'json_object' | 'text';
  readonly rawRequest: string;
  readonly rawAnswer: string | null;
  readonly answerText: string | null;
  readonly reasoning: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly latencyMs: number;
  readonly errorCode: ModelErrorCode | null;
}

/** `answer`: the last exchange's text; `accepted` says whether `check` was satisfied (after at most one repair turn). */
export type ModelOutcome =
  | { readonly kind: 'answer'; readonly text: string; readonly accepted: boolean; readonly exchanges: readonly ModelExchange[] }
  | { readonly kind: 'error'; readonly code: ModelErrorCode; readonly message: string; readonly exchanges: readonly ModelExchange[] };

export interface LanguageModelPort {
  ask(request: ModelRequest): Promise<ModelOutcome>;
}
