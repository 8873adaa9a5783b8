import { NoAnswerInTime, type SubmitOutcome } from '@hyperoru/engine';
import { z } from 'zod';
import { failureCodes, wasNeverConnected } from '../live/network-failure.ts';
import { ACTION_ANSWER } from './wire.ts';

/** What became of an action. Everything that is neither the venue's word nor a sure failure to send is `unknown`. */
export type ActionAnswer =
  | { readonly kind: 'done'; readonly data: unknown }
  /** The venue refused the whole request with this sentence. */
  | { readonly kind: 'refused'; readonly text: string }
  | Exclude<SubmitOutcome, { kind: 'accepted' }>;

const TEXT_LENGTH_MAX = 300;

const WITH_STATUS = z.object({ response: z.object({ status: z.number() }) });
const WITH_CAUSE = z.object({ cause: z.unknown() });

/** The body of an answer with status 200. */
export function readAnswer(body: unknown): ActionAnswer {
  const answer = ACTION_ANSWER.safeParse(body);
  if (!answer.success) return { kind: 'unknown', cause: `The venue's answer has no meaning: ${clip(JSON.stringify(body) ?? 'nothing')}` };
  if (answer.data.status === 'err') return { kind: 'refused', text: answer.data.response };
  return { kind: 'done', data: answer.data.response.data };
}

/** What a transport threw while a request was under way. */
export function readFailure(error: unknown): ActionAnswer {
  if (error instanceof NoAnswerInTime) return { kind: 'unknown', cause: error.message };
  const status = statusOf(error);
  if (status === 429) return { kind: 'rejected', code: 'rate_limited', message: 'The venue takes no more requests for now.' };
  if (status === 422) return { kind: 'rejected', code: 'invalid_request', message: 'The venue cannot read the request.' };
  if (wasNeverConnected(error)) return { kind: 'not_sent', cause: `No connection to the venue: ${causeOf(error)}` };
  return { kind: 'unknown', cause: causeOf(error) };
}

/** One line on why a request failed; bodies of web pages are cut. */
export function causeOf(error: unknown): string {
  // What is no error may not even be text.
  if (!(error instanceof Error)) return typeof error === 'string' ? clip(error) : 'no reason given';
  const inner = WITH_CAUSE.safeParse(error);
  const code = failureCodes(error).at(-1);
  const detail = inner.success && inner.data.cause instanceof Error ? `: ${inner.data.cause.message}` : '';
  return clip(`${error.message}${detail}${code === undefined ? '' : ` (${code})`}`);
}

const clip = (text: string): string => text.slice(0, TEXT_LENGTH_MAX);

function statusOf(error: unknown): number | null {
  const read = WITH_STATUS.safeParse(error);
  return read.success ? read.data.response.status : null;
}
