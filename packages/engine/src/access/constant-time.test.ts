import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalInConstantTime } from './constant-time.ts';

describe('equalInConstantTime', () => {
  test('agrees with === on all texts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(equalInConstantTime(a, b)).toBe(a === b);
        expect(equalInConstantTime(a, a)).toBe(true);
      }),
    );
  });

  test('sees a difference at the start, at the end, in the length, and in a trailing zero character', () => {
    expect(equalInConstantTime('abc', 'xbc')).toBe(false);
    expect(equalInConstantTime('abc', 'abx')).toBe(false);
    expect(equalInConstantTime('abc', 'ab')).toBe(false);
    expect(equalInConstantTime('ab', 'ab\u0000')).toBe(false);
    expect(equalInConstantTime('', '')).toBe(true);
  });
});
