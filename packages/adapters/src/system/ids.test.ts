import { isUuid } from '@hyperoru/domain';
import { seededIds } from '@hyperoru/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemIds } from './ids.ts';

describe('systemIds', () => {
  it('derives the same UUID from the same parts for all time', () => {
    expect(systemIds.derived()).toBe('e3b0c442-98fc-8c14-9afb-f4c8996fb924');
    expect(systemIds.derived('a', 'b')).toBe(systemIds.derived('a', 'b'));
    expect(isUuid(systemIds.derived('trader', '7'))).toBe(true);
  });

  it('derives different UUIDs when the same text is split differently', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
        fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
        (a, b) => {
          const same = a.length === b.length && a.every((part, index) => part === b[index]);
          expect(systemIds.derived(...a) === systemIds.derived(...b)).toBe(same);
        },
      ),
    );
    expect(systemIds.derived('ab', 'c')).not.toBe(systemIds.derived('a', 'bc'));
    expect(systemIds.derived('1:a')).not.toBe(systemIds.derived('a'));
  });

  it('hashes text as SHA-256 in hex', () => {
    expect(systemIds.hash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('gives fresh UUIDs, tokens of the asked size and numbers in [0, 1)', () => {
    const uuids = new Set(Array.from({ length: 100 }, () => systemIds.uuid()));
    expect(uuids.size).toBe(100);
    expect([...uuids].every(isUuid)).toBe(true);
    expect(Buffer.from(systemIds.token(24), 'base64url')).toHaveLength(24);
    for (let i = 0; i < 100; i++) {
      const value = systemIds.random();
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
    }
  });

  it('refuses tokens of no or too many bytes', () => {
    expect(() => systemIds.token(0)).toThrow(RangeError);
    expect(() => systemIds.token(1025)).toThrow(RangeError);
  });

  it('agrees with the seeded ids of tests on derived ids and hashes', () => {
    const seeded = seededIds('seed');
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), (parts) => {
        expect(seeded.derived(...parts)).toBe(systemIds.derived(...parts));
        expect(seeded.hash(parts.join())).toBe(systemIds.hash(parts.join()));
      }),
    );
  });
});
