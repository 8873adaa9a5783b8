import { describe, expect, test } from 'vitest';
import { RUN_OUTCOMES } from '../runs/run.ts';
import { timestamp } from '../time/timestamp.ts';
import { traderStatus } from './status.ts';

const resumed = { isActive: true, isReduceOnly: false, activatedAt: timestamp(1_000), deletedAt: null };
const failed = { outcome: 'failed', finishedAt: timestamp(2_000) } as const;

describe('traderStatus', () => {
  test('is active before the first run', () => {
    expect(traderStatus(resumed, null)).toBe('active');
  });

  test('is error exactly when the last run of an active trader failed', () => {
    for (const outcome of RUN_OUTCOMES) {
      expect(traderStatus(resumed, { outcome, finishedAt: timestamp(2_000) })).toBe(outcome === 'failed' ? 'error' : 'active');
    }
  });

  test('forgets a failure from before it was resumed, and keeps one from that very moment', () => {
    expect(traderStatus(resumed, { outcome: 'failed', finishedAt: timestamp(999) })).toBe('active');
    expect(traderStatus(resumed, { outcome: 'failed', finishedAt: timestamp(1_000) })).toBe('error');
  });

  test('is reduce-only while active without entries, unless its last run failed', () => {
    expect(traderStatus({ ...resumed, isReduceOnly: true }, null)).toBe('reduce_only');
    expect(traderStatus({ ...resumed, isReduceOnly: true }, { ...failed, finishedAt: timestamp(999) })).toBe('reduce_only');
    expect(traderStatus({ ...resumed, isReduceOnly: true }, failed)).toBe('error');
    expect(traderStatus({ ...resumed, isReduceOnly: true, isActive: false }, null)).toBe('paused');
  });

  test('is paused or deleted whatever the last run did', () => {
    expect(traderStatus({ ...resumed, isActive: false }, failed)).toBe('paused');
    expect(traderStatus({ ...resumed, deletedAt: timestamp(3_000) }, failed)).toBe('deleted');
    expect(traderStatus({ ...resumed, isActive: false, deletedAt: timestamp(3_000) }, failed)).toBe('deleted');
  });
});
