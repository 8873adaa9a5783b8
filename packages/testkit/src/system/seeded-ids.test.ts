import { describe, expect, it } from 'vitest';
import { seededIds } from './seeded-ids.ts';

describe('seededIds', () => {
  it('repeats every value for the same seed and differs for another', () => {
    const draw = (seed: string) => {
      const ids = seededIds(seed);
      return [ids.uuid(), ids.uuid(), ids.token(40), ids.random()];
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
    expect(new Set(draw('a')).size).toBe(4);
  });
});
