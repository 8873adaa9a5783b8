import { expect, test } from 'vitest';
import { firstOpenStep, STEPS } from '../new-trader/steps.ts';
import { missingText } from './setup-steps.ts';

test('what is missing is named in one sentence', () => {
  expect(missingText(['llm', 'exchange', 'binding'])).toBe(
    'Still needs a model, an exchange and a prompt with a schedule before it can run.',
  );
  expect(missingText(['binding'])).toBe('Still needs a prompt with a schedule before it can run.');
});

test.each([
  [['llm', 'exchange', 'binding'] as const, 'Model'],
  [['exchange', 'binding'] as const, 'Exchange'],
  [['binding'] as const, 'Prompt'],
  [[] as const, 'Activate'],
])('a set-up without %o goes on at %s', (missing, label) => {
  expect(STEPS[firstOpenStep({ setup_missing: [...missing] })]?.label).toBe(label);
});
