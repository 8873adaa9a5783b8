import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

test.each<[Json, string]>([
  [null, 'null'],
  [true, 'true'],
  [-0, '0'],
  [1e21, '1e+21'],
  ['a"b\n', '"a\\"b\\n"'],
  [[], '[]'],
  [{}, '{}'],
  [{ b: 1, a: [2, { d: null, c: '' }] }, '{"a":[2,{"c":"","d":null}],"b":1}'],
  // By UTF-16 code unit as RFC 8785 says: a surrogate pair sorts before U+FB33.
  [{ '\ufb33': 1, '\u{1f600}': 2, '\u20ac': 3, 1: 4, '\r': 5 }, '{"\\r":5,"1":4,"\u20ac":3,"\u{1f600}":2,"\ufb33":1}'],
])('writes %j in its one way', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test('says the same value as it was given', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('does not depend on the order in which fields were set', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json), (record) => {
      const turned = Object.fromEntries(Object.entries(record).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(record));
    }),
  );
});

test('tells different values apart', () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(canonicalJson(a) === canonicalJson(b)).toBe(deepEqual(a, b));
    }),
  );
});

test('leaves out a field that was not given', () => {
  expect(canonicalJson({ a: undefined, b: 1 } as unknown as Json)).toBe('{"b":1}');
});

test('has no white space outside of texts', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalJson(value).replace(/"(?:[^"\\]|\\.)*"/g, '')).not.toMatch(/\s/);
    }),
  );
});

function deepEqual(a: Json, b: Json): boolean {
  const stable = (value: Json): string =>
    JSON.stringify(value, (_key, each: unknown) =>
      each !== null && typeof each === 'object' && !Array.isArray(each)
        ? Object.entries(each).sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0))
        : each,
    );
  return stable(a) === stable(b) && Array.isArray(a) === Array.isArray(b);
}
