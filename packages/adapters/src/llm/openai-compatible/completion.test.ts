import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCompletion, readErrorDetail } from './completion.ts';

const body = (message: unknown, extra: Record<string, unknown> = {}) =>
  JSON.stringify({ choices: [{ message, finish_reason: 'stop', ...extra }] });

describe('readCompletion', () => {
  it('never throws, whatever the endpoint sends', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void readCompletion(text)));
    fc.assert(fc.property(fc.anything(), (message) => void readCompletion(body(message))));
  });

  it('joins content that comes in parts', () => {
    expect(
      readCompletion(body({ content: [{ type: 'text', text: '{"a":' }, { type: 'image' }, { type: 'text', text: '1}' }] })),
    ).toMatchObject({ kind: 'message', text: '{"a":1}' });
  });

  it('takes token counts only as whole numbers that are not negative', () => {
    const usage = (value: unknown) => readCompletion(JSON.stringify({ ...JSON.parse(body({ content: 'x' })), usage: value }));
    expect(usage({ prompt_tokens: 1, completion_tokens: 0 })).toMatchObject({ usage: { promptTokens: 1, completionTokens: 0 } });
    expect(usage({ prompt_tokens: -1, completion_tokens: 1.5 })).toMatchObject({ usage: { promptTokens: null, completionTokens: null } });
    expect(usage('many')).toMatchObject({ usage: { promptTokens: null, completionTokens: null } });
  });

  it('calls a filtered answer refused', () => {
    expect(readCompletion(body({ content: 'x' }, { finish_reason: 'content_filter' }))).toMatchObject({ kind: 'refused' });
  });
});

describe('readErrorDetail', () => {
  it.each([
    ['{"error":{"message":"a"}}', 'a'],
    ['{"error":"a"}', 'a'],
    ['[{"error":{"message":"a","code":400}}]', 'a'],
    ['{"message":"a"}', 'a'],
    ['{"detail":"a"}', 'a'],
    ['<html>', null],
    ['{}', null],
    ['', null],
  ])('reads %s', (text, detail) => {
    expect(readErrorDetail(text)).toBe(detail);
  });
});
