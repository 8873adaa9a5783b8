/** The smallest answer every caller accepts as a decision: do nothing. */
export const HOLD_ANSWER = JSON.stringify({ operation: 'hold', symbol: 'BTC', reason: 'Nothing to do.' });

export interface CompletionParts {
  readonly content: string | null;
  readonly finishReason?: string;
  readonly message?: Readonly<Record<string, unknown>>;
  /** null leaves usage out, as some servers do. */
  readonly usage?: Readonly<Record<string, unknown>> | null;
}

/** Body of a successful `POST /chat/completions` as OpenAI writes it. */
export function completionBody(model: string, parts: CompletionParts): string {
  const usage = parts.usage === undefined ? { prompt_tokens: 120, completion_tokens: 30, total_tokens: 150 } : parts.usage;
  return JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_767_225_600,
    model,
    choices: [
      { index: 0, finish_reason: parts.finishReason ?? 'stop', message: { role: 'assistant', content: parts.content, ...parts.message } },
    ],
    ...(usage === null ? {} : { usage }),
  });
}

/** Body of an error as OpenAI writes it. */
export function errorBody(message: string, code: string | null = null): string {
  return JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } });
}
