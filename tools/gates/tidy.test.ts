import { describe, expect, test } from 'vitest';
import { isCode, listSourceFiles } from '../tidy/source-files.ts';
import { repositoryRoot } from './temp-project.ts';
import { examineTexts, tidyGate } from './tidy.ts';

describe('the tidy gate', () => {
  test('reports the problems of every rule in one pass', () => {
    const banned = `const x = Math${'.random()'};\n`;
    const report = examineTexts([{ path: 'packages/domain/src/helpers/a.ts', text: banned }], '/tmp/clone');
    expect(report.looked).toBe(1);
    expect(report.problems).toHaveLength(2);
  });

  test('looks at the sources of this repository', () => {
    const files = listSourceFiles(repositoryRoot);
    expect(files.length).toBeGreaterThanOrEqual(tidyGate.lookedMin);
    expect(files.filter((file) => isCode(file.path)).length).toBeGreaterThan(100);
    expect(files.some((file) => file.path.startsWith('packages/domain/src/'))).toBe(true);
    expect(files.some((file) => file.path.includes('node_modules/'))).toBe(false);
  });
});
