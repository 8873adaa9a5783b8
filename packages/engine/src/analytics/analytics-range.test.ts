import { timestamp, toIso } from '@hyperoru/domain';
import { describe, expect, test } from 'vitest';
import { analyticsRange, type RangeInput } from './analytics-range.ts';

const now = timestamp(Date.parse('2026-03-31T12:00:00.000Z'));

function range(input: RangeInput): readonly [string, string] | string {
  const result = analyticsRange(input, now);
  return result.ok ? [toIso(result.value.from), toIso(result.value.to)] : result.error.code;
}

describe('analyticsRange', () => {
  test('is the last 30 days when nothing is said', () => {
    expect(range({})).toEqual(['2026-03-01T12:00:00.000Z', '2026-03-31T12:00:00.000Z']);
  });

  test('reaches as many days back as are asked for, not before 1970', () => {
    expect(range({ days: 1 })).toEqual(['2026-03-30T12:00:00.000Z', '2026-03-31T12:00:00.000Z']);
    expect(range({ days: 365_000 })).toEqual(['1970-01-01T00:00:00.000Z', '2026-03-31T12:00:00.000Z']);
  });

  test('takes a date as the whole day and a time as itself', () => {
    expect(range({ startDate: '2026-02-01', endDate: '2026-02-28' })).toEqual(['2026-02-01T00:00:00.000Z', '2026-02-28T23:59:59.999Z']);
    expect(range({ startDate: '2026-02-01T06:00:00Z', endDate: '2026-02-01T07:00:00Z' })).toEqual([
      '2026-02-01T06:00:00.000Z',
      '2026-02-01T07:00:00.000Z',
    ]);
  });

  test('fills in the end that is missing', () => {
    expect(range({ startDate: '2026-03-30' })).toEqual(['2026-03-30T00:00:00.000Z', '2026-03-31T12:00:00.000Z']);
    expect(range({ endDate: '2026-03-30' })).toEqual(['2026-02-28T23:59:59.999Z', '2026-03-30T23:59:59.999Z']);
  });

  test('refuses days together with dates, and a start after the end', () => {
    expect(range({ days: 7, startDate: '2026-03-01' })).toBe('invalid_request');
    expect(range({ days: 7, endDate: '2026-03-01' })).toBe('invalid_request');
    expect(range({ startDate: '2026-03-02', endDate: '2026-03-01' })).toBe('invalid_request');
    expect(range({ startDate: '2026-03-01', endDate: '2026-03-01' })).toHaveLength(2);
  });
});
