import type { Symbol } from '../market/instrument.ts';
import { abs, type Decimal, decimal, eq, gt, neg, sub, ZERO } from '../money/decimal.ts';
import type { Position } from '../positions/position.ts';
import type { Timestamp } from '../time/timestamp.ts';

/** Balances may differ by this much, quote currency: venues round (I5). */
export const BALANCE_TOLERANCE = decimal('0.00000001');
/** A difference must stay the same for this long before it is settled: a fill may be on its way. */
export const DIFFERENCE_MS_MIN = 10_000;
/** An order of unknown fate may explain a difference for this long after it was sent; then the venue's word counts without it. */
export const DOUBT_MS_MAX = 300_000;

/** Our records and the venue disagree: about a signed quantity of a symbol, or (`symbol` null) about the balance. */
export interface Difference {
  readonly symbol: Symbol | null;
  readonly recorded: Decimal;
  readonly reported: Decimal;
}

/** Both sides of a comparison, of about the same moment. */
export interface Books {
  readonly positions: readonly Pick<Position, 'symbol' | 'side' | 'quantity'>[];
  readonly balance: Decimal;
}

export interface ReportedBooks {
  /** `quantity` signed, positive long. */
  readonly positions: readonly { readonly symbol: Symbol; readonly quantity: Decimal }[];
  readonly balance: Decimal;
}

export const signedQuantity = ({ side, quantity }: Pick<Position, 'side' | 'quantity'>): Decimal =>
  side === 'long' ? quantity : neg(quantity);

/** Every difference: quantities exactly, the balance beyond rounding. */
export function compareBooks(ours: Books, reported: ReportedBooks): readonly Difference[] {
  const symbols = new Set([...ours.positions, ...reported.positions].map(({ symbol }) => symbol));
  const found: Difference[] = [];
  for (const symbol of symbols) {
    const own = ours.positions.find((position) => position.symbol === symbol);
    const recorded = own === undefined ? ZERO : signedQuantity(own);
    const there = reported.positions.find((position) => position.symbol === symbol)?.quantity ?? ZERO;
    if (!eq(recorded, there)) found.push({ symbol, recorded, reported: there });
  }
  if (gt(abs(sub(reported.balance, ours.balance)), BALANCE_TOLERANCE))
    found.push({ symbol: null, recorded: ours.balance, reported: reported.balance });
  return found;
}

/** A difference and when it was first seen as it is now. */
export interface SeenDifference extends Difference {
  readonly since: Timestamp;
}

/** What was seen so far, after one more comparison: what changed or is gone begins anew. */
export const keepSeen = (before: readonly SeenDifference[], found: readonly Difference[], now: Timestamp): readonly SeenDifference[] =>
  found.map((each) => {
    const same = before.find((seen) => seen.symbol === each.symbol && eq(seen.recorded, each.recorded) && eq(seen.reported, each.reported));
    return { ...each, since: same?.since ?? now };
  });

/** True when a difference has stayed the same for long enough to be settled. */
export const isSettled = ({ since }: SeenDifference, now: Timestamp): boolean => now - since >= DIFFERENCE_MS_MIN;
