import { DENIALS } from '@hyperoru/domain';
import { expect, test } from 'vitest';
import { renderDenialReference } from './denials.ts';

test('every denial code stands in the reference with its fix, in the order of the alphabet', () => {
  const text = renderDenialReference(DENIALS);
  for (const [code, fix] of Object.entries(DENIALS)) expect(text).toContain(`| \`${code}\` | ${fix} |`);
  const codes = [...text.matchAll(/^\| `(\w+)` /gm)].map((match) => match[1]);
  expect(codes).toHaveLength(Object.keys(DENIALS).length);
  expect(codes).toEqual(codes.toSorted());
});
