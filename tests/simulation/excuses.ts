import type { WaitingFault } from '@hyperoru/testkit';
import type { Scheduler } from './scheduler.ts';

/** A request without an answer is given up after this long. */
const NO_ANSWER_MS = 4_500;
/** What no event told is found by the round over every trader, once a minute. */
const UNTOLD_MS = 65_000;
/** A connection that is cut comes back after a pause that grows to 30 s; then everything is read again. */
const RECONNECT_MS = 35_000;
/** What an error of the store stopped in the middle is begun again by the rounds. */
export const STORE_ERROR_MS = 10_000;
/** After a venue that was down, a market that was halted or prices that did not come, everything is read again first. */
export const RETURN_MS = 5_000;

/** A venue that gave no answer again and again is left alone for this long by the rounds. */
export const LEFT_ALONE_MS = 25_000;
/** Failed requests this close to each other are such a row. */
const IN_A_ROW_MS = 15_000;
const FAILS: ReadonlySet<WaitingFault['kind']> = new Set([
  'accept_then_silence',
  'accept_then_reset',
  'accept_then_cut',
  'accept_then_502',
  'accept_then_503',
  'accept_then_timeout_error',
  'refuse_then_silence',
  'refuse_then_reset',
  'refuse_then_502',
  'refuse_then_503',
  'answer_late',
  'rate_limited',
  'banned',
  'unreachable',
]);

/** Rounds go over all traders: one whose request hangs holds the next round of the others up. */
const ROUND_MS = 5_000;

/** How long after it hit a fault of the venue or the network still explains that something is not done at once, ms. */
function explainedBy(fault: WaitingFault): number {
  switch (fault.kind) {
    case 'accept_then_silence':
    case 'accept_then_reset':
    case 'accept_then_cut':
    case 'accept_then_502':
    case 'accept_then_503':
    case 'accept_then_timeout_error':
    case 'refuse_then_silence':
    case 'refuse_then_reset':
    case 'refuse_then_502':
    case 'refuse_then_503':
      return NO_ANSWER_MS;
    case 'answer_late':
    case 'execute_late':
      return Math.max(NO_ANSWER_MS, fault.ms);
    // Its client cannot see what it placed for so long.
    case 'hide_order':
      return fault.ms;
    case 'rate_limited':
      return fault.retryAfterMs;
    case 'banned':
      return fault.untilMs;
    case 'unreachable':
      return 0;
    case 'ws_lose':
    case 'ws_swap':
      return UNTOLD_MS;
    case 'ws_drop':
    case 'ws_silence':
    case 'ws_wrong_pong':
      return RECONNECT_MS;
    // Whatever the market does, and however often a thing is told: nothing of it excuses a delay.
    case 'ws_duplicate':
    case 'ws_repeat_snapshot':
    case 'partial_fill':
    case 'fill_before_cancel':
    case 'stop_rejected_at_trigger':
      return 0;
  }
}

/**
 * Known trouble, as far as it explains that a process does not do at once what it has to do. Each kind is written down here and nowhere
 * else: what hit a request or an event of one account excuses that account only, so that a delay of another one is nobody's but ours.
 */
export class Excuses {
  readonly #scheduler: Scheduler;
  readonly #untilMs = new Map<string, number>();
  /** When a request of an account failed last. */
  readonly #failedAtMs = new Map<string | null, number>();
  #allUntilMs = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** A fault hit a request or an event of an account, or (null) one that belongs to none. */
  hit(accountId: string | null, fault: WaitingFault): void {
    const forMs = Math.max(explainedBy(fault), FAILS.has(fault.kind) && this.#failsAgain(accountId) ? LEFT_ALONE_MS : 0);
    this.give(accountId, forMs);
    if (explainedBy(fault) >= NO_ANSWER_MS) this.give(null, explainedBy(fault) + ROUND_MS);
  }

  #failsAgain(accountId: string | null): boolean {
    const { nowMs } = this.#scheduler;
    const beforeMs = this.#failedAtMs.get(accountId);
    this.#failedAtMs.set(accountId, nowMs);
    return beforeMs !== undefined && nowMs - beforeMs < IN_A_ROW_MS;
  }

  /** From now on for so long everything of the account, or (null) of all, may be late. */
  give(accountId: string | null, forMs: number): void {
    const untilMs = this.#scheduler.nowMs + forMs;
    if (accountId === null) this.#allUntilMs = Math.max(this.#allUntilMs, untilMs);
    else this.#untilMs.set(accountId, Math.max(this.#untilMs.get(accountId) ?? 0, untilMs));
  }

  /** The moment from which nothing excuses the account any more. */
  endOf(accountId: string): number {
    return Math.max(this.#allUntilMs, this.#untilMs.get(accountId) ?? 0);
  }
}
