import { unreachable } from '@hyperoru/domain';
import type { ModelExchange, ModelRequest } from '@hyperoru/engine';
import OpenAI from 'openai';
import { requestBaseUrl } from './base-url.ts';
import type { Capability } from './capability.ts';
import { type Completion, readCompletion, readErrorDetail } from './completion.ts';
import { type Failure, plainFailure, statusFailure } from './failure.ts';
import { keyFilter } from './key-filter.ts';
import { type Message, requestBody } from './request-body.ts';
import { post, type WireAnswer, type WireDeps, WireError } from './wire.ts';

/** Longest raw text kept in a record, bytes of UTF-8. */
export const RAW_BYTES_MAX = 65_536;

/** The openai client's own limit is out of the way: the deadline of the question is the only one. */
const CLIENT_TIMEOUT_MS = 2_000_000_000;
/** Local endpoints need none, but the header must not be empty. */
const NO_KEY = 'no-key';

/** One exchange: the record for the audit, and either the model's text or what failed. */
export interface Exchanged {
  readonly record: ModelExchange;
  readonly text: string | null;
  readonly failure: Failure | null;
  /** The endpoint's error text when it refused the form of the request (status 400 or 422). */
  readonly refusal: string | null;
}

export async function exchange(
  deps: WireDeps,
  request: ModelRequest,
  messages: readonly Message[],
  capability: Capability,
  signal: AbortSignal,
): Promise<Exchanged> {
  const clean = keyFilter(request.apiKey);
  const host = new URL(requestBaseUrl(request.baseUrl)).host;
  const body = requestBody(request, messages, capability);
  const startedMs = deps.clock.monotonicMs();
  const wire = await send(deps, request, body, signal);
  const completion = wire instanceof WireError || !isSuccess(wire.status) ? null : readCompletion(wire.text);
  const failure = wire instanceof WireError ? wireFailure(wire, host) : failureOf(wire, completion, host, request.model, clean);
  const text = completion?.kind === 'message' && failure === null ? clean(completion.text) : null;
  const said = completion !== null && completion.kind !== 'not_a_completion' ? completion : null;
  const record: ModelExchange = {
    rung: capability.rung,
    rawRequest: cut(clean(JSON.stringify(body))),
    rawAnswer: wire instanceof WireError ? null : cut(clean(wire.text)),
    answerText: said?.text === null || said === null ? null : cut(clean(said.text)),
    reasoning: said?.reasoning ? cut(clean(said.reasoning)) : null,
    promptTokens: said?.usage.promptTokens ?? null,
    completionTokens: said?.usage.completionTokens ?? null,
    latencyMs: Math.round(deps.clock.monotonicMs() - startedMs),
    errorCode: failure?.code ?? null,
  };
  const isFormRefused = !(wire instanceof WireError) && (wire.status === 400 || wire.status === 422);
  return { record, text, failure, refusal: isFormRefused ? (readErrorDetail(wire.text) ?? wire.text.slice(0, 2000)) : null };
}

/** The openai package builds address and request; sockets, limits and reading are ours. Its headers about this machine are not sent. */
async function send(
  deps: WireDeps,
  request: ModelRequest,
  body: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<WireAnswer | WireError> {
  let outcome: WireAnswer | WireError | null = null;
  const apiKey = request.apiKey === null || request.apiKey === '' ? NO_KEY : request.apiKey;
  const client = new OpenAI({
    apiKey,
    adminAPIKey: null,
    webhookSecret: null,
    organization: null,
    project: null,
    baseURL: requestBaseUrl(request.baseUrl),
    maxRetries: 0,
    timeout: CLIENT_TIMEOUT_MS,
    logLevel: 'off',
    fetch: async (input, init) => {
      const headers = {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'hyperoru',
      };
      const url = new URL(input instanceof Request ? input.url : input);
      try {
        outcome = await post(deps, url, headers, typeof init?.body === 'string' ? init.body : JSON.stringify(body), signal);
        // The client only looks at success or failure; some statuses may not carry a body and some are unknown to Response.
        return new Response(outcome.text, { status: isSuccess(outcome.status) ? 200 : 500 });
      } catch (error) {
        outcome = error instanceof WireError ? error : new WireError('model_unreachable', 'the request could not be sent');
        throw outcome;
      }
    },
  });
  try {
    await client.post('/chat/completions', { body }).asResponse();
  } catch (error) {
    // A status that is no success is thrown by the client too; the outcome seen on the wire tells more.
    outcome ??= new WireError('model_unreachable', error instanceof Error ? error.name : 'the request could not be sent');
  }
  return outcome ?? new WireError('model_unreachable', 'nothing was sent');
}

function wireFailure(error: WireError, host: string): Failure {
  return { ...plainFailure(error.code, host, error.message), isRetryable: error.isRetryable };
}

function failureOf(
  wire: WireAnswer,
  completion: Completion | null,
  host: string,
  model: string,
  clean: (text: string) => string,
): Failure | null {
  if (completion === null) {
    const detail = readErrorDetail(wire.text);
    return statusFailure(wire.status, detail === null ? null : clean(detail), host, model, wire.retryAfterMs);
  }
  switch (completion.kind) {
    case 'refused':
      return plainFailure('model_refused', host);
    case 'truncated':
      return plainFailure('model_truncated', host);
    case 'not_a_completion':
      return plainFailure(
        'model_upstream_error',
        host,
        completion.detail === null ? wire.contentType : clean(completion.detail).slice(0, 200),
      );
    case 'message':
      return completion.text.trim() === '' ? plainFailure('model_blank', host) : null;
    default:
      return unreachable(completion);
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** At most {@link RAW_BYTES_MAX} bytes, never half a character. */
function cut(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= RAW_BYTES_MAX) return text;
  return bytes
    .subarray(0, RAW_BYTES_MAX)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
