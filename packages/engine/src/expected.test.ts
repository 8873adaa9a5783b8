import { describe, expect, test } from 'vitest';
import { expected } from './expected.ts';

describe('what must be there', () => {
  test.each([[0], [''], [false], [[]]])('%j is there', (value) => {
    expect(expected(value, 'a value')).toBe(value);
  });

  test.each([[null], [undefined]])('%s is a bug, and named', (value) => {
    expect(() => expected(value, 'order 7 to be stored')).toThrow('Expected order 7 to be stored.');
  });
});
