import { describe, expect, test } from 'vitest';
import { FILE_LINES_MAX, FILE_LINES_MEDIAN_MAX, FUNCTION_LINES_MAX, findLongTexts } from './lengths.ts';

const path = 'packages/domain/src/orders/order.ts';
const linesOf = (count: number): string => 'export {};\n'.repeat(count);
const functionOf = (count: number): string => `export function f() {\n${'  g();\n'.repeat(count - 2)}}\n`;
/** Enough short files that one long one does not move the median. */
const shortFiles = Array.from({ length: 5 }, (_, index) => ({ path: `packages/domain/src/short-${index}.ts`, text: linesOf(1) }));

describe('the gate on lengths', () => {
  test('passes a file at the limit and fails one line above it', () => {
    expect(findLongTexts([...shortFiles, { path, text: linesOf(FILE_LINES_MAX) }])).toEqual([]);
    expect(findLongTexts([...shortFiles, { path, text: linesOf(FILE_LINES_MAX + 1) }])).toEqual([`${path}: 501 lines, at most 500.`]);
  });

  test('passes a function at the limit and fails one line above it', () => {
    expect(findLongTexts([{ path, text: functionOf(FUNCTION_LINES_MAX) }])).toEqual([]);
    expect(findLongTexts([{ path, text: functionOf(FUNCTION_LINES_MAX + 1) }])).toEqual([`${path}:1: a function of 71 lines, at most 70.`]);
  });

  test('sees methods and arrow functions inside other code', () => {
    const arrow = `const f = () => {\n${'  g();\n'.repeat(FUNCTION_LINES_MAX)}};\n`;
    const method = `class A {\n  run() {\n${'    g();\n'.repeat(FUNCTION_LINES_MAX)}  }\n}\n`;
    expect(findLongTexts([{ path, text: arrow }])).toHaveLength(1);
    expect(findLongTexts([{ path, text: method }])).toHaveLength(1);
  });

  test('leaves the callbacks of tests alone', () => {
    expect(findLongTexts([...shortFiles, { path: 'tests/api/x.test.ts', text: functionOf(FUNCTION_LINES_MAX + 1) }])).toEqual([]);
  });

  test('fails when the median file is longer than the limit', () => {
    const files = [1, 2, 3].map((index) => ({ path: `packages/domain/src/a${index}.ts`, text: linesOf(FILE_LINES_MEDIAN_MAX + 1) }));
    expect(findLongTexts(files)).toEqual(['The median source file has 111 lines, at most 110.']);
  });
});
