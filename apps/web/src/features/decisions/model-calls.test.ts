import { expect, test } from 'vitest';
import { messageOf } from './model-calls.tsx';

test("the model's words are taken out of an OpenAI-compatible answer", () => {
  expect(messageOf('{"choices":[{"message":{"role":"assistant","content":"{}"}}]}')).toBe('{}');
});

test.each(['<html></html>', '{"choices":[]}', '{"choices":[{"message":{"content":null}}]}'])('%s has no words', (raw) => {
  expect(messageOf(raw)).toBeNull();
});
