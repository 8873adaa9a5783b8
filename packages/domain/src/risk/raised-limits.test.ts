import { BTC, ETH, instanceLimits, riskLimits } from '@hyperoru/testkit';
import { describe, expect, test } from 'vitest';
import { decimal } from '../money/decimal.ts';
import type { InstanceLimits } from './instance-limits.ts';
import type { RiskLimits } from './limits.ts';
import { limitsAboveInstance, raisedInstanceLimits, raisedLimits } from './raised-limits.ts';

/** For every field the careful value and the one that allows more. */
const TRADER: readonly [keyof RiskLimits, Partial<RiskLimits>, Partial<RiskLimits>][] = [
  ['maxLeverage', { maxLeverage: 3 }, { maxLeverage: 4 }],
  ['maxOrderNotional', { maxOrderNotional: decimal('9') }, { maxOrderNotional: decimal('10') }],
  ['maxTotalNotional', { maxTotalNotional: decimal('9') }, { maxTotalNotional: decimal('10') }],
  ['maxOpenPositions', { maxOpenPositions: 1 }, { maxOpenPositions: 2 }],
  ['allowedSymbols', { allowedSymbols: [BTC] }, { allowedSymbols: [ETH, BTC] }],
  ['allowedSymbols', { allowedSymbols: [BTC] }, { allowedSymbols: null }],
  ['maxDailyLoss', { maxDailyLoss: decimal('9') }, { maxDailyLoss: decimal('10') }],
  ['maxDailyLoss', { maxDailyLoss: decimal('9') }, { maxDailyLoss: null }],
  ['maxOrdersPerHour', { maxOrdersPerHour: 1 }, { maxOrdersPerHour: 2 }],
  ['requireStopLoss', { requireStopLoss: true }, { requireStopLoss: false }],
  ['onProtectionFailure', { onProtectionFailure: 'flatten' }, { onProtectionFailure: 'alert_only' }],
  ['maxPriceDeviation', { maxPriceDeviation: decimal('0.01') }, { maxPriceDeviation: decimal('0.02') }],
  ['cooldownMinutes', { cooldownMinutes: 2 }, { cooldownMinutes: 1 }],
  ['maxDrawdown', { maxDrawdown: decimal('0.1') }, { maxDrawdown: decimal('0.2') }],
  ['maxDrawdown', { maxDrawdown: decimal('0.1') }, { maxDrawdown: null }],
  ['maxSameDirectionNotional', { maxSameDirectionNotional: decimal('9') }, { maxSameDirectionNotional: null }],
  ['onExternalActivity', { onExternalActivity: 'alarm' }, { onExternalActivity: 'adopt' }],
  ['onExternalActivity', { onExternalActivity: 'adopt' }, { onExternalActivity: 'ignore' }],
  ['llmDailyBudgetUsd', { llmDailyBudgetUsd: decimal('9') }, { llmDailyBudgetUsd: null }],
];

describe('the limits of a trader', () => {
  test.each(TRADER)('%s is raised one way, lowered the other, and neither when it stays %#', (field, careful, daring) => {
    expect(raisedLimits(riskLimits(careful), riskLimits(daring))).toEqual([field]);
    expect(raisedLimits(riskLimits(daring), riskLimits(careful))).toEqual([]);
    expect(raisedLimits(riskLimits(daring), riskLimits(daring))).toEqual([]);
    expect(raisedLimits(riskLimits(careful), riskLimits(careful))).toEqual([]);
  });

  test('every field is among the cases above', () => {
    expect([...new Set(TRADER.map(([field]) => field))].toSorted()).toEqual(Object.keys(riskLimits()).toSorted());
  });

  test('other symbols are a raise, also when they are fewer', () => {
    expect(raisedLimits(riskLimits({ allowedSymbols: [BTC, ETH] }), riskLimits({ allowedSymbols: [ETH] }))).toEqual([]);
    expect(raisedLimits(riskLimits({ allowedSymbols: [BTC] }), riskLimits({ allowedSymbols: [ETH] }))).toEqual(['allowedSymbols']);
  });

  test('lowering one makes up for no other', () => {
    const after = riskLimits({ maxLeverage: 4, maxOpenPositions: 1, maxDailyLoss: null });
    expect(raisedLimits(riskLimits(), after)).toEqual(['maxLeverage', 'maxDailyLoss']);
  });
});

const INSTANCE: readonly [keyof InstanceLimits, Partial<InstanceLimits>, Partial<InstanceLimits>][] = [
  ['maxTotalNotional', { maxTotalNotional: decimal('9') }, { maxTotalNotional: decimal('10') }],
  ['maxTotalNotional', { maxTotalNotional: decimal('9') }, { maxTotalNotional: null }],
  ['maxLeverage', { maxLeverage: 2 }, { maxLeverage: 3 }],
  ['maxLeverage', { maxLeverage: 2 }, { maxLeverage: null }],
  ['maxDailyLoss', { maxDailyLoss: decimal('9') }, { maxDailyLoss: null }],
  ['maxOrdersPerMinute', { maxOrdersPerMinute: 10 }, { maxOrdersPerMinute: 11 }],
];

describe('the limits of the instance', () => {
  test.each(INSTANCE)('%s is raised one way, lowered the other, and neither when it stays %#', (field, careful, daring) => {
    expect(raisedInstanceLimits(instanceLimits(careful), instanceLimits(daring))).toEqual([field]);
    expect(raisedInstanceLimits(instanceLimits(daring), instanceLimits(careful))).toEqual([]);
    expect(raisedInstanceLimits(instanceLimits(daring), instanceLimits(daring))).toEqual([]);
  });

  test('every field is among the cases above', () => {
    expect([...new Set(INSTANCE.map(([field]) => field))].toSorted()).toEqual(Object.keys(instanceLimits()).toSorted());
  });
});

describe('a trader’s limits above those of the instance', () => {
  const caps = instanceLimits({ maxLeverage: 2, maxTotalNotional: decimal('1000'), maxDailyLoss: decimal('100') });
  const within = riskLimits({
    maxLeverage: 2,
    maxOrderNotional: decimal('1000'),
    maxTotalNotional: decimal('1000'),
    maxDailyLoss: decimal('100'),
  });
  const low = riskLimits({
    maxLeverage: 1,
    maxOrderNotional: decimal('1'),
    maxTotalNotional: decimal('1'),
    maxDailyLoss: decimal('1'),
  });

  test('are named; those that equal them are not', () => {
    expect(limitsAboveInstance(low, within, caps)).toEqual([]);
    const above = { maxOrderNotional: decimal('1001'), maxTotalNotional: decimal('1001'), maxDailyLoss: null };
    expect(limitsAboveInstance(within, { ...within, ...above, maxLeverage: 3 }, caps)).toEqual([
      'maxLeverage',
      'maxOrderNotional',
      'maxTotalNotional',
      'maxDailyLoss',
    ]);
  });

  test('are none where the instance has no limit', () => {
    expect(limitsAboveInstance(low, riskLimits({ maxLeverage: 100, maxDailyLoss: null }), instanceLimits())).toEqual([]);
  });

  test('do not stand in the way of lowering another one', () => {
    const before = riskLimits({
      ...within,
      maxLeverage: 9,
      maxOrderNotional: decimal('9999'),
      maxTotalNotional: decimal('9999'),
      maxDailyLoss: null,
    });
    expect(limitsAboveInstance(before, { ...before, maxOpenPositions: 1 }, caps)).toEqual([]);
    expect(limitsAboveInstance(before, { ...before, maxLeverage: 8 }, caps)).toEqual(['maxLeverage']);
  });
});
