import { expect, test } from 'vitest';
import { absoluteTime, countdown, durationText, preciseDuration, relativeTime, shortTime, zoneName } from './format-time.ts';

const AT = '2026-01-05T08:00:00.000Z';
const atMs = Date.parse(AT);

test.each([
  [0, 'now'],
  [999, 'now'],
  [1_000, '1 s ago'],
  [59_999, '59 s ago'],
  [60_000, '1 min ago'],
  [3_599_999, '59 min ago'],
  [3_600_000, '1 h ago'],
  [86_399_999, '23 h ago'],
  [86_400_000, '1 d ago'],
  [-60_000, 'in 1 min'],
])('a moment %d ms ago reads "%s"', (ageMs, text) => {
  expect(relativeTime(AT, atMs + ageMs)).toBe(text);
});

test('an absolute time always names its zone', () => {
  expect(absoluteTime(AT, 'utc')).toBe('5 Jan 2026, 08:00:00 UTC');
  expect(absoluteTime(AT, 'browser')).toContain(zoneName('browser'));
});

test('an axis shows days, minutes or seconds', () => {
  expect([shortTime(AT, 'utc', 'day'), shortTime(AT, 'utc', 'minute'), shortTime(AT, 'utc', 'second')]).toEqual([
    '5 Jan',
    '08:00',
    '08:00:00',
  ]);
});

test.each([
  [0, 'any moment'],
  [-5_000, 'any moment'],
  [1, 'in 0:01'],
  [9_000, 'in 0:09'],
  [65_000, 'in 1:05'],
  [3_665_000, 'in 1:01:05'],
])('%d ms before the next run the countdown reads "%s"', (leftMs, text) => {
  expect(countdown(AT, atMs - leftMs)).toBe(text);
});

test('a duration is rounded down to its largest unit', () => {
  expect(durationText(119_999)).toBe('1 min');
});

test('a moment keeps its parts, a longer time does not', () => {
  expect([0, 420.4, 999, 1_000, 1_240, 9_990].map(preciseDuration)).toEqual(['0 ms', '420 ms', '999 ms', '1.00 s', '1.24 s', '9.99 s']);
  expect([10_000, 61_000].map(preciseDuration)).toEqual(['10 s', '1 min']);
});
