import { ApiError, apiError } from './api-error.ts';
import type { Params } from './params.ts';

/**
 * Answers of an overloaded venue that only this one has:
 * `service_unavailable` 503, not executed · `throttled` 503 with -1008, not executed, and what only reduces passes ·
 * `unexpected_response` 503 with -1006, executed all the same · `unexpected_refusal` the same words, not executed.
 */
export type OverloadKind = 'service_unavailable' | 'throttled' | 'unexpected_response' | 'unexpected_refusal';

/** How one request is answered instead. */
export interface OverloadAnswer {
  readonly isExecuted: boolean;
  readonly error: ApiError;
}

const ANSWERS: Readonly<Record<OverloadKind, OverloadAnswer>> = {
  service_unavailable: { isExecuted: false, error: new ApiError(0, 'Service Unavailable.', 503) },
  throttled: { isExecuted: false, error: apiError(-1008) },
  unexpected_response: { isExecuted: true, error: apiError(-1006) },
  unexpected_refusal: { isExecuted: false, error: apiError(-1006) },
};

/** Requests to the matching engine that are answered by overload instead. */
export class Overload {
  readonly #waiting: OverloadKind[] = [];

  /** Arms the answer for the next `count` requests to the engine. */
  arm(kind: OverloadKind, count = 1): void {
    this.#waiting.push(...Array.from({ length: count }, () => kind));
  }

  /** The answer that meets this request, if any. */
  take(params: Params): OverloadAnswer | null {
    const [next] = this.#waiting;
    if (next === undefined || (next === 'throttled' && (params.flag('reduceOnly') || params.flag('closePosition')))) return null;
    this.#waiting.shift();
    return ANSWERS[next];
  }
}
