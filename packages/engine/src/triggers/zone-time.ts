import { type Timestamp, timestamp } from '@hyperoru/domain';

const DAY_MS = 86_400_000;
/** Formatters kept; making one costs more than using it a thousand times. */
const ZONES_MAX = 64;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** True when the runtime knows the IANA time zone, e.g. `Europe/Berlin`. */
export function isTimeZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What the clock on the wall of the zone shows at `at`, as if it were UTC: ms since 1970. */
export function wallMs(zone: string, at: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(at)) if (type !== 'literal') parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (at - Math.floor(at / 1000) * 1000);
}

/** How far the zone's clock is ahead of UTC at `at`, ms. */
export const offsetMs = (zone: string, at: number): number => wallMs(zone, at) - at;

/** The offset of the whole day when no change of clocks is within a day of it, else null. `dayWallMs` = its wall midnight. */
export function steadyOffsetMs(zone: string, dayWallMs: number): number | null {
  const before = offsetMs(zone, dayWallMs - DAY_MS);
  return before === offsetMs(zone, dayWallMs + 2 * DAY_MS) ? before : null;
}

/**
 * The moments at which the wall shows `wall`: one on ordinary days, two when clocks were set back, none when they were set
 * forward past it; then `shifted` is the moment as far behind the jump as `wall` lies behind its start.
 */
export function instantsOf(zone: string, wall: number): { readonly exact: readonly Timestamp[]; readonly shifted: Timestamp } {
  const before = wall - offsetMs(zone, wall - DAY_MS);
  const after = wall - offsetMs(zone, wall + DAY_MS);
  const exact = [...new Set([Math.min(before, after), Math.max(before, after)])].filter((at) => wallMs(zone, at) === wall);
  return { exact: exact.map(timestamp), shifted: timestamp(before) };
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formatters.size >= ZONES_MAX) formatters.clear();
  formatters.set(zone, made);
  return made;
}
