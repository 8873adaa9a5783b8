import { describe, expect, it } from 'vitest';
import { splitThinking, unwrapFence } from './answer-text.ts';

describe('splitThinking', () => {
  it.each([
    ['<think>a</think>{"x":1}', '{"x":1}', 'a'],
    ['  <thinking>\na\n</thinking>\n\n{"x":1}\n', '{"x":1}', 'a'],
    ['a long thought</think>{"x":1}', '{"x":1}', 'a long thought'],
    ['<think>never ends {"x":1}', '', 'never ends {"x":1}'],
    ['{"x":"<think>no</think>"}', '{"x":"<think>no</think>"}', null],
    ['plain', 'plain', null],
    ['', '', null],
  ])('reads %j', (content, text, reasoning) => {
    expect(splitThinking(content)).toEqual({ text, reasoning });
  });

  it('takes thinking before the JSON off the answer and keeps it', () => {
    const decisions = '{"decisions":[]}';
    expect(splitThinking(`<think>{"decisions":"none yet"}</think>\n${decisions}`)).toEqual({
      text: decisions,
      reasoning: '{"decisions":"none yet"}',
    });
  });
});

describe('unwrapFence', () => {
  it.each([
    ['```json\n{"x":1}\n```', '{"x":1}'],
    ['```\n{"x":1}\n```', '{"x":1}'],
    ['\n```JSON\r\n{"x":1}\r\n```  ', '{"x":1}'],
  ])('unwraps %j', (text, inner) => {
    expect(unwrapFence(text)).toBe(inner);
  });

  it.each([
    'Here:\n```json\n{}\n```',
    '```json\n{}\n```\nDone.',
    '```json\n{}\n```\n```json\n{}\n```',
    '```json {} ```',
    '```',
    '{"x":1}',
    '',
  ])('leaves %j as it is', (text) => {
    expect(unwrapFence(text)).toBe(text);
  });
});
