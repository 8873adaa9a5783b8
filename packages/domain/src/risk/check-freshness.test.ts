import { FAKE_EPOCH, quote } from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import { decimal } from '../money/decimal.ts';
import { addMs } from '../time/timestamp.ts';
import { checkFreshness, DECISION_AGE_MS_MAX, QUOTE_AGE_MS_MAX } from './check-freshness.ts';

interface Case {
  readonly decisionAgeMs?: number;
  readonly quoteAgeMs?: number;
  readonly mark?: string;
  readonly promptMark?: string | null;
}

function codeOf({ decisionAgeMs = 0, quoteAgeMs = 0, mark = '100', promptMark = '100' }: Case) {
  const now = addMs(FAKE_EPOCH, 3_600_000);
  const result = checkFreshness({
    now,
    decidedAt: addMs(now, -decisionAgeMs),
    quote: quote({ mark: decimal(mark), receivedAt: addMs(now, -quoteAgeMs) }),
    promptMark: promptMark === null ? null : decimal(promptMark),
  });
  return result.ok ? null : result.error.code;
}

describe('both sides of every limit', () => {
  test.each([
    ['decision_stale', { decisionAgeMs: DECISION_AGE_MS_MAX }, { decisionAgeMs: DECISION_AGE_MS_MAX + 1 }],
    ['quote_stale', { quoteAgeMs: QUOTE_AGE_MS_MAX }, { quoteAgeMs: QUOTE_AGE_MS_MAX + 1 }],
    ['price_moved', { mark: '101' }, { mark: '101.000001' }],
    ['price_moved', { mark: '99' }, { mark: '98.999999' }],
  ])('%s', (code, inside, outside) => {
    expect(codeOf(inside)).toBeNull();
    expect(codeOf(outside)).toBe(code);
  });
});

test('a decision is sent for at most 30 s and on prices of at most 10 s', () => {
  expect([DECISION_AGE_MS_MAX, QUOTE_AGE_MS_MAX]).toEqual([30_000, 10_000]);
});

test('without a price in the prompt there is no move to judge', () => {
  expect(codeOf({ promptMark: null, mark: '1' })).toBeNull();
});

test('the age of the decision is told before that of the price', () => {
  expect(codeOf({ decisionAgeMs: 31_000, quoteAgeMs: 11_000, mark: '1' })).toBe('decision_stale');
  expect(codeOf({ quoteAgeMs: 11_000, mark: '1' })).toBe('quote_stale');
});

test('a price from an hour of the recorded past is fresh when it arrived now', () => {
  const old = quote({ marketTime: addMs(FAKE_EPOCH, -365 * 86_400_000), receivedAt: FAKE_EPOCH });
  expect(checkFreshness({ now: FAKE_EPOCH, decidedAt: FAKE_EPOCH, quote: old, promptMark: null }).ok).toBe(true);
});
