import { describe, expect, test } from 'vitest';
import { findBannedText } from './banned-text.ts';

/** Spelled in pieces, so that the gate does not find its own examples. */
const join = (...parts: readonly string[]): string => parts.join('');

const domainFile = 'packages/domain/src/risk/limits.ts';

describe('the gate on banned text', () => {
  test.each([
    ['reading the clock', join('const at = Date', '.now();')],
    ['making a date of now', join('const at = new ', 'Date();')],
    ['reading the process clock', join('const at = performance', '.now();')],
    ['drawing a random number', join('const x = Math', '.random();')],
    ['making a random id', join('const id = random', 'UUID();')],
    ['reading the environment', join('const home = process', '.env;')],
    ['leaving a marker of unfinished work', join('// TO', 'DO: later')],
    ['leaving a marker of broken work', join('// FIX', 'ME')],
    ['giving up on a type', join('function f(x:', ' any) {}')],
    ['casting a type away', join('const y = x as', ' any;')],
    ['silencing the compiler', join('// @ts', '-ignore')],
    ['writing to the console', join('console', '.log(1);')],
  ])('fails for %s in a domain file', (_what, text) => {
    expect(findBannedText([{ path: domainFile, text: `export {};\n${text}\n` }])).toMatchObject([
      expect.stringContaining(`${domainFile}:2`),
    ]);
  });

  test.each([
    ['a focused test', join('test', '.only("x", () => {});')],
    ['a skipped suite', join('describe', '.skip("x", () => {});')],
  ])('fails for %s', (_what, text) => {
    expect(findBannedText([{ path: 'tests/api/x.test.ts', text }])).toHaveLength(1);
  });

  test.each([
    ['the system adapter', 'packages/adapters/src/system/clock.ts', join('return Date', '.now();')],
    ['the one reader of the environment', 'apps/server/src/config.ts', join('read(process', '.env)')],
    ['a test of its own', 'packages/domain/src/risk/limits.test.ts', join('const at = new ', 'Date();')],
    ['a tool', 'tools/check.ts', join('const at = performance', '.now();')],
  ])('lets %s do what only it may', (_who, path, text) => {
    expect(findBannedText([{ path, text }])).toEqual([]);
  });

  test.each([
    ['a date of a known moment', 'const at = new Date(0);'],
    ['a name that contains a banned word', 'const company: anything = 1;'],
    ['a sentence about anything', '/** Also: any other moment counts. */'],
    ['a union with a word of text', "type Mode = 'any' | 'none';"],
  ])('passes %s', (_what, text) => {
    expect(findBannedText([{ path: domainFile, text }])).toEqual([]);
  });
});
