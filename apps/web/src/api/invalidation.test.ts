import { CHANNEL_TOPICS } from '@hyperoru/contracts';
import type { QueryKey } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInvalidator, keysOfTopic, REFRESH_MS } from './invalidation.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function recorder() {
  const refreshed: string[] = [];
  const client = {
    invalidateQueries: async (filters?: { queryKey?: QueryKey }) => {
      refreshed.push(String(filters?.queryKey?.join('/')));
    },
  };
  return { refreshed, invalidator: createInvalidator(client) };
}

test('every topic of the stream refreshes something', () => {
  for (const topic of Object.values(CHANNEL_TOPICS).flat()) expect(keysOfTopic(topic).length, topic).toBeGreaterThan(0);
});

test('a burst of events is one refresh of each area', () => {
  const { refreshed, invalidator } = recorder();
  for (let event = 0; event < 50; event++) invalidator.add('order.changed');
  expect(refreshed).toEqual([]);
  vi.advanceTimersByTime(REFRESH_MS);
  expect(refreshed).toEqual(['orders', 'decisions', 'positions', 'safety']);
});

test('events after a refresh start the next one', () => {
  const { refreshed, invalidator } = recorder();
  invalidator.add('trader.changed');
  vi.advanceTimersByTime(REFRESH_MS);
  invalidator.add('trader.changed');
  vi.advanceTimersByTime(REFRESH_MS);
  expect(refreshed).toEqual(['traders', 'safety', 'traders', 'safety']);
});

test('an unknown topic refreshes nothing', () => {
  const { refreshed, invalidator } = recorder();
  invalidator.add('something.new');
  vi.advanceTimersByTime(REFRESH_MS * 2);
  expect(refreshed).toEqual([]);
});
