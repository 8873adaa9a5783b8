import type { Clock, ModelErrorCode } from '@hyperoru/engine';
import { type Dispatcher, request as undiciRequest } from 'undici';
import { Stopped, startWatchdog } from './deadline.ts';
import { ForbiddenAddressError, type GuardedAgents } from './guarded-agents.ts';

/** Largest answer that is read, bytes. */
export const ANSWER_BYTES_MAX = 1_048_576;

/** Limits of one exchange inside the total deadline, ms. */
export interface WireLimits {
  /** From sending until the first byte of the body. */
  readonly firstByteMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
}

/**
 * Answers are not streamed, so their first byte comes when the model has finished thinking: reasoning models and models on a
 * person's own machine need most of a minute. A dead endpoint is found sooner by the connection's own limit.
 */
export const DEFAULT_WIRE_LIMITS: WireLimits = { firstByteMs: 60_000, idleMs: 10_000 };

/** One HTTP answer, read whole. */
export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfterMs: number | null;
  readonly text: string;
}

/** Why there is no whole answer. `cause` is a word for people. */
export class WireError extends Error {
  readonly code: ModelErrorCode;
  readonly isRetryable: boolean;

  constructor(code: ModelErrorCode, cause: string, isRetryable = false) {
    super(cause);
    this.name = 'WireError';
    this.code = code;
    this.isRetryable = isRetryable;
  }
}

export interface WireDeps {
  readonly clock: Clock;
  readonly agents: GuardedAgents;
  readonly limits: WireLimits;
}

/** Sends one POST and reads the answer within all limits; follows no redirect, accepts no compression. Throws only WireError. */
export async function post(
  deps: WireDeps,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<WireAnswer> {
  const stop = new AbortController();
  const whole = AbortSignal.any([signal, stop.signal]);
  const firstByte = startWatchdog(deps.clock, deps.limits.firstByteMs, () => stop.abort(new Stopped('first_byte')));
  try {
    const answer = await undiciRequest(url, { method: 'POST', headers, body, dispatcher: deps.agents.agentFor(url), signal: whole });
    if (answer.statusCode >= 300 && answer.statusCode < 400)
      throw discard(answer.body, new WireError('model_redirected', `status ${answer.statusCode}`));
    const encoding = headerText(answer.headers['content-encoding']);
    if (encoding !== '' && encoding !== 'identity')
      throw discard(answer.body, new WireError('model_upstream_error', `unasked compression ${encoding.slice(0, 20)}`));
    const text = await readBody(deps, answer.body, firstByte.end, () => stop.abort(new Stopped('idle')));
    return {
      status: answer.statusCode,
      contentType: headerText(answer.headers['content-type']).slice(0, 100),
      retryAfterMs: retryAfterMs(headerText(answer.headers['retry-after'])),
      text,
    };
  } catch (error) {
    throw asWireError(error, whole);
  } finally {
    firstByte.end();
  }
}

async function readBody(
  deps: WireDeps,
  body: Dispatcher.ResponseData['body'],
  onFirstByte: () => void,
  onIdle: () => void,
): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let idle: ReturnType<typeof startWatchdog> | null = null;
  try {
    for await (const piece of body) {
      if (idle === null) {
        onFirstByte();
        idle = startWatchdog(deps.clock, deps.limits.idleMs, onIdle);
      }
      idle.touch();
      const buffer = Buffer.from(piece);
      bytes += buffer.length;
      if (bytes > ANSWER_BYTES_MAX) throw new WireError('model_answer_too_large', `more than ${ANSWER_BYTES_MAX} bytes`);
      pieces.push(buffer);
    }
  } finally {
    idle?.end();
  }
  return Buffer.concat(pieces).toString('utf8');
}

function discard(body: Dispatcher.ResponseData['body'], error: WireError): WireError {
  body.on('error', () => undefined);
  body.destroy();
  return error;
}

/** Only whole seconds are read; a date would need the wall clock of both sides to agree. */
function retryAfterMs(text: string): number | null {
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : null;
}

const headerText = (value: string | string[] | undefined): string =>
  (Array.isArray(value) ? (value[0] ?? '') : (value ?? '')).toLowerCase();

const STOP_WORDS = {
  deadline: 'the time limit for all tries is over',
  first_byte: 'no byte came',
  idle: 'the answer stopped halfway',
  canceled: 'canceled',
} as const;

function asWireError(error: unknown, signal: AbortSignal): WireError {
  if (error instanceof WireError) return error;
  const stopped: unknown = signal.reason;
  if (signal.aborted && stopped instanceof Stopped)
    return new WireError(stopped.reason === 'canceled' ? 'model_canceled' : 'model_timeout', STOP_WORDS[stopped.reason]);
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof ForbiddenAddressError) return new WireError('model_endpoint_forbidden', 'address not allowed');
  }
  const code = errorCode(error);
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE')
    return new WireError('model_unreachable', 'the connection was dropped', true);
  return new WireError('model_unreachable', UNREACHABLE_WORDS[code] ?? code);
}

const UNREACHABLE_WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name has no address',
  EAI_AGAIN: 'its name cannot be resolved now',
  ECONNREFUSED: 'nothing listens there',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within 10 s',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown error';
}
