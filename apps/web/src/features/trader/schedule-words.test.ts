import { expect, test } from 'vitest';
import { intervalWords, scheduleWords } from './schedule-words.ts';

test.each([
  [5, 'every 5 seconds'],
  [60, 'every minute'],
  [90, 'every 90 seconds'],
  [300, 'every 5 minutes'],
  [3_600, 'every hour'],
  [86_400, 'every day'],
])('%d s reads "%s"', (seconds, words) => {
  expect(intervalWords(seconds)).toBe(words);
});

test('schedules name their zone, and say when there is none', () => {
  expect(scheduleWords([])).toBe('only when started by hand');
  expect(scheduleWords([{ type: 'schedule', cron: '0 8 * * *', timezone: 'UTC' }])).toBe('by cron "0 8 * * *" (UTC)');
});
