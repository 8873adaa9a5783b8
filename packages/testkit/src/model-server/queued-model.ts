import type { LanguageModelPort, ModelErrorCode, ModelExchange, ModelOutcome, ModelRequest } from '@hyperoru/engine';
import { HOLD_ANSWER } from './completion-body.ts';

/** A language model without any network: answers in the order a test put them in, then {@link HOLD_ANSWER} for ever. */
export interface QueuedModel extends LanguageModelPort {
  /** Every question so far. */
  readonly asked: readonly ModelRequest[];
  answerNext(text: string): void;
  failNext(code: ModelErrorCode): void;
}

export function queuedModel(): QueuedModel {
  const asked: ModelRequest[] = [];
  const queue: ({ readonly text: string } | { readonly code: ModelErrorCode })[] = [];
  const answer = (request: ModelRequest): ModelOutcome => {
    const exchanges: ModelExchange[] = [];
    let unaccepted: string | null = null;
    for (let step = 0; step < 2; step++) {
      const next = queue.shift() ?? { text: HOLD_ANSWER };
      if ('code' in next) {
        exchanges.push(exchangeOf(request, null, next.code));
        if (unaccepted !== null) break;
        return { kind: 'error', code: next.code, message: `The model failed with ${next.code}.`, exchanges };
      }
      exchanges.push(exchangeOf(request, next.text, null));
      if (request.check(next.text) === null) return { kind: 'answer', text: next.text, accepted: true, exchanges };
      unaccepted = next.text;
    }
    return { kind: 'answer', text: unaccepted ?? '', accepted: false, exchanges };
  };
  return {
    asked,
    answerNext: (text) => void queue.push({ text }),
    failNext: (code) => void queue.push({ code }),
    ask: async (request) => {
      if (request.signal?.aborted === true)
        return { kind: 'error', code: 'model_canceled', message: 'The question was canceled.', exchanges: [] };
      asked.push(request);
      return answer(request);
    },
  };
}

function exchangeOf(request: ModelRequest, text: string | null, errorCode: ModelErrorCode | null): ModelExchange {
  return {
    rung: 'json_schema',
    rawRequest: JSON.stringify({ model: request.model, messages: [request.systemText, request.promptText] }),
    rawAnswer: text,
    answerText: text,
    reasoning: null,
    promptTokens: text === null ? null : 120,
    completionTokens: text === null ? null : 30,
    latencyMs: 0,
    errorCode,
  };
}
