import { describe, expect, test } from 'vitest';
import { addTallies, closingLine, tallyVitest } from './tally.ts';

const report = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ success: true, numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...fields });

describe('the tally of a test run', () => {
  test('sums the suites into one closing line', () => {
    const sum = addTallies([
      { passed: 6, failed: 0, skipped: 0 },
      { passed: 70, failed: 1, skipped: 2 },
    ]);
    expect(closingLine(sum)).toBe('76 passed, 1 failed, 2 skipped');
  });

  test('counts skipped and planned tests as skipped', () => {
    expect(tallyVitest(report({ numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 }))).toEqual({ passed: 3, failed: 0, skipped: 2 });
  });

  test('counts a file that could not be loaded as one failed test', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }];
    expect(tallyVitest(report({ success: false, numPassedTests: 3, testResults }))).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  test('never calls a run passed in which an error escaped every test', () => {
    expect(tallyVitest(report({ success: false, numPassedTests: 3 })).failed).toBe(1);
  });

  test('does not count a failed test twice', () => {
    const testResults = [{ status: 'failed', assertionResults: [{}] }];
    expect(tallyVitest(report({ success: false, numFailedTests: 1, testResults })).failed).toBe(1);
  });
});
