import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('works off everything, never more at once than allowed', async () => {
  const done: number[] = [];
  let [now, most] = [0, 0];
  await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
    done.push(item);
  });
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('does nothing with nothing, and tells the first failure', async () => {
  await inParallel([], 3, async () => expect.unreachable());
  await expect(inParallel([1, 2], 1, (item) => Promise.reject(new Error(`No ${item}.`)))).rejects.toThrow('No 1.');
});
