import { expect, test } from 'vitest';
import { sparklinePath } from './sparkline.tsx';

test('the lowest value is at the bottom, the highest at the top', () => {
  expect(sparklinePath([1, 3, 2])).toBe('M0.0 41.0 L120.0 3.0 L240.0 22.0');
});

test('a flat line runs through the middle', () => {
  expect(sparklinePath([5, 5])).toBe('M0.0 22.0 L240.0 22.0');
});
