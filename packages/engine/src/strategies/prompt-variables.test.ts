import { describe, expect, test } from 'vitest';
import { VARIABLE_NAMES } from './context.ts';
import { PROMPT_VARIABLE_NAMES, PROMPT_VARIABLES } from './prompt-variables.ts';

describe('PROMPT_VARIABLES', () => {
  test('are the nine documented ones, in the order of the documentation and of the context', () => {
    expect(PROMPT_VARIABLE_NAMES).toEqual([
      'market_prices',
      'sampling_data',
      'trigger_context',
      'open_positions',
      'recent_trades',
      'market_regime',
      'news_context',
      'kline_data',
      'technical_indicators',
    ]);
    expect(PROMPT_VARIABLE_NAMES).toEqual(VARIABLE_NAMES);
  });

  test('each say what they hold and show it as valid JSON', () => {
    for (const { meaning, example } of PROMPT_VARIABLES) {
      expect(meaning).toMatch(/\.$/);
      expect(() => JSON.parse(example)).not.toThrow();
    }
  });
});
