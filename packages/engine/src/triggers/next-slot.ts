import { type BindingId, type BindingTrigger, slotPhaseMs, type Timestamp, timestamp } from '@hyperoru/domain';
import { CronExpressionParser } from 'cron-parser';
import { instantsOf, isTimeZone, steadyOffsetMs, wallMs } from './zone-time.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Longest possible wait: 29 February over a century without one. */
const DAYS_AHEAD_MAX = 8 * 366;
const INTERVAL_SECONDS_MIN = 5;
const INTERVAL_SECONDS_MAX = 86_400;
/** Five fields of digits, `*`, `/`, `,`, `-` and three-letter names; no seconds, no `@daily`, nothing random. */
const FIVE_FIELDS = /^(?:[\d*/,-]|[A-Za-z]{3})+(?: (?:[\d*/,-]|[A-Za-z]{3})+){4}$/;

type CronTrigger = Extract<BindingTrigger, { readonly cron: string }>;

/** The days and minutes a cron expression names. */
interface CronDays {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  readonly daysOfWeek: readonly number[];
  /** Both day fields are restricted: a day matches when either does, as in Vixie cron. */
  readonly eitherDay: boolean;
  /** Every hour is named: the schedule runs on elapsed time and repeats the hour that clocks repeat. */
  readonly everyHour: boolean;
}

/** One sentence when the schedule cannot be followed, else null. */
export function scheduleProblem(trigger: BindingTrigger, after: Timestamp): string | null {
  try {
    if ('intervalSeconds' in trigger) intervalMs(trigger.intervalSeconds);
    else nextCron(trigger, after);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/**
 * The first slot of the binding's trigger strictly after `after`. Interval slots are multiples of the interval since 1970 (UTC) plus
 * the binding's own phase, so that the traders of an instance do not all decide at once; who needs a certain moment, e.g. the close
 * of a candle, names it by cron. Cron has five fields in its time zone; a time that clocks skip is made up as long after the jump, a
 * time that they repeat fires once unless every hour is named. Throws RangeError for a schedule that is malformed or never comes.
 */
export function nextSlot(trigger: BindingTrigger, after: Timestamp, bindingId: BindingId): Timestamp {
  if (!('intervalSeconds' in trigger)) return nextCron(trigger, after);
  const ms = intervalMs(trigger.intervalSeconds);
  const phase = slotPhaseMs(bindingId, ms);
  return timestamp((Math.floor((after - phase) / ms) + 1) * ms + phase);
}

function intervalMs(seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < INTERVAL_SECONDS_MIN || seconds > INTERVAL_SECONDS_MAX) {
    throw new RangeError(`Expected interval_seconds from ${INTERVAL_SECONDS_MIN} to ${INTERVAL_SECONDS_MAX}, was ${seconds}.`);
  }
  return seconds * 1000;
}

function nextCron(trigger: CronTrigger, after: Timestamp): Timestamp {
  const days = parseCron(trigger.cron, trigger.timezone);
  const zone = trigger.timezone;
  const today = Math.floor(wallMs(zone, after) / DAY_MS) * DAY_MS;
  // From yesterday: a time skipped at midnight is made up on the next day.
  for (let ahead = -1; ahead <= DAYS_AHEAD_MAX; ahead += 1) {
    const day = today + ahead * DAY_MS;
    if (!isNamedDay(days, day)) continue;
    const found = firstOfDay(days, zone, day, after);
    if (found !== null) return found;
  }
  throw new RangeError(`Expected a date that exists, but "${trigger.cron}" never comes.`);
}

function parseCron(cron: string, zone: string): CronDays {
  if (!FIVE_FIELDS.test(cron)) {
    throw new RangeError(`Expected five cron fields (minute hour day month weekday) with one space between, was "${cron.slice(0, 100)}".`);
  }
  if (!isTimeZone(zone)) throw new RangeError(`Expected a time zone such as "Europe/Berlin", was "${zone.slice(0, 60)}".`);
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parseFields(cron);
  return {
    minutes: minute.values,
    hours: hour.values,
    daysOfMonth: dayOfMonth.values.map(Number),
    months: month.values,
    daysOfWeek: dayOfWeek.values.map((day) => Number(day) % 7),
    eitherDay: !dayOfMonth.isWildcard && !dayOfWeek.isWildcard,
    everyHour: hour.values.length === 24,
  };
}

function parseFields(cron: string): ReturnType<typeof CronExpressionParser.parse>['fields'] {
  try {
    return CronExpressionParser.parse(cron, { currentDate: 0, tz: 'UTC' }).fields;
  } catch (error) {
    throw new RangeError(`Expected a valid cron, was "${cron}": ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
}

function isNamedDay(days: CronDays, dayWallMs: number): boolean {
  const date = new Date(dayWallMs);
  if (!days.months.some((month) => month === date.getUTCMonth() + 1)) return false;
  const inMonth = days.daysOfMonth.includes(date.getUTCDate());
  const inWeek = days.daysOfWeek.includes(date.getUTCDay());
  return days.eitherDay ? inMonth || inWeek : inMonth && inWeek;
}

function firstOfDay(days: CronDays, zone: string, dayWallMs: number, after: Timestamp): Timestamp | null {
  const offset = steadyOffsetMs(zone, dayWallMs);
  let first: Timestamp | null = null;
  for (const hour of days.hours) {
    for (const minute of days.minutes) {
      const wall = dayWallMs + (hour * 60 + minute) * MINUTE_MS;
      if (offset !== null) {
        if (wall - offset > after) return timestamp(wall - offset);
        continue;
      }
      for (const at of slotsAt(zone, wall, days.everyHour)) if (at > after && (first === null || at < first)) first = at;
    }
  }
  return first;
}

function slotsAt(zone: string, wall: number, everyHour: boolean): readonly Timestamp[] {
  const { exact, shifted } = instantsOf(zone, wall);
  if (everyHour) return exact;
  return exact.length === 0 ? [shifted] : exact.slice(0, 1);
}
