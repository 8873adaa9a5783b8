import { describe, expect, test } from 'vitest';
import { entityTag, namesTag } from './entity-tag.ts';

const etag = entityTag('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');

describe('entityTag', () => {
  test('is weak, quoted and short', () => {
    expect(etag).toBe('W/"ba7816bf8f01cfea414140de5dae2223"');
  });
});

describe('namesTag', () => {
  test.each([
    ['the tag', etag],
    ['its strong form, because the comparison is weak', etag.slice(2)],
    ['a list with it', `"other", ${etag},"third"`],
    ['anything at all', ' * '],
  ])('is true for %s', (_name, header) => {
    expect(namesTag(header, etag)).toBe(true);
  });

  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['another tag', 'W/"ba7816bf8f01cfea414140de5dae2224"'],
    ['a tag without quotes', 'ba7816bf8f01cfea414140de5dae2223'],
    ['a part of the tag', 'W/"ba78"'],
  ])('is false for %s', (_name, header) => {
    expect(namesTag(header, etag)).toBe(false);
  });
});
