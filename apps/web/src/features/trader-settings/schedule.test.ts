import { expect, test } from 'vitest';
import { fromTriggers, ScheduleFields, toTriggers } from './schedule.ts';

const fields = (change: Partial<ScheduleFields>): ScheduleFields => ({
  ...fromTriggers([{ type: 'schedule', interval_seconds: 300 }], 'UTC'),
  ...change,
});

test.each([
  [5, 'seconds', true],
  [4, 'seconds', false],
  [24, 'hours', true],
  [25, 'hours', false],
  [0.5, 'minutes', true],
  [0.01, 'minutes', false],
] as const)('an interval of %d %s is accepted: %s', (amount, unit, isAccepted) => {
  expect(ScheduleFields.safeParse(fields({ kind: 'interval', amount, unit })).success).toBe(isAccepted);
});

test.each([
  ['*/15 * * * *', true],
  ['* * * *', false],
  ['* * * * * *', false],
])('the cron "%s" is accepted: %s', (cron, isAccepted) => {
  expect(ScheduleFields.safeParse(fields({ kind: 'cron', cron })).success).toBe(isAccepted);
});

test.each([
  [{ type: 'schedule' as const, interval_seconds: 90 }],
  [{ type: 'schedule' as const, interval_seconds: 7_200 }],
  [{ type: 'schedule' as const, cron: '0 8 * * 1', timezone: 'Europe/Berlin' }],
])('a stored trigger survives the form: %o', (trigger) => {
  expect(toTriggers(fromTriggers([trigger], 'UTC'))).toEqual([trigger]);
});

test('no trigger means by hand, and back', () => {
  expect(fromTriggers([], 'UTC').kind).toBe('manual');
  expect(toTriggers(fields({ kind: 'manual' }))).toEqual([]);
});
