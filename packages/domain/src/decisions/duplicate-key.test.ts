import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findDuplicateKey } from './duplicate-key.ts';

test.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1,"b":{"c":1,"c":2}}', 'c'],
  ['[{"a":1},{"a":1,"\\u0061":2}]', 'a'],
  ['{ "a" : {} , "a"\n:\t[] }', 'a'],
  ['{"":1,"":2}', ''],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
])('finds the key that stands twice in %s', (text, key) => {
  expect(findDuplicateKey(text)).toBe(key);
});

test.each([
  '{"a":1,"b":{"a":2}}',
  '[{"a":1},{"a":1}]',
  '{"a":"a","b":"a"}',
  '{"a":["x","x"]}',
  '{"a":"\\"a\\":","b":"{\\"a\\":1,\\"a\\":2}"}',
  '"a"',
  '[]',
])('finds none in %s', (text) => {
  expect(findDuplicateKey(text)).toBeNull();
});

test('no text that JSON itself writes has one', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(findDuplicateKey(text)).toBeNull();
    }),
  );
});

test('a field put in front of an object that has it already is always found', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 }), (record) => {
      const key = Object.keys(record)[0] ?? '';
      const doubled = `{${JSON.stringify(key)}:0,${JSON.stringify(record).slice(1)}`;
      expect(findDuplicateKey(doubled)).toBe(key);
    }),
  );
});

test('a text of a million escaped characters is read once, from start to end', () => {
  expect(findDuplicateKey(JSON.stringify({ a: '\\"'.repeat(500_000), b: '{'.repeat(500_000) }))).toBeNull();
});
