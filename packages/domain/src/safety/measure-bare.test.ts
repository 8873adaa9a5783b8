import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asId, type PositionId, type TraderId } from '../ids/ids.ts';
import { symbol } from '../market/instrument.ts';
import { decimal, ZERO } from '../money/decimal.ts';
import { addMs, type Timestamp, timestamp } from '../time/timestamp.ts';
import { BARE_MS_MAX, isOverdue, measureBare, type ProtectionSighting } from './measure-bare.ts';
import type { Protection } from './protection.ts';

const OPENED: Timestamp = timestamp(1_000_000);
const position = {
  id: asId<PositionId>('00000000-0000-4000-8000-000000000001'),
  traderId: asId<TraderId>('00000000-0000-4000-8000-000000000002'),
  symbol: symbol('BTC'),
  openedAt: OPENED,
};
const at = (ms: number, change: Partial<ProtectionSighting> = {}): ProtectionSighting => ({
  position,
  isRequired: true,
  covered: decimal('1'),
  isMissing: false,
  bareFrom: null,
  at: addMs(OPENED, ms),
  ...change,
});
const bare = { isMissing: true, covered: ZERO } as const;
const after = (...looks: readonly ProtectionSighting[]): Protection => {
  const last = looks.reduce<Protection | null>((before, look) => measureBare(before, look), null);
  if (last === null) throw new Error('Expected at least one look.');
  return last;
};

describe('the bare time of a position', () => {
  test('counts from its opening to the first look that finds it covered', () => {
    expect(after(at(700))).toMatchObject({ bareSince: null, bareMs: 700, longestBareMs: 700, coveredQuantity: '1' });
  });

  test('runs while something is missing, and is added when it is covered again', () => {
    expect(after(at(0), at(1_000, bare), at(3_000, bare))).toMatchObject({ bareSince: addMs(OPENED, 1_000), bareMs: 0 });
    expect(after(at(0), at(1_000, bare), at(3_000, bare), at(4_000))).toMatchObject({
      bareSince: null,
      bareMs: 3_000,
      longestBareMs: 3_000,
    });
  });

  test('keeps the longest stretch beside the sum', () => {
    const twice = after(at(0), at(1_000, bare), at(3_000), at(5_000, bare), at(5_500));
    expect(twice).toMatchObject({ bareMs: 2_500, longestBareMs: 2_000 });
  });

  test('knows of a gap between two looks when it is told', () => {
    expect(after(at(0), at(5_000, { bareFrom: addMs(OPENED, 4_200) }))).toMatchObject({ bareMs: 800, bareSince: null });
  });

  test('does not run for a position that needs no stop', () => {
    expect(after(at(5_000, { ...bare, isRequired: false }))).toMatchObject({ isRequired: false, bareSince: null, bareMs: 0 });
  });

  test('only grows, whatever the clock does', () => {
    const looks = fc.array(fc.record({ ms: fc.integer({ min: -5_000, max: 50_000 }), isMissing: fc.boolean(), isRequired: fc.boolean() }));
    fc.assert(
      fc.property(looks, (all) => {
        let before: Protection | null = null;
        for (const { ms, isMissing, isRequired } of all) {
          const next: Protection = measureBare(before, at(ms, { isMissing, isRequired }));
          expect(next.bareMs).toBeGreaterThanOrEqual(before?.bareMs ?? 0);
          expect(next.longestBareMs).toBeGreaterThanOrEqual(before?.longestBareMs ?? 0);
          expect(next.longestBareMs).toBeLessThanOrEqual(next.bareMs);
          expect(next.bareSince !== null).toBe(isMissing && isRequired);
          before = next;
        }
      }),
    );
  });
});

test('a position is overdue after 5 s, and not at 5 s', () => {
  const since = { bareSince: OPENED };
  expect(isOverdue(since, addMs(OPENED, BARE_MS_MAX))).toBe(false);
  expect(isOverdue(since, addMs(OPENED, BARE_MS_MAX + 1))).toBe(true);
  expect(isOverdue({ bareSince: null }, addMs(OPENED, 1_000_000))).toBe(false);
});
