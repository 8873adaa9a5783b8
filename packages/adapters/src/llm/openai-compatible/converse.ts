import type { Log, ModelExchange, ModelOutcome, ModelRequest } from '@hyperoru/engine';
import { baseUrlOrigin } from './base-url.ts';
import { type Capability, type CapabilityMemory, rungBelow } from './capability.ts';
import { type Deadline, Stopped } from './deadline.ts';
import { type Exchanged, exchange } from './exchange.ts';
import { type Failure, plainFailure } from './failure.ts';
import { adaptTo } from './quirks.ts';
import { openingMessages, repairMessages } from './request-body.ts';
import type { WireDeps } from './wire.ts';

/** Two rungs down, three quirks, one retry, one repair, one first try: no question needs more. */
const EXCHANGES_MAX = 8;
const RETRIES_MAX = 1;
const REPAIRS_MAX = 1;
/** Wait before the one retry when the endpoint does not say how long. */
const RETRY_DELAY_MS = 500;

export interface ConverseDeps extends WireDeps {
  readonly log: Log;
  readonly memory: CapabilityMemory;
}

/** What changes from one exchange to the next. */
interface Talk {
  capability: Capability;
  messages: ReturnType<typeof openingMessages>;
  retriesLeft: number;
  repairsLeft: number;
  /** An answer that `check` did not accept. */
  unaccepted: string | null;
  readonly exchanges: ModelExchange[];
}

/** Asks until there is an acceptable answer, a failure that stands, or nothing left to try. */
export async function converse(deps: ConverseDeps, request: ModelRequest, deadline: Deadline): Promise<ModelOutcome> {
  const origin = baseUrlOrigin(request.baseUrl);
  const talk: Talk = {
    capability: deps.memory.recall(origin, request.model),
    messages: openingMessages(request),
    retriesLeft: RETRIES_MAX,
    repairsLeft: REPAIRS_MAX,
    unaccepted: null,
    exchanges: [],
  };
  for (let step = 0; step < EXCHANGES_MAX; step++) {
    const done = await exchange(deps, request, talk.messages, talk.capability, deadline.signal);
    talk.exchanges.push(done.record);
    const outcome = done.text === null ? await onFailure(deps, request, deadline, talk, done) : onText(request, talk, done.text);
    if (done.text !== null) deps.memory.remember(origin, request.model, talk.capability);
    if (outcome !== null) return outcome;
  }
  return ended(talk, plainFailure('model_bad_request', origin, 'no form of the request was accepted'));
}

function onText(request: ModelRequest, talk: Talk, text: string): ModelOutcome | null {
  const problem = request.check(text);
  if (problem === null) return { kind: 'answer', text, accepted: true, exchanges: talk.exchanges };
  if (talk.repairsLeft === 0) return { kind: 'answer', text, accepted: false, exchanges: talk.exchanges };
  talk.repairsLeft -= 1;
  talk.unaccepted = text;
  talk.messages = [...talk.messages, ...repairMessages(text, problem)];
  return null;
}

/** null = changed something, ask again. */
async function onFailure(
  deps: ConverseDeps,
  request: ModelRequest,
  deadline: Deadline,
  talk: Talk,
  done: Exchanged,
): Promise<ModelOutcome | null> {
  const failure = done.failure ?? plainFailure('model_upstream_error', request.baseUrl);
  if (done.refusal !== null) {
    const next = adaptTo(done.refusal, talk.capability);
    if (next === null) return ended(talk, failure);
    deps.log.debug('llm.capability_lowered', {
      model: request.model,
      rung: next.rung,
      outputLimit: next.outputLimit,
      sendsTemperature: next.sendsTemperature,
    });
    talk.capability = next;
    return null;
  }
  // JSON modes of some endpoints answer with blanks; asking again one rung lower is the repair turn.
  if (failure.code === 'model_blank' && talk.repairsLeft > 0) {
    talk.repairsLeft -= 1;
    talk.capability = rungBelow(talk.capability) ?? talk.capability;
    return null;
  }
  const delayMs = failure.retryAfterMs ?? RETRY_DELAY_MS;
  if (!failure.isRetryable || talk.retriesLeft === 0 || delayMs >= deadline.remainingMs()) return ended(talk, failure);
  talk.retriesLeft -= 1;
  deps.log.info('llm.retry', { model: request.model, code: failure.code, delayMs });
  try {
    await deps.clock.sleep(delayMs, deadline.signal);
  } catch {
    return ended(talk, plainFailure(stopCode(deadline), request.baseUrl));
  }
  return null;
}

const stopCode = (deadline: Deadline) => {
  const reason: unknown = deadline.signal.reason;
  return reason instanceof Stopped && reason.reason === 'canceled' ? 'model_canceled' : 'model_timeout';
};

/** A failure after an unaccepted answer leaves that answer as the outcome: the model did speak, and it is not to be used. */
function ended(talk: Talk, failure: Failure): ModelOutcome {
  if (talk.unaccepted !== null) return { kind: 'answer', text: talk.unaccepted, accepted: false, exchanges: talk.exchanges };
  return { kind: 'error', code: failure.code, message: failure.message, exchanges: talk.exchanges };
}
