import { instanceLimits } from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import type { Json } from '../ids/canonical-json.ts';
import { decimal } from '../money/decimal.ts';
import { DEFAULT_INSTANCE_LIMITS, readInstanceLimits } from './instance-limits.ts';

const full = instanceLimits({ maxTotalNotional: decimal('1000'), maxLeverage: 2, maxDailyLoss: decimal('50'), maxOrdersPerMinute: 9 });

describe('the stored limits of an instance', () => {
  test('come back as they were stored, with and without values', () => {
    for (const limits of [full, DEFAULT_INSTANCE_LIMITS]) {
      expect(readInstanceLimits(JSON.parse(JSON.stringify(limits)))).toEqual(limits);
    }
  });

  test('are the defaults before anything was stored: no caps, but a budget of orders', () => {
    expect(readInstanceLimits(null)).toBe(DEFAULT_INSTANCE_LIMITS);
    expect(DEFAULT_INSTANCE_LIMITS).toEqual({ maxTotalNotional: null, maxLeverage: null, maxDailyLoss: null, maxOrdersPerMinute: 300 });
    expect(Object.isFrozen(DEFAULT_INSTANCE_LIMITS)).toBe(true);
  });

  test.each<[string, Json]>([
    ['a text', 'none'],
    ['a list', []],
    ['nothing in it', {}],
    ['an amount as a number', { ...full, maxTotalNotional: 5 }],
    ['an amount that is none', { ...full, maxDailyLoss: 'lots' }],
    ['a leverage as text', { ...full, maxLeverage: '3' }],
    ['no budget of orders', { ...full, maxOrdersPerMinute: null }],
  ])('are unreadable with %s', (_name, stored) => {
    expect(readInstanceLimits(stored)).toBeNull();
  });
});
