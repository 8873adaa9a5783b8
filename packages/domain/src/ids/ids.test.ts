import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asId, isUuid, type TraderId } from './ids.ts';

test('accepts every lower-case UUID and keeps it', () => {
  fc.assert(
    fc.property(fc.uuid(), (text) => {
      expect(isUuid(text)).toBe(true);
      expect(asId<TraderId>(text)).toBe(text);
    }),
  );
});

test.each([
  '',
  'x',
  '00000000-0000-4000-8000-00000000000',
  '00000000-0000-4000-8000-0000000000000',
  '00000000-0000-4000-8000-00000000000G',
  'A0000000-0000-4000-8000-000000000000',
  ' 00000000-0000-4000-8000-000000000000',
  '00000000-0000-4000-8000-000000000000\n',
  '00000000000040008000000000000000',
  "00000000-0000-4000-8000-000000000000' OR 1=1",
])('refuses %j', (text) => {
  expect(isUuid(text)).toBe(false);
  expect(() => asId<TraderId>(text)).toThrow(RangeError);
});

test('an error shows no more than 60 characters of what it refuses', () => {
  expect(() => asId<TraderId>('z'.repeat(5_000))).toThrow(/^.{1,110}$/);
});
