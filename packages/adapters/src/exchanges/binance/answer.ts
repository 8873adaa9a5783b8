import { NoAnswerInTime } from '@hyperoru/engine';
import { z } from 'zod';
import { failureCodes, wasNeverConnected } from '../live/network-failure.ts';

/** What a transport brings back; nothing of the request, whose address and headers hold secrets. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** What became of a request. Everything that is neither the venue's word nor a sure failure to send is `unknown`. */
export type Answer =
  | { readonly kind: 'done'; readonly data: unknown }
  /** A structured refusal; `code` is the venue's number. */
  | { readonly kind: 'refused'; readonly code: number; readonly text: string }
  | { readonly kind: 'rate_limited'; readonly text: string }
  | { readonly kind: 'not_sent'; readonly cause: string }
  | { readonly kind: 'unknown'; readonly cause: string };

const PROBLEM = z.object({ code: z.number().int(), msg: z.string() });
const TEXT_LENGTH_MAX = 300;

/** Numbers that leave the fate of a request open, whatever the status: disconnected, unexpected response, timeout. */
const OPEN_CODES = new Set([-1000, -1001, -1006, -1007]);
/** 503 has three meanings; these two say that nothing was executed. */
const THROTTLED = -1008;
const SERVICE_UNAVAILABLE = 'Service Unavailable.';

export function readAnswer({ status, body }: HttpAnswer): Answer {
  const data = jsonOf(body);
  const problem = PROBLEM.safeParse(data);
  if (status === 429 || status === 418) return { kind: 'rate_limited', text: problem.success ? problem.data.msg : `HTTP ${status}` };
  if (status >= 200 && status < 300)
    return data === null || data === undefined
      ? { kind: 'unknown', cause: `The venue's answer has no meaning: ${clip(body)}` }
      : { kind: 'done', data };
  if (!problem.success) {
    if (status === 503 && body.includes(SERVICE_UNAVAILABLE)) return { kind: 'refused', code: 0, text: SERVICE_UNAVAILABLE };
    return { kind: 'unknown', cause: `HTTP ${status}: ${clip(body)}` };
  }
  const { code, msg } = problem.data;
  const isRefused =
    status < 500 && status !== 408 ? !OPEN_CODES.has(code) : code === THROTTLED || (status === 503 && msg === SERVICE_UNAVAILABLE);
  return isRefused ? { kind: 'refused', code, text: clip(msg) } : { kind: 'unknown', cause: `HTTP ${status}, ${code}: ${clip(msg)}` };
}

/** What a transport threw. Of the error only codes are told: its other parts may hold the request. */
export function readFailure(error: unknown): Answer {
  if (error instanceof NoAnswerInTime) return { kind: 'unknown', cause: error.message };
  const told = failureCodes(error).join(' ') || (error instanceof Error ? error.name : 'no code');
  if (wasNeverConnected(error)) return { kind: 'not_sent', cause: `No connection to the venue (${told}).` };
  return { kind: 'unknown', cause: `The connection failed (${told}).` };
}

const clip = (text: string): string => text.slice(0, TEXT_LENGTH_MAX);

/** Order numbers can be longer than a float64 is exact; long integers are read as text. */
const LONG_INTEGER = /([:[,]\s*)(-?\d{16,})(?=\s*[,}\]])/g;

export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body.replace(LONG_INTEGER, '$1"$2"'));
  } catch {
    return undefined;
  }
}
