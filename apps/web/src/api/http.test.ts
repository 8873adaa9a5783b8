import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ApiError, fixOf } from './api-error.ts';
import { pathWithQuery, request, send } from './http.ts';
import { onStepUpNeeded } from './step-up.ts';

afterEach(() => vi.unstubAllGlobals());

const Answer = z.object({ name: z.string() });

function answerWith(status: number, body: string): { readonly calls: RequestInit[] } {
  const calls: RequestInit[] = [];
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    calls.push(init);
    return new Response(status === 204 ? null : body, { status, headers: { 'x-request-id': 'req_header' } });
  });
  return { calls };
}

async function failureOf(attempt: Promise<unknown>): Promise<ApiError> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error('Expected an ApiError.');
}

test('a good answer is checked and returned', async () => {
  answerWith(200, '{"name":"Ada"}');
  await expect(request(Answer, '/api/x')).resolves.toEqual({ name: 'Ada' });
});

test('a body is sent as JSON, nothing is sent without one', async () => {
  const { calls } = answerWith(204, '');
  await send('/api/x', { method: 'PUT', body: { active: true } });
  await send('/api/x', { method: 'POST' });
  expect(calls[0]).toMatchObject({ method: 'PUT', body: '{"active":true}', headers: { 'content-type': 'application/json' } });
  expect(calls[1]?.body).toBeNull();
});

test('a refusal carries sentence, code, request id and the advice of the catalogue', async () => {
  answerWith(409, '{"error":"This trader is deleted.","code":"TRADER_DELETED","request_id":"req_1"}');
  const error = await failureOf(request(Answer, '/api/x'));
  expect(error).toMatchObject({ status: 409, code: 'TRADER_DELETED', requestId: 'req_1', message: 'This trader is deleted.' });
  expect(fixOf(error)).toContain('create a new one');
});

test('an answer that does not fit names the place', async () => {
  answerWith(200, '{"name":7}');
  const error = await failureOf(request(Answer, '/api/x'));
  expect(error.code).toBe('UNEXPECTED_ANSWER');
  expect(error.message).toContain('name');
});

test('an error page of a proxy is still an error with a request id', async () => {
  answerWith(502, '<html>Bad gateway</html>');
  expect(await failureOf(request(Answer, '/api/x'))).toMatchObject({ status: 502, code: 'UNEXPLAINED', requestId: 'req_header' });
});

/** Refuses with step_up_required until `isProven`. */
function guarded() {
  const state = { isProven: false, requests: 0 };
  vi.stubGlobal('fetch', async () => {
    state.requests += 1;
    if (state.isProven) return new Response('{"name":"Ada"}', { status: 200 });
    return new Response('{"error":"Your password, please.","code":"STEP_UP_REQUIRED","request_id":"req_1"}', { status: 403 });
  });
  return state;
}

describe('a request that needs the password again', () => {
  test('is repeated once it was proven, and asked for once by many at the same time', async () => {
    const server = guarded();
    let asked = 0;
    const unregister = onStepUpNeeded(async () => {
      asked += 1;
      server.isProven = true;
      return true;
    });
    await expect(Promise.all([request(Answer, '/api/x'), request(Answer, '/api/y')])).resolves.toEqual([{ name: 'Ada' }, { name: 'Ada' }]);
    expect([asked, server.requests]).toEqual([1, 4]);
    unregister();
  });

  test('stays refused when the person does not want to, or nobody is there to ask', async () => {
    const server = guarded();
    const unregister = onStepUpNeeded(async () => false);
    expect((await failureOf(request(Answer, '/api/x'))).code).toBe('STEP_UP_REQUIRED');
    unregister();
    expect((await failureOf(request(Answer, '/api/x'))).code).toBe('STEP_UP_REQUIRED');
    expect(server.requests).toBe(2);
  });

  test('is not asked for a second time when the server still refuses', async () => {
    const server = guarded();
    const unregister = onStepUpNeeded(async () => true);
    expect((await failureOf(request(Answer, '/api/x'))).code).toBe('STEP_UP_REQUIRED');
    expect(server.requests).toBe(2);
    unregister();
  });
});

test('an unreachable server is told apart from a refusing one', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
  expect(await failureOf(request(Answer, '/api/x'))).toMatchObject({ status: 0, code: 'UNREACHABLE' });
});

test('empty query values are left out', () => {
  expect(pathWithQuery('/api/x', { a: 'b', c: undefined, d: '', e: 0 })).toBe('/api/x?a=b&e=0');
  expect(pathWithQuery('/api/x', { c: undefined })).toBe('/api/x');
});
