import type { Decimal, Symbol } from '@hyperoru/domain';
import type { InstrumentChange } from './instruments.ts';
import type { SeededRandom } from './random.ts';
import type { HidingPlace, VenueOrderTicket } from './records.ts';

/** What a request wants; faults are matched by it. */
export type Operation =
  | 'place'
  | 'cancel'
  | 'modify'
  | 'leverage'
  | 'dead_man'
  | 'find_order'
  | 'open_orders'
  | 'account'
  | 'fills'
  | 'funding'
  | 'market'
  | 'stream'
  | 'other';

/** A request as faults see it. */
export interface Subject {
  readonly operation: Operation;
  /** null for market data. */
  readonly accountId: string | null;
  readonly symbols: readonly string[];
  readonly clientOrderIds: readonly string[];
}

/** Which requests or events a fault meets. What is left out matches everything. */
export interface Match {
  readonly operation?: Operation | readonly Operation[];
  readonly accountId?: string;
  readonly symbol?: string;
  readonly clientOrderId?: string;
  /** Matching requests let through before the first one is hit. Default 0. */
  readonly skip?: number;
  /** Requests that are hit; null = all from then on. Default 1. */
  readonly count?: number | null;
  /** Share of matching requests that is hit, drawn from the venue's seed. Default 1. */
  readonly chance?: number;
}

/** Faults that change how one request is carried or answered. */
export type RequestFault =
  /** Executed; the client never hears of it: no answer, connection reset, answer cut in the middle, gateway error. */
  | { readonly kind: 'accept_then_silence' }
  | { readonly kind: 'accept_then_reset' }
  | { readonly kind: 'accept_then_cut' }
  | { readonly kind: 'accept_then_502' }
  | { readonly kind: 'accept_then_503' }
  /** Executed, but answered with the venue's own words for an unknown outcome (Binance -1007); elsewhere like 503. */
  | { readonly kind: 'accept_then_timeout_error' }
  /** Executed; the answer takes its time. */
  | { readonly kind: 'answer_late'; readonly ms: number }
  /** Not executed, and no answer: looks the same to the client. */
  | { readonly kind: 'refuse_then_silence' }
  | { readonly kind: 'refuse_then_reset' }
  | { readonly kind: 'refuse_then_502' }
  | { readonly kind: 'refuse_then_503' }
  /** Reaches the engine this much later; whether before or after the deadline is up to `ms`. */
  | { readonly kind: 'execute_late'; readonly ms: number }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  | { readonly kind: 'banned'; readonly untilMs: number }
  /** Nobody listens: no byte arrives. */
  | { readonly kind: 'unreachable' };

/** Faults inside the venue that wait for their moment. */
export type EngineFault =
  /** Orders accepted from now on are not seen in these places for a while. */
  | { readonly kind: 'hide_order'; readonly ms: number; readonly from?: readonly HidingPlace[] }
  /** Only this share of an order's quantity is in the book; the rest rests or is canceled by its time in force. */
  | { readonly kind: 'partial_fill'; readonly share: number }
  /** The order fills while its cancellation is on the way. */
  | { readonly kind: 'fill_before_cancel' }
  /** A trigger that is reached is refused instead of executed. */
  | { readonly kind: 'stop_rejected_at_trigger' };

/** Faults of streams, drawn for each event that is about to be sent. */
export type StreamFault =
  | { readonly kind: 'ws_drop' }
  /** Half open: nothing more arrives on the connection, and it is not closed. */
  | { readonly kind: 'ws_silence' }
  | { readonly kind: 'ws_duplicate' }
  /** The event arrives after the next one. */
  | { readonly kind: 'ws_swap' }
  | { readonly kind: 'ws_lose' }
  /** The snapshot of the subscription is sent again before the event. */
  | { readonly kind: 'ws_repeat_snapshot' };

/** The answer to a heartbeat of the client is none. */
export type HeartbeatFault = { readonly kind: 'ws_wrong_pong' };

/** Faults that happen at the moment they are injected. */
export type ImmediateFault =
  | { readonly kind: 'clock_jump'; readonly ms: number }
  | { readonly kind: 'cancel_stop'; readonly accountId: string; readonly symbol?: Symbol }
  | { readonly kind: 'revoke_key'; readonly accountId: string }
  | { readonly kind: 'halt_symbol'; readonly symbol: Symbol }
  | { readonly kind: 'filter_change'; readonly symbol: Symbol; readonly change: InstrumentChange }
  | { readonly kind: 'liquidate'; readonly accountId: string; readonly symbol: Symbol }
  | { readonly kind: 'adl'; readonly accountId: string; readonly symbol: Symbol; readonly quantity?: Decimal }
  | { readonly kind: 'foreign_order'; readonly accountId: string; readonly ticket: VenueOrderTicket }
  | { readonly kind: 'foreign_close'; readonly accountId: string; readonly symbol: Symbol }
  | { readonly kind: 'leverage_changed'; readonly accountId: string; readonly symbol: Symbol; readonly leverage: number }
  | { readonly kind: 'transfer_out'; readonly accountId: string; readonly amount: Decimal }
  /** Killed and read back from its dump; all connections are gone. */
  | { readonly kind: 'venue_restart' };

export type WaitingFault = (RequestFault | EngineFault | StreamFault | HeartbeatFault) & Match;
export type Fault = WaitingFault | ImmediateFault;

const REQUEST_KINDS = new Set<string>([
  'accept_then_silence',
  'accept_then_reset',
  'accept_then_cut',
  'accept_then_502',
  'accept_then_503',
  'accept_then_timeout_error',
  'answer_late',
  'refuse_then_silence',
  'refuse_then_reset',
  'refuse_then_502',
  'refuse_then_503',
  'execute_late',
  'rate_limited',
  'banned',
  'unreachable',
] satisfies readonly RequestFault['kind'][]);
const STREAM_KINDS = new Set<string>([
  'ws_drop',
  'ws_silence',
  'ws_duplicate',
  'ws_swap',
  'ws_lose',
  'ws_repeat_snapshot',
] satisfies readonly StreamFault['kind'][]);
const ENGINE_KINDS = new Set<string>([
  'hide_order',
  'partial_fill',
  'fill_before_cancel',
  'stop_rejected_at_trigger',
] satisfies readonly EngineFault['kind'][]);

const isRequestFault = (fault: Fault): fault is RequestFault & Match => REQUEST_KINDS.has(fault.kind);
const isStreamFault = (fault: Fault): fault is StreamFault & Match => STREAM_KINDS.has(fault.kind);
const isHeartbeatFault = (fault: Fault): fault is HeartbeatFault & Match => fault.kind === 'ws_wrong_pong';
const isEngineFault = (fault: Fault): fault is EngineFault & Match => ENGINE_KINDS.has(fault.kind);
export const isWaitingFault = (fault: Fault): fault is WaitingFault =>
  isRequestFault(fault) || isStreamFault(fault) || isHeartbeatFault(fault) || isEngineFault(fault);

interface Armed<F> {
  readonly fault: F;
  skip: number;
  /** null = no end. */
  left: number | null;
}

/** Faults that wait for a request, an order or an event to hit; the oldest that matches is taken. */
export class FaultBook {
  readonly #random: SeededRandom;
  readonly #armed: Armed<WaitingFault>[] = [];
  /** Kind of every fault that hit, oldest first. */
  readonly hits: WaitingFault['kind'][] = [];
  /** Hears of each of them. */
  onHit: (fault: WaitingFault, subject: Subject) => void = () => undefined;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  arm(fault: WaitingFault): void {
    this.#armed.push({ fault, skip: fault.skip ?? 0, left: fault.count === undefined ? 1 : fault.count });
  }

  /** True when no fault waits. */
  get isEmpty(): boolean {
    return this.#armed.every((armed) => armed.left === 0);
  }

  /** Forgets all faults that wait. */
  clear(): void {
    this.#armed.length = 0;
  }

  takeRequest(subject: Subject): RequestFault | null {
    return this.#take(subject, isRequestFault);
  }

  takeStream(subject: Subject): StreamFault | null {
    return this.#take(subject, isStreamFault);
  }

  takeHeartbeat(subject: Subject): HeartbeatFault | null {
    return this.#take(subject, isHeartbeatFault);
  }

  takeEngine<K extends EngineFault['kind']>(kind: K, subject: Subject): Extract<EngineFault, { kind: K }> | null {
    const isKind = (fault: Fault): fault is Extract<EngineFault, { kind: K }> & Match => fault.kind === kind;
    return this.#take(subject, isKind);
  }

  #take<F extends Fault>(subject: Subject, isWanted: (fault: Fault) => fault is F): F | null {
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (armed.left === 0 || !isWanted(fault) || !matches(armed.fault, subject)) continue;
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      const { chance } = armed.fault;
      if (chance !== undefined && this.#random.next() >= chance) continue;
      if (armed.left !== null) armed.left -= 1;
      this.hits.push(armed.fault.kind);
      this.onHit(armed.fault, subject);
      return fault;
    }
    return null;
  }
}

function matches(match: Match, subject: Subject): boolean {
  const { operation, accountId, symbol, clientOrderId } = match;
  if (typeof operation === 'string' && operation !== subject.operation) return false;
  if (typeof operation === 'object' && !operation.includes(subject.operation)) return false;
  if (accountId !== undefined && accountId !== subject.accountId) return false;
  if (symbol !== undefined && !subject.symbols.includes(symbol)) return false;
  return clientOrderId === undefined || subject.clientOrderIds.includes(clientOrderId);
}
