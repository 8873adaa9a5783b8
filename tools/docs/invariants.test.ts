import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const document = readFileSync(join(root, 'docs/invariants.md'), 'utf8');
const PATH = /`((?:packages|apps|tests|tools)\/[\w./-]+)`/g;
const INVARIANTS = 18;

/** Paths with the names of tests quoted behind them, from the lines that begin with "- Test:". */
const quoted = document
  .split('\n')
  .filter((line) => line.startsWith('- Test:'))
  .map((line) => ({
    path: /`([^`]+)`/.exec(line)?.[1] ?? '',
    names: [...line.matchAll(/“([^”]+)”/g)].map((match) => match[1] ?? ''),
  }));

describe('the document of invariants', () => {
  test('has every invariant, each with code and test', () => {
    const sections = document.split(/^## /m).slice(1);
    expect(sections).toHaveLength(INVARIANTS);
    for (const section of sections) {
      expect(section).toContain('- Code:');
      expect(section).toContain('- Test:');
    }
  });

  test('names no file that does not exist', () => {
    const paths = [...document.matchAll(PATH)].map((match) => match[1] ?? '');
    expect(paths.length).toBeGreaterThan(INVARIANTS);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test.each(quoted)('names tests that $path really has', ({ path, names }) => {
    const text = readFileSync(join(root, path), 'utf8');
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });
});
