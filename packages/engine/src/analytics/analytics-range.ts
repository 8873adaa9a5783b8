import { fromIso, ok, type Timestamp, timestamp } from '@hyperoru/domain';
import { refuse, type UseCaseResult } from '../refusal.ts';

const DAY_MS = 86_400_000;
const DAYS_DEFAULT = 30;
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;

export interface RangeInput {
  /** Back from now. */
  readonly days?: number | undefined;
  /** ISO date or time, UTC; a date means its first moment. */
  readonly startDate?: string | undefined;
  /** ISO date or time, UTC; a date means its last moment. */
  readonly endDate?: string | undefined;
}

/** Both ends belong to it. */
export interface AnalyticsRange {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/** `days` back from now (default 30), or from start to end; one given date reaches to now, or 30 days back. Refuses `invalid_request`. */
export function analyticsRange(input: RangeInput, now: Timestamp): UseCaseResult<AnalyticsRange> {
  const { days, startDate, endDate } = input;
  if (days !== undefined && (startDate !== undefined || endDate !== undefined)) {
    return refuse('invalid_request', 'Expected either days or dates, was both. Leave one out.', [
      { field: 'days', message: 'Expected without dates.' },
    ]);
  }
  const to = endDate === undefined ? now : endOf(endDate);
  const from = startDate === undefined ? timestamp(Math.max(0, to - (days ?? DAYS_DEFAULT) * DAY_MS)) : fromIso(startDate);
  if (from > to) {
    return refuse('invalid_request', 'Expected a start before the end. Swap start_date and end_date.', [
      { field: 'start_date', message: 'Expected a moment before end_date.' },
    ]);
  }
  return ok({ from, to });
}

function endOf(date: string): Timestamp {
  return DATE_ONLY.test(date) ? timestamp(fromIso(date) + DAY_MS - 1) : fromIso(date);
}
