import type { OrderId } from '../ids/ids.ts';
import { add, type Decimal, gt, isPositive, isZero, lte, max, min, sub, sum, ZERO } from '../money/decimal.ts';
import { isWithdrawn, type Order } from '../orders/order.ts';
import { isOpen } from '../orders/state-machine.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** Refusals per protective order before the failure policy takes over. */
export const PROTECT_ATTEMPTS_MAX = 3;
/** Pause after the first round of refusals; each further round makes it longer by as much. */
const PROTECT_PAUSE_MS = 60_000;
const PROTECT_PAUSE_MS_MAX = 3_600_000;

export type ProtectivePurpose = 'stop_loss' | 'take_profit';

/** An entry with its protective orders, oldest first, and what it has to do with the open position. */
export interface GuardedEntry {
  readonly entry: Order;
  readonly legs: readonly Order[];
  /** What its fills brought into the open position; 0 when the position is closed, or another one. */
  readonly brought: Decimal;
  /** The venue reported fills of it that are not booked yet: what is needed is not known. */
  readonly isAhead: boolean;
}

/**
 * How much of a position each entry has to protect, by entry id. A close takes from the oldest entry first, so the newest keep theirs.
 * What no entry explains, e.g. something added by hand, goes to the newest entry that has a stop: a venue knows one position only.
 */
export function allotPosition(quantity: Decimal, entries: readonly GuardedEntry[]): ReadonlyMap<OrderId, Decimal> {
  const newestFirst = [...entries].sort((a, b) => b.entry.createdAt - a.entry.createdAt);
  let rest = quantity;
  const shares = newestFirst.map(({ entry, brought, legs }) => {
    const share = min(rest, brought);
    rest = sub(rest, share);
    return { id: entry.id, share, mayInherit: isPositive(brought) && legs.some(({ purpose }) => purpose === 'stop_loss') };
  });
  const heir = shares.find(({ mayInherit }) => mayInherit);
  return new Map(shares.map((each) => [each.id, each === heir ? add(each.share, rest) : each.share]));
}

/** `intent`, or where there is none a new order like `template`, over `quantity`. */
export interface NextLeg {
  readonly intent: Order | null;
  readonly template: Order;
  readonly attempt: number;
  readonly quantity: Decimal;
}

/** What comes next for the protective orders of one purpose of one entry. */
export type ProtectionStep =
  | ({ readonly kind: 'send' } & NextLeg)
  /** It failed too often: `isRefused` when the venue said no each time, else it did not say what became of all of them. */
  | ({ readonly kind: 'wait'; readonly isRefused: boolean } & NextLeg)
  | { readonly kind: 'withdraw'; readonly leg: Order }
  | { readonly kind: 'drop'; readonly leg: Order };

export interface ProtectionCase {
  readonly guarded: GuardedEntry;
  readonly purpose: ProtectivePurpose;
  /** What of the position this entry has to protect. */
  readonly needed: Decimal;
  readonly now: Timestamp;
  /** Whether the venue shows the order: true, false, or null when it was not read since the order changed. */
  readonly isShown: (order: Order) => boolean | null;
  /** Orders that were canceled in this pass already. */
  readonly tried: ReadonlySet<OrderId>;
}

/**
 * The next step, or null when all is as it should be. What is missing is placed at once, and before anything is taken away: a doubled
 * stop is clutter, a missing one is loss (rule 3.2-7). An order that the venue was
 * seen without covers nothing, whatever it said of it before.
 */
export function nextProtectionStep(by: ProtectionCase): ProtectionStep | null {
  const { guarded, needed } = by;
  const legs = guarded.legs.filter(({ purpose }) => purpose === by.purpose);
  const intent = legs.find(({ state }) => state === 'intent') ?? null;
  const resting = legs.filter((leg) => isOpen(leg.state) && leg.state !== 'intent' && !isWithdrawn(leg));
  const covering = resting.filter((leg) => by.isShown(leg) !== false);
  const covered = sum(covering.map(restOf));
  const template = legs.at(-1);
  if (gt(needed, covered)) {
    if (template === undefined) return null;
    const refused = legs.filter(isRefused);
    const doubtful = resting.filter((leg) => !covering.includes(leg));
    const next: NextLeg = { intent, template, attempt: legs.length, quantity: sub(needed, covered) };
    if (isPaused([...refused, ...doubtful], by.now)) return { kind: 'wait', isRefused: doubtful.length === 0, ...next };
    return { kind: 'send', ...next };
  }
  if (guarded.isAhead) return null;
  if (intent !== null && !isOpen(guarded.entry.state)) return { kind: 'drop', leg: intent };
  const again = legs.find((leg) => isOpen(leg.state) && isWithdrawn(leg) && !by.tried.has(leg.id));
  if (again !== undefined) return { kind: 'withdraw', leg: again };
  const stray = isZero(needed) ? resting.find((leg) => !covering.includes(leg) && !by.tried.has(leg.id)) : undefined;
  if (stray !== undefined) return { kind: 'withdraw', leg: stray };
  return tidy(by, { legs, covering, excess: sub(covered, needed) });
}

/** Takes away what covers too much: an order that fits into the excess, else a smaller one is placed first in a larger one's stead. */
function tidy(
  { needed, tried }: ProtectionCase,
  { legs, covering, excess }: { readonly legs: readonly Order[]; readonly covering: readonly Order[]; readonly excess: Decimal },
): ProtectionStep | null {
  if (!isPositive(excess)) return null;
  const smallestFirst = covering.filter((leg) => !tried.has(leg.id)).sort((a, b) => (gt(restOf(a), restOf(b)) ? 1 : -1));
  const fitting = smallestFirst.findLast((leg) => lte(restOf(leg), excess));
  if (fitting !== undefined) return { kind: 'withdraw', leg: fitting };
  const [large] = smallestFirst;
  // While the venue refuses orders of this kind, clutter stays: a refusal must not count against a position that is covered.
  if (large === undefined || !isPositive(needed) || legs.filter(isRefused).length % PROTECT_ATTEMPTS_MAX !== 0) return null;
  return { kind: 'send', intent: null, template: large, attempt: legs.length, quantity: sub(restOf(large), excess) };
}

const restOf = ({ quantity, filledQuantity }: Order): Decimal => max(ZERO, sub(quantity, filledQuantity));

/** Ended without our doing and without an execution. */
const isRefused = (leg: Order): boolean => !isOpen(leg.state) && leg.state !== 'filled' && leg.state !== 'dropped' && !isWithdrawn(leg);

/** After every full round of orders that did not hold, the venue is left alone, a little longer each time. */
function isPaused(failed: readonly Order[], now: Timestamp): boolean {
  if (failed.length === 0 || failed.length % PROTECT_ATTEMPTS_MAX !== 0) return false;
  const newest = Math.max(...failed.map(({ updatedAt }) => updatedAt));
  return now < newest + Math.min(PROTECT_PAUSE_MS_MAX, (PROTECT_PAUSE_MS * failed.length) / PROTECT_ATTEMPTS_MAX);
}
