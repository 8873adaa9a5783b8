import { expect, test } from 'vitest';
import { runTime } from './run-words.ts';

test('a run tells how long it took once it has ended', () => {
  const started_at = '2026-01-05T08:00:00.000Z';
  expect(runTime({ started_at, finished_at: '2026-01-05T08:00:00.045Z' })).toBe('45 ms');
  expect(runTime({ started_at, finished_at: '2026-01-05T08:00:12.000Z' })).toBe('12 s');
  expect(runTime({ started_at, finished_at: null })).toBeNull();
});
