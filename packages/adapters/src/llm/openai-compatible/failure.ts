import type { ModelErrorCode } from '@hyperoru/engine';

/** One failed exchange, ready to be told: a stable code, a plain sentence, and whether asking again may help. */
export interface Failure {
  readonly code: ModelErrorCode;
  readonly message: string;
  readonly isRetryable: boolean;
  /** null = the endpoint did not say. */
  readonly retryAfterMs: number | null;
}

const DETAIL_CHARS_MAX = 200;

/** Status of an answer that is no success → failure. `detail` is the endpoint's own sentence, already free of keys. */
export function statusFailure(status: number, detail: string | null, host: string, model: string, retryAfterMs: number | null): Failure {
  const said = quoted(detail);
  if (status === 401 || status === 403 || /api.?key (?:not valid|is invalid)|incorrect api.?key/i.test(detail ?? ''))
    return fail(
      'model_auth',
      `${host} refused the API key (status ${status}): enter a valid key for this endpoint in the trader's model settings.`,
    );
  if (status === 402) return fail('model_auth', `${host} says the account has no credit (status 402): top it up or use another key.`);
  if (status === 404 || isUnknownModel(detail))
    return fail(
      'model_not_found',
      `${host} knows no model "${model}" at this base URL (status ${status}): check the model's name and the base URL.`,
    );
  if (status === 429) {
    const isExhausted = /quota|billing|credit|balance/i.test(detail ?? '');
    const message = isExhausted
      ? `${host} says the quota of this key is used up (status 429): raise it at the provider or use another key.`
      : `${host} limits the rate of requests (status 429): run this trader less often or raise the limit at the provider.`;
    return { code: 'model_rate_limited', message, isRetryable: !isExhausted, retryAfterMs };
  }
  if (status >= 500 || status === 408)
    return {
      code: 'model_upstream_error',
      message: `${host} failed (status ${status})${said}: try again later or use another endpoint.`,
      isRetryable: true,
      retryAfterMs,
    };
  return fail(
    'model_bad_request',
    `${host} did not accept the request (status ${status})${said}: check the model's name and the length of the prompt.`,
  );
}

/** Failures that have no status: the code is known, the sentence follows from it. */
export function plainFailure(code: ModelErrorCode, host: string, cause = ''): Failure {
  const because = cause === '' ? '' : ` (${cause})`;
  const sentences: Readonly<Partial<Record<ModelErrorCode, string>>> = {
    model_timeout: `${host} did not answer in time${because}: use a faster model or raise the time limit.`,
    model_unreachable: `${host} cannot be reached${because}: check the base URL, and that the endpoint is running.`,
    model_endpoint_forbidden: `${host} resolves to an address that is not allowed: use a public endpoint, or let the operator list it as a permitted private endpoint.`,
    model_redirected: `${host} answered with a redirect, which is not followed: enter the final address as base URL.`,
    model_answer_too_large: `${host} sent more than 1 MiB: use another model or endpoint.`,
    model_refused: `The model refused to answer: change the prompt or use another model.`,
    model_truncated: `The model's answer was cut off at its output limit: shorten the prompt or use a model with a larger output limit.`,
    model_blank: `The model answered with nothing: try again or use another model.`,
    model_canceled: `The question to ${host} was canceled.`,
    model_upstream_error: `${host} answered with something that is no chat completion${because}: check that the base URL is an OpenAI-compatible endpoint.`,
  };
  return fail(code, sentences[code] ?? `${host} failed${because}.`);
}

export function isUnknownModel(detail: string | null): boolean {
  return /model.{0,80}(?:not exist|not found|unknown)|(?:unknown|invalid|no such) model/i.test(detail ?? '');
}

const fail = (code: ModelErrorCode, message: string): Failure => ({ code, message, isRetryable: false, retryAfterMs: null });

/** The endpoint's words, cut and on one line: they are foreign text. */
function quoted(detail: string | null): string {
  if (detail === null) return '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters of a foreign text must not reach a terminal.
  const line = detail.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return `, saying "${line.length > DETAIL_CHARS_MAX ? `${line.slice(0, DETAIL_CHARS_MAX)}…` : line}"`;
}
