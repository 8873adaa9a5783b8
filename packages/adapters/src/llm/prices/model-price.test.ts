import { describe, expect, it } from 'vitest';
import { SCRIPTED_MODELS } from '../scripted/models.ts';
import { modelPriceUsd } from './model-price.ts';

describe('modelPriceUsd', () => {
  it('is exact to the last digit', () => {
    expect(modelPriceUsd('gpt-4o-mini', { promptTokens: 1, completionTokens: 0 })).toBe('0.00000015');
    expect(modelPriceUsd('gpt-4o', { promptTokens: 1000, completionTokens: 500 })).toBe('0.0075');
    expect(modelPriceUsd('gpt-4o', { promptTokens: 123_456_789, completionTokens: 987_654_321 })).toBe('10185.1851825');
  });

  it('is unknown, not zero, for a model without a row', () => {
    expect(modelPriceUsd('llama3', { promptTokens: 1, completionTokens: 1 })).toBeNull();
    expect(modelPriceUsd('constructor', { promptTokens: 1, completionTokens: 1 })).toBeNull();
  });

  it('is zero for the scripted models, which ask nobody', () => {
    for (const model of SCRIPTED_MODELS) expect(modelPriceUsd(model, { promptTokens: 10, completionTokens: 10 })).toBe('0');
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses %s tokens', (tokens) => {
    expect(() => modelPriceUsd('gpt-4o', { promptTokens: tokens, completionTokens: 0 })).toThrow(RangeError);
  });
});
