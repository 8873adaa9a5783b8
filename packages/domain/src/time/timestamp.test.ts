import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addMs, fromIso, isWithinLast, startOfUtcDay, timestamp, toIso } from './timestamp.ts';

const LATEST = 8_640_000_000_000_000;
const moments = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }).map(timestamp);

test('accepts the first and the last moment of a Date', () => {
  expect(timestamp(LATEST)).toBe(LATEST);
  expect(timestamp(-LATEST)).toBe(-LATEST);
});

test.each([LATEST + 1, -LATEST - 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (ms) => {
  expect(() => timestamp(ms)).toThrow(RangeError);
});

test('ISO text gives the moment back', () => {
  fc.assert(
    fc.property(moments, (at) => {
      expect(fromIso(toIso(at))).toBe(at);
    }),
  );
});

test.each(['', 'yesterday', '2026-13-01T00:00:00Z'])('refuses %j as ISO text', (text) => {
  expect(() => fromIso(text)).toThrow(RangeError);
});

test('adding past the last moment throws', () => {
  expect(() => addMs(timestamp(LATEST), 1)).toThrow(RangeError);
});

test('a UTC day starts at most 24 hours before, at 00:00:00.000', () => {
  fc.assert(
    fc.property(moments, (at) => {
      const start = startOfUtcDay(at);
      expect(at - start).toBeGreaterThanOrEqual(0);
      expect(at - start).toBeLessThan(86_400_000);
      expect(toIso(start)).toMatch(/T00:00:00\.000Z$/);
    }),
  );
});

test.each([
  ['2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01T23:59:59.999Z', '2026-03-01T00:00:00.000Z'],
  ['1969-12-31T23:59:59.999Z', '1969-12-31T00:00:00.000Z'],
])('the day of %s starts at %s', (at, start) => {
  expect(toIso(startOfUtcDay(fromIso(at)))).toBe(start);
});

test.each([
  [0, true],
  [999, true],
  [1_000, false],
  [-1, false],
])('%i ms later a moment is within the last second: %s', (laterMs, isWithin) => {
  const at = timestamp(5_000);
  expect(isWithinLast(1_000, at, timestamp(5_000 + laterMs))).toBe(isWithin);
});
