import { describe, expect, test } from 'vitest';
import { failureCodes, wasNeverConnected } from './network-failure.ts';

const coded = (code: unknown, cause?: unknown) => Object.assign(new Error('failed', { cause }), { code });

describe('a failure', () => {
  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])(
    'by %s was before anything left, wherever in the chain it stands',
    (code) => {
      expect(wasNeverConnected(coded(code))).toBe(true);
      expect(wasNeverConnected(new TypeError('fetch failed', { cause: coded(code) }))).toBe(true);
    },
  );

  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ETIMEDOUT', 'ECONNABORTED'])('by %s may have been after all was sent', (code) => {
    expect(wasNeverConnected(coded(code))).toBe(false);
  });

  test('without a code says nothing, whatever was thrown', () => {
    for (const thrown of [null, undefined, 'text', 7, new Error('x'), coded(7)]) {
      expect(failureCodes(thrown)).toEqual([]);
      expect(wasNeverConnected(thrown)).toBe(false);
    }
  });
});

test('codes are told outermost first, to a depth of six', () => {
  let error: unknown = coded('g');
  for (const code of ['f', 'e', 'd', 'c', 'b', 'a']) error = coded(code, error);
  expect(failureCodes(error)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('a chain that bites its tail has an end', () => {
  const error = coded('ECONNRESET');
  error.cause = error;
  expect(failureCodes(error)).toHaveLength(6);
});
