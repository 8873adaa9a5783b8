import { describe, expect, test } from 'vitest';
import { LoginThrottle } from './login-throttle.ts';

function startThrottle() {
  const time = { ms: 0 };
  const throttle = new LoginThrottle({ monotonicMs: () => time.ms });
  /** A wrong try; waits first when it must. Returns how long it had to wait. */
  const fail = (...keys: string[]): number => {
    const waitMs = throttle.begin(keys);
    if (waitMs > 0) {
      time.ms += waitMs;
      expect(throttle.begin(keys)).toBe(0);
    }
    return waitMs;
  };
  return { time, throttle, fail };
}

describe('LoginThrottle', () => {
  test('lets four failures pass freely; the fifth makes the next try wait, doubling from there to 15 minutes', () => {
    const { fail } = startThrottle();
    const waits = Array.from({ length: 18 }, () => fail('login:ann'));
    expect(waits.slice(0, 9)).toEqual([0, 0, 0, 0, 0, 1_000, 2_000, 4_000, 8_000]);
    expect(waits.slice(-2)).toEqual([900_000, 900_000]);
  });

  test('counts a try from its start, so that many at once gain nothing', () => {
    const { throttle } = startThrottle();
    const answers = Array.from({ length: 50 }, () => throttle.begin(['login:ann']));
    expect(answers.filter((waitMs) => waitMs === 0)).toHaveLength(5);
  });

  test('does not count a try that came too early', () => {
    const { throttle, time } = startThrottle();
    for (let index = 0; index < 20; index += 1) throttle.begin(['login:ann']);
    time.ms = 999;
    expect(throttle.begin(['login:ann'])).toBe(1);
    time.ms = 1_000;
    expect(throttle.begin(['login:ann'])).toBe(0);
  });

  test('makes other names of the same address wait, and not other addresses', () => {
    const { throttle, fail } = startThrottle();
    for (let index = 0; index < 5; index += 1) fail(`login:${index}`, 'address:a');
    expect(throttle.begin(['login:new', 'address:a'])).toBe(1_000);
    expect(throttle.begin(['login:new', 'address:b'])).toBe(0);
  });

  test('clears the name after a right try, and takes only that try off the address', () => {
    const { throttle, fail } = startThrottle();
    for (let index = 0; index < 4; index += 1) fail('login:ann', 'address:a');
    expect(throttle.begin(['login:ann', 'address:a'])).toBe(0);
    throttle.succeed(['login:ann', 'address:a']);
    expect(Array.from({ length: 5 }, () => throttle.begin(['login:ann']))).toEqual([0, 0, 0, 0, 0]);
    expect(throttle.begin(['address:a'])).toBe(0);
    expect(throttle.begin(['address:a'])).toBe(1_000);
  });

  test('forgets failures after half an hour without one', () => {
    const { throttle, fail, time } = startThrottle();
    for (let index = 0; index < 12; index += 1) fail('login:ann');
    time.ms += 30 * 60_000;
    expect(Array.from({ length: 5 }, () => throttle.begin(['login:ann']))).toEqual([0, 0, 0, 0, 0]);
  });

  test('remembers 10,000 keys and drops the one that failed longest ago', () => {
    const { throttle } = startThrottle();
    for (let index = 0; index < 5; index += 1) throttle.begin(['login:first']);
    for (let index = 0; index < 9_999; index += 1) throttle.begin([`login:${index}`]);
    expect(throttle.begin(['login:first'])).toBe(1_000);
    throttle.begin(['login:one-more']);
    expect(throttle.begin(['login:first'])).toBe(0);
  });
});
