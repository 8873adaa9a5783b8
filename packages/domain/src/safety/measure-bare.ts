import type { Decimal } from '../money/decimal.ts';
import type { Position } from '../positions/position.ts';
import type { Timestamp } from '../time/timestamp.ts';
import type { Protection } from './protection.ts';

/** A position may be without a full stop for this long; then an alert is raised and the trader's policy applies (I6). */
export const BARE_MS_MAX = 5_000;

/** One look at a position. */
export interface ProtectionSighting {
  readonly position: Pick<Position, 'id' | 'traderId' | 'symbol' | 'openedAt'>;
  readonly isRequired: boolean;
  readonly covered: Decimal;
  /** Whether any of it is not covered. */
  readonly isMissing: boolean;
  /** Since when it was seen uncovered in between, e.g. a stop that had to be placed anew; null = not known to have been. */
  readonly bareFrom: Timestamp | null;
  readonly at: Timestamp;
}

/**
 * The protection of a position after one more look. A stretch begins with the position itself or where it was first seen bare, lasts
 * over restarts, and ends with the look that finds it covered; times only grow, whatever the clock does.
 */
export function measureBare(
  before: Protection | null,
  { position, isRequired, covered, isMissing, bareFrom, at }: ProtectionSighting,
): Protection {
  const begun = before === null ? (isRequired ? position.openedAt : null) : (before.bareSince ?? bareFrom);
  const isBare = isRequired && isMissing;
  const stretchMs = isBare || begun === null ? 0 : Math.max(0, at - begun);
  return {
    positionId: position.id,
    traderId: position.traderId,
    symbol: position.symbol,
    isRequired,
    coveredQuantity: covered,
    bareSince: isBare ? (begun ?? at) : null,
    bareMs: (before?.bareMs ?? 0) + stretchMs,
    longestBareMs: Math.max(before?.longestBareMs ?? 0, stretchMs),
    checkedAt: at,
  };
}

/** True when it has been bare for longer than it may be. */
export const isOverdue = ({ bareSince }: Pick<Protection, 'bareSince'>, now: Timestamp): boolean =>
  bareSince !== null && now - bareSince > BARE_MS_MAX;
