import { describe, expect, test } from 'vitest';
import { runGate } from './gate.ts';

describe('a gate', () => {
  test('fails when it looked at fewer things than it must', async () => {
    const gate = { name: 'x', lookedMin: 3, run: () => Promise.resolve({ looked: 2, problems: [] }) };
    expect((await runGate(gate, '.')).problems).toEqual([expect.stringContaining('Expected to look at 3 or more, was 2')]);
  });

  test('passes when it looked at exactly as many as it must', async () => {
    const gate = { name: 'x', lookedMin: 3, run: () => Promise.resolve({ looked: 3, problems: [] }) };
    expect((await runGate(gate, '.')).problems).toEqual([]);
  });

  test('fails when it throws', async () => {
    const gate = { name: 'x', lookedMin: 0, run: () => Promise.reject(new Error('no compiler')) };
    expect((await runGate(gate, '.')).problems).toEqual(['The gate itself failed: no compiler']);
  });
});
