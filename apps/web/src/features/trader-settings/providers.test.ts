import { expect, test } from 'vitest';
import { PROVIDERS, providerOf } from './providers.ts';

test.each([
  ['openai', 'https://api.openai.com/v1'],
  ['anthropic', 'https://api.anthropic.com/v1'],
  ['google', 'https://generativelanguage.googleapis.com/v1beta'],
  ['deepseek', 'https://api.deepseek.com/v1'],
  ['local', 'http://localhost:11434/v1'],
])('%s is offered at exactly %s', (id, baseUrl) => {
  expect(PROVIDERS.find((provider) => provider.id === id)?.baseUrl).toBe(baseUrl);
  expect(providerOf(`${baseUrl}/`)?.id).toBe(id);
});

test('only the local model needs no key', () => {
  expect(PROVIDERS.filter((provider) => !provider.needsKey).map((provider) => provider.id)).toEqual(['local']);
});

test('any other address belongs to no provider', () => {
  expect(providerOf('http://127.0.0.1:9999/v1')).toBeUndefined();
});
