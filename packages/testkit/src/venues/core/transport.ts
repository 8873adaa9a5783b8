import type { FaultBook, RequestFault, Subject } from './faults.ts';
import type { WireConnection, WireSession } from './streams.ts';

/** A request as it comes off the wire; header names in lower case. `ip` feeds rate limits. */
export interface WireRequest {
  readonly method: string;
  /** Path with query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly ip: string;
}

export type WireHandshake = Omit<WireRequest, 'method' | 'body'>;

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the transport does with a reply: send it, never answer, reset the connection, send half of it and reset, or let nobody listen. */
export type WireEffect = 'answer' | 'silence' | 'reset' | 'cut' | 'unreachable';

/** The reply of the venue and what becomes of it on its way back. `reply` is null when there is none to send. */
export interface WireAnswer {
  readonly effect: WireEffect;
  readonly reply: WireReply | null;
  /** Time the answer spends on its way, ms. */
  readonly delayMs: number;
}

/** A request that was received. The transport waits `waitMs`, then calls `run` exactly once. */
export interface Delivery {
  readonly waitMs: number;
  readonly run: () => WireAnswer;
}

/** One venue's way to speak: what a transport, be it a real server or virtual time, has to call. */
export interface VenueDialect {
  readonly handle: (request: WireRequest) => Delivery;
  /** Opens a WebSocket session; one that the venue does not want is closed at once. */
  readonly connect: (request: WireHandshake, connection: WireConnection) => WireSession;
  /** Called now and then: what time alone brings about. */
  readonly tick: () => void;
}

/** How one dialect words what is not an answer of its engine. */
export interface WireWords {
  readonly execute: () => WireReply;
  readonly gateway: (status: 502 | 503) => WireReply;
  /** The venue's words for "executed or not, we cannot say"; Binance -1007. */
  readonly timeoutError: () => WireReply;
  readonly rateLimited: (retryAfterMs: number) => WireReply;
  readonly banned: (untilMs: number) => WireReply;
}

/** Carries one request under the fault that hits it, if any. */
export function deliver(faults: FaultBook, subject: Subject, words: WireWords): Delivery {
  const fault = faults.takeRequest(subject);
  if (fault?.kind === 'execute_late') return { waitMs: fault.ms, run: () => answer(words.execute()) };
  return { waitMs: 0, run: () => answerUnder(fault, words) };
}

function answerUnder(fault: Exclude<RequestFault, { kind: 'execute_late' }> | null, words: WireWords): WireAnswer {
  if (fault === null) return answer(words.execute());
  switch (fault.kind) {
    case 'accept_then_silence':
      return { effect: 'silence', reply: executed(words), delayMs: 0 };
    case 'accept_then_reset':
      return { effect: 'reset', reply: executed(words), delayMs: 0 };
    case 'accept_then_cut':
      return { effect: 'cut', reply: words.execute(), delayMs: 0 };
    case 'accept_then_502':
      words.execute();
      return answer(words.gateway(502));
    case 'accept_then_503':
      words.execute();
      return answer(words.gateway(503));
    case 'accept_then_timeout_error':
      words.execute();
      return answer(words.timeoutError());
    case 'answer_late':
      return { ...answer(words.execute()), delayMs: fault.ms };
    case 'refuse_then_silence':
      return { effect: 'silence', reply: null, delayMs: 0 };
    case 'refuse_then_reset':
      return { effect: 'reset', reply: null, delayMs: 0 };
    case 'refuse_then_502':
      return answer(words.gateway(502));
    case 'refuse_then_503':
      return answer(words.gateway(503));
    case 'rate_limited':
      return answer(words.rateLimited(fault.retryAfterMs));
    case 'banned':
      return answer(words.banned(fault.untilMs));
    case 'unreachable':
      return { effect: 'unreachable', reply: null, delayMs: 0 };
  }
}

const answer = (reply: WireReply): WireAnswer => ({ effect: 'answer', reply, delayMs: 0 });

function executed(words: WireWords): null {
  words.execute();
  return null;
}
