import { describe, expect, test } from 'vitest';
import { figureLine, percentile } from './figure.ts';

describe('a figure', () => {
  test('is one JSON line with its ratio to the baseline', () => {
    const figure = { name: 'x', value: 50, unit: '1/s', baseline: 'bare', baselineValue: 80, must: 'ratio >= 0.5', ok: true };
    expect(JSON.parse(figureLine(figure))).toEqual({
      name: 'x',
      value: 50,
      unit: '1/s',
      baseline: 'bare',
      baseline_value: 80,
      ratio: 0.625,
      must: 'ratio >= 0.5',
      ok: true,
    });
  });

  test('has no ratio to a baseline of nothing', () => {
    const figure = { name: 'x', value: 50, unit: 'ms', baseline: 'none', baselineValue: 0, must: '<= 50', ok: true };
    expect(JSON.parse(figureLine(figure))).toMatchObject({ ratio: null });
  });
});

describe('a percentile', () => {
  test.each([
    [0.5, 2],
    [0.75, 3],
    [0.99, 4],
    [1, 4],
  ])('of %d is the smallest sample that covers that share', (share, value) => {
    expect(percentile([4, 1, 3, 2], share)).toBe(value);
  });

  test('of nothing is an error, not a number', () => {
    expect(() => percentile([], 0.5)).toThrow('Expected samples');
  });
});
