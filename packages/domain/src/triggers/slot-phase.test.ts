import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asId, type BindingId } from '../ids/ids.ts';
import { slotPhaseMs } from './slot-phase.ts';

const bindingId = fc.uuid().map((id) => asId<BindingId>(id));
const SHARES = 20;
const IDS = 4_000;

/** How many of the ids fall into each twentieth of the interval. */
function countByShare(ids: readonly BindingId[], intervalMs: number): readonly number[] {
  const counts = Array.from({ length: SHARES }, () => 0);
  for (const id of ids) {
    const share = Math.floor((slotPhaseMs(id, intervalMs) / intervalMs) * SHARES);
    counts[share] = (counts[share] ?? 0) + 1;
  }
  return counts;
}

/** 200 are expected in each share; the bounds are more than four standard deviations away. */
function expectEven(counts: readonly number[]): void {
  expect(Math.min(...counts)).toBeGreaterThan(140);
  expect(Math.max(...counts)).toBeLessThan(260);
}

describe('the phase of a binding', () => {
  test('lies within its interval, for every interval', () => {
    fc.assert(
      fc.property(bindingId, fc.integer({ min: 5, max: 86_400 }), (id, seconds) => {
        const phase = slotPhaseMs(id, seconds * 1_000);
        expect(Number.isInteger(phase)).toBe(true);
        expect(phase).toBeGreaterThanOrEqual(0);
        expect(phase).toBeLessThan(seconds * 1_000);
      }),
    );
  });

  test('is the same in every version: a schedule does not jump when the program is updated', () => {
    const id = asId<BindingId>('6f0d3c9e-2b51-4c3a-9d27-8e1a5b7c4f10');
    expect(slotPhaseMs(id, 60_000)).toBe(44_007);
  });

  test.each([5_000, 60_000, 86_400_000])('spreads random ids evenly over %d ms', (intervalMs) => {
    const ids = fc.sample(fc.noBias(bindingId), { numRuns: IDS, seed: 7 });
    expectEven(countByShare(ids, intervalMs));
  });

  test.each([5_000, 60_000, 86_400_000])('spreads ids that only count up evenly over %d ms', (intervalMs) => {
    const ids = Array.from({ length: IDS }, (_, index) =>
      asId<BindingId>(`00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`),
    );
    expectEven(countByShare(ids, intervalMs));
  });
});
