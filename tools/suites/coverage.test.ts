import { describe, expect, test } from 'vitest';
import { judgeCoverage } from './coverage.ts';

const FOLDERS = [
  'domain/src/decisions',
  'domain/src/ledger',
  'domain/src/orders',
  'domain/src/positions',
  'domain/src/risk',
  'domain/src/safety',
  'engine/src/execution',
  'engine/src/protection',
  'engine/src/reconciliation',
  'engine/src/safety',
];

/** A report in which each folder of the order path has one file with one `if`, taken both ways, and `more` files. */
function report(more: Readonly<Record<string, { readonly statements: readonly number[]; readonly arms: readonly number[] }>> = {}): string {
  const whole = Object.fromEntries(FOLDERS.map((folder) => [`packages/${folder}/a.ts`, { statements: [1], arms: [1, 1] }]));
  const files = Object.entries({ ...whole, ...more }).map(([name, { statements, arms }]) => {
    const path = `/repo/${name}`;
    const statementMap = Object.fromEntries(statements.map((_, index) => [index, { start: { line: index + 1 } }]));
    const locations = arms.map((_, arm) => ({ start: arm === 0 ? { line: 7 } : {} }));
    const branchMap = { 0: { type: 'if', loc: { start: { line: 7 } }, locations } };
    return [path, { path, statementMap, s: { ...statements }, branchMap, b: { 0: arms } }];
  });
  return JSON.stringify(Object.fromEntries(files));
}
const judge = (text: string) => judgeCoverage(text, '/repo');

describe('coverage', () => {
  test('is good when every branch of the order path is taken', () => {
    const { tally, lines } = judge(report());
    expect(tally).toEqual({ passed: 11, failed: 0, skipped: 0 });
    expect(lines.every((line) => line.startsWith('✓'))).toBe(true);
  });

  test.each([
    [[0, 1], 'if'],
    [[1, 0], 'else'],
  ])('names file and line of a branch that no test takes: %j', (arms, kind) => {
    const { tally, lines } = judge(report({ 'packages/engine/src/execution/send.ts': { statements: [1], arms } }));
    expect(tally).toEqual({ passed: 10, failed: 1, skipped: 0 });
    expect(lines).toContain(`    packages/engine/src/execution/send.ts:7 no test takes this (${kind})`);
    expect(lines).toContain('✗ packages/engine/src/execution/: 3 of 4 branches taken in 2 files');
  });

  test('fails for a folder of which nothing was measured', () => {
    const files = JSON.parse(report()) as Record<string, unknown>;
    delete files['/repo/packages/domain/src/ledger/a.ts'];
    expect(judge(JSON.stringify(files)).tally).toMatchObject({ failed: 1 });
    expect(judge('{}').tally).toEqual({ passed: 0, failed: 11, skipped: 0 });
  });

  test('is asked of the rest of the domain for 95 % of lines and of branches', () => {
    const ones = (count: number) => Array.from({ length: count }, () => 1);
    const zeros = (count: number) => Array.from({ length: count }, () => 0);
    // Six lines and twelve branches are taken elsewhere in the domain.
    const of = (statements: readonly number[], arms: readonly number[]) =>
      judge(report({ 'packages/domain/src/matching/m.ts': { statements, arms } })).tally.failed;
    expect(of([...ones(89), ...zeros(5)], ones(8))).toBe(0);
    expect(of([...ones(88), ...zeros(6)], ones(8))).toBe(1);
    expect(of(ones(1), [...ones(83), ...zeros(5)])).toBe(0);
    expect(of(ones(1), [...ones(82), ...zeros(6)])).toBe(1);
  });

  test('of other folders is nobody’s concern here', () => {
    expect(judge(report({ 'packages/engine/src/runs/a.ts': { statements: [0], arms: [0, 0] } })).tally.failed).toBe(0);
  });
});
