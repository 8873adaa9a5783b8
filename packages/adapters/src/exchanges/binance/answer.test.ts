import { NoAnswerInTime } from '@hyperoru/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonOf, readAnswer, readFailure } from './answer.ts';
import { refusalOf } from './refusals.ts';

const problem = (code: number, msg: string): string => JSON.stringify({ code, msg });

describe('an answer', () => {
  test.each([
    [200, '{"orderId":1}', 'done'],
    [200, '[]', 'done'],
    [200, 'null', 'unknown'],
    [200, '', 'unknown'],
    [200, '{"orderId":', 'unknown'],
    [400, problem(-2019, 'Margin is insufficient.'), 'refused'],
    [401, problem(-2015, 'Invalid API-key'), 'refused'],
    [400, problem(-1006, 'An unexpected response was received'), 'unknown'],
    [400, problem(-1007, 'Timeout waiting for response'), 'unknown'],
    [400, '<html>', 'unknown'],
    [403, '<html>blocked</html>', 'unknown'],
    [404, '', 'unknown'],
    [408, problem(-1007, 'Timeout'), 'unknown'],
    [408, problem(-2019, 'Margin is insufficient.'), 'unknown'],
    [418, problem(-1003, 'banned until 1'), 'rate_limited'],
    [429, '', 'rate_limited'],
    [500, problem(-1000, 'An unknown error occurred'), 'unknown'],
    [500, problem(-2019, 'Margin is insufficient.'), 'unknown'],
    [502, '<html>bad gateway</html>', 'unknown'],
    [503, problem(-1000, 'Unknown error, please check your request or try again later.'), 'unknown'],
    [503, 'Service Unavailable.', 'refused'],
    [503, problem(0, 'Service Unavailable.'), 'refused'],
    [503, problem(-1008, 'Request throttled by system-level protection.'), 'refused'],
    [504, '', 'unknown'],
  ])('with status %i and body %s is %s', (status, body, kind) => {
    expect(readAnswer({ status, body })).toMatchObject({ kind });
  });

  test('keeps long order numbers exact, and texts as they are', () => {
    expect(jsonOf('{"orderId":8389765535838234879,"ids":[8389765535838234879, 5],"msg":"a:1234567890"}')).toEqual({
      orderId: '8389765535838234879',
      ids: ['8389765535838234879', 5],
      msg: 'a:1234567890',
    });
  });
});

describe('a failure', () => {
  const withCode = (code: string): Error => new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });

  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])('with %s means that nothing was sent', (code) => {
    expect(readFailure(withCode(code))).toMatchObject({ kind: 'not_sent' });
  });

  test.each([withCode('ECONNRESET'), withCode('UND_ERR_SOCKET'), new NoAnswerInTime(4000), new Error('other'), 'text', null])(
    'of any other kind says nothing: %s',
    (error) => {
      expect(readFailure(error)).toMatchObject({ kind: 'unknown' });
    },
  );

  test('tells nothing of the request', () => {
    const error = Object.assign(new Error('https://fapi.binance.com/fapi/v1/order?signature=abc'), {
      config: { headers: { 'X-MBX-APIKEY': 'k' } },
    });
    expect(JSON.stringify(readFailure(error))).not.toMatch(/abc|MBX/);
  });
});

describe('a refusal', () => {
  test.each([
    [-2019, 'Margin is insufficient.', 'insufficient_margin'],
    [-2021, 'Order would immediately trigger.', 'would_trigger_immediately'],
    [-2022, 'ReduceOnly Order is rejected.', 'reduce_only_would_increase'],
    [-4164, "Order's notional must be no smaller than 100", 'below_minimum_notional'],
    [-5021, 'FOK', 'fok_not_filled'],
    [-5022, 'GTX', 'post_only_would_match'],
    [-1021, 'Timestamp for this request is outside of the recvWindow.', 'expired_deadline'],
    [-1021, "Timestamp for this request was 1000ms ahead of the server's time.", 'clock_skew'],
    [-5028, 'Timestamp is outside of the ME recvWindow.', 'expired_deadline'],
    [-2015, 'Invalid API-key, IP, or permissions for action.', 'credentials_invalid'],
    [-9999, 'New.', 'venue_refused'],
  ])('%i %s → %s', (code, text, expected) => {
    expect(refusalOf(code, text)).toMatchObject({ kind: 'rejected', code: expected, message: expect.stringMatching(/[^.]\.$/) });
  });

  test('of an id that is in use is none: the order that is open may be this one', () => {
    expect(refusalOf(-4116, 'ClientOrderId is duplicated.')).toMatchObject({ kind: 'unknown' });
  });
});

test('without the number of a refusal, a status from 300 on is never more than unknown', () => {
  fc.assert(
    fc.property(fc.integer({ min: 300, max: 599 }), fc.string(), (status, body) => {
      fc.pre(status !== 429 && status !== 418 && !body.includes('Service Unavailable.'));
      expect(readAnswer({ status, body })).toMatchObject({ kind: 'unknown' });
    }),
  );
});

test('a server error is a refusal only where the venue says that nothing was executed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 500, max: 599 }), fc.integer({ min: -9999, max: 0 }), (status, code) => {
      fc.pre(code !== -1008);
      expect(readAnswer({ status, body: problem(code, 'Something.') })).toMatchObject({ kind: 'unknown' });
    }),
  );
});
