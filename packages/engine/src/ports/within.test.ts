import { FakeClock } from '@hyperoru/testkit';
import { expect, test } from 'vitest';
import { NoAnswerInTime, within } from './within.ts';

const never = (): Promise<string> => new Promise(() => undefined);

test('gives the answer and leaves no timer behind', async () => {
  const clock = new FakeClock();
  expect(await within(clock, 1000, async () => 'yes')).toBe('yes');
  expect(clock.waiting).toBe(0);
});

test('waits until the limit and not a millisecond more', async () => {
  const clock = new FakeClock();
  let problem: unknown = null;
  const asked = within(clock, 1000, never).catch((error: unknown) => {
    problem = error;
  });
  await clock.advance(999);
  expect(problem).toBeNull();
  await clock.advance(1);
  await asked;
  expect(problem).toBeInstanceOf(NoAnswerInTime);
});

test('tells what was asked that nobody waits any more', async () => {
  const clock = new FakeClock();
  let seen: AbortSignal | null = null;
  const asked = within(clock, 10, (signal) => {
    seen = signal;
    return never();
  });
  const outcome = expect(asked).rejects.toThrow('10 ms');
  await clock.advance(10);
  await outcome;
  expect(seen).toMatchObject({ aborted: true });
});

test('passes a failure on', async () => {
  await expect(within(new FakeClock(), 10, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});
