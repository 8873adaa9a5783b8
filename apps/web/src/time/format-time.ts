/** Where the hands of the clock are read: the browser's zone, or UTC. */
export type ZoneChoice = 'browser' | 'utc';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** IANA name of the chosen zone. */
export function zoneName(choice: ZoneChoice): string {
  return choice === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** "24 Nov 2026, 22:15:07 UTC": always names its zone. */
export function absoluteTime(iso: string, choice: ZoneChoice): string {
  const zone = zoneName(choice);
  const text = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: zone,
  }).format(new Date(iso));
  return `${text} ${zone}`;
}

/** "22:15", "22:15:07" or "24 Nov" for the axis of a chart whose heading names the zone. */
export function shortTime(iso: string, choice: ZoneChoice, precision: 'day' | 'minute' | 'second'): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...(precision === 'day' ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }),
    ...(precision === 'second' ? { second: '2-digit' } : {}),
    timeZone: zoneName(choice),
  }).format(new Date(iso));
}

/** "12 s ago", "3 min ago", "in 2 h". */
export function relativeTime(iso: string, nowMs: number): string {
  const differenceMs = Date.parse(iso) - nowMs;
  if (Math.abs(differenceMs) < SECOND_MS) return 'now';
  const amount = durationText(Math.abs(differenceMs));
  return differenceMs < 0 ? `${amount} ago` : `in ${amount}`;
}

/** The largest unit that fits, rounded down: "45 s", "12 min", "3 h", "5 d". */
export function durationText(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} d`;
}

/** What is over in moments: "0 ms", "420 ms", "1.24 s"; from ten seconds on as {@link durationText}. */
export function preciseDuration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  return ms < 10 * SECOND_MS ? `${(ms / SECOND_MS).toFixed(2)} s` : durationText(ms);
}

/** "in 4:05" or "in 1:04:05" until a moment; "any moment" when it has come. */
export function countdown(iso: string, nowMs: number): string {
  const leftMs = Date.parse(iso) - nowMs;
  if (leftMs <= 0) return 'any moment';
  const seconds = Math.ceil(leftMs / SECOND_MS);
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const tail = `${String(seconds % 60).padStart(2, '0')}`;
  return hours > 0 ? `in ${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `in ${minutes}:${tail}`;
}
