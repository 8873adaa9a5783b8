import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CATALOGUE } from '@hyperoru/contracts';
import { describe, expect, it } from 'vitest';
import { apiError, errorBody, fromRefusal } from './errors.ts';
import { toApiError } from './plugins/error-answers.ts';

const ENGINE = join(import.meta.dirname, '../../../../packages/engine/src');

describe('the catalogue of errors', () => {
  it('knows every code with which a use case refuses', () => {
    const files = readdirSync(ENGINE, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
    );
    const codes = files.flatMap((file) =>
      [...readFileSync(join(ENGINE, file), 'utf8').matchAll(/refuse\(\s*'([a-z_]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(codes.length).toBeGreaterThan(15);
    expect([...new Set(codes)].filter((code) => !Object.hasOwn(ERROR_CATALOGUE, code.toUpperCase()))).toEqual([]);
  });

  it('ends every message with what to do', () => {
    expect(errorBody(apiError('NOT_READY', 'Still starting.'), 'req_1')).toEqual({
      error: 'Still starting. Wait until GET /api/ready answers 200.',
      code: 'NOT_READY',
      request_id: 'req_1',
    });
  });
});

describe('a refusal', () => {
  it('keeps its words, details and waiting time', () => {
    const error = fromRefusal({ code: 'rate_limited', message: 'Wait.', retryAfterSeconds: 7, details: [{ field: 'a', message: 'b' }] });
    expect(error).toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
      message: 'Wait.',
      headers: { 'retry-after': '7' },
      details: [{ field: 'a' }],
    });
  });

  it('of a missing object tells nothing about which one it was', () => {
    expect(fromRefusal({ code: 'not_found', message: 'There is no such trader.' }).message).toBe(
      fromRefusal({ code: 'not_found', message: 'x' }).message,
    );
  });

  it('that nobody listed is 422', () => {
    expect(fromRefusal({ code: 'some_new_rule', message: 'No.' })).toMatchObject({ status: 422, code: 'SOME_NEW_RULE' });
  });
});

describe('a failure of ours', () => {
  it.each([new Error('secret inside'), 'text', null, Object.assign(new Error('x'), { code: 'ECONNREFUSED' })])(
    'is 500 and says nothing of its inside: %s',
    (error) => {
      expect(toApiError(error)).toMatchObject({ status: 500, code: 'INTERNAL', message: expect.not.stringContaining('secret') });
    },
  );
});
