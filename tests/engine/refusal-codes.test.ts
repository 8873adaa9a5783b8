import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CATALOGUE } from '@hyperoru/contracts';
import { expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '../../packages/engine/src');

test('every code that a use case refuses with is in the catalogue, in upper case', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
  );
  const codes = files.flatMap((path) =>
    [...readFileSync(join(SOURCES, path), 'utf8').matchAll(/refuse\(\s*'([a-z_]+)'/g)].map((match) => match[1] ?? ''),
  );
  expect(codes.length).toBeGreaterThan(30);
  expect([...new Set(codes)].filter((code) => !Object.hasOwn(ERROR_CATALOGUE, code.toUpperCase()))).toEqual([]);
});
