import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyedMutex } from './keyed-mutex.ts';

/** A promise and the function that settles it. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('work under one key runs one after another, in the order it was handed in', async () => {
  const mutex = createKeyedMutex();
  const events: string[] = [];
  const gates = [gate(), gate(), gate()];
  const all = gates.map(({ passed }, index) =>
    mutex('a', async () => {
      events.push(`start ${index}`);
      await passed;
      events.push(`end ${index}`);
    }),
  );
  await turn();
  expect(events).toEqual(['start 0']);
  for (const { open } of [...gates].reverse()) open();
  await Promise.all(all);
  expect(events).toEqual(['start 0', 'end 0', 'start 1', 'end 1', 'start 2', 'end 2']);
});

test('work under another key does not wait', async () => {
  const mutex = createKeyedMutex();
  const blocked = gate();
  const waiting = mutex('a', () => blocked.passed);
  expect(await mutex('b', async () => 'done')).toBe('done');
  blocked.open();
  await waiting;
});

test('the value goes to the one who asked', async () => {
  const mutex = createKeyedMutex();
  expect(await Promise.all([1, 2, 3].map((value) => mutex('a', async () => value)))).toEqual([1, 2, 3]);
});

test('a failure is heard by the one who asked, and the work behind it still runs', async () => {
  const mutex = createKeyedMutex();
  const failed = mutex('a', () => Promise.reject(new Error('boom')));
  const behind = mutex('a', async () => 'fine');
  await expect(failed).rejects.toThrow('boom');
  expect(await behind).toBe('fine');
});

test('work that throws before it returns a promise counts as failed too', async () => {
  const mutex = createKeyedMutex();
  const failed = mutex('a', () => {
    throw new Error('at once');
  });
  await expect(failed).rejects.toThrow('at once');
  expect(await mutex('a', async () => 'fine')).toBe('fine');
});

test('two instances know nothing of each other', async () => {
  const blocked = gate();
  const waiting = createKeyedMutex()('a', () => blocked.passed);
  expect(await createKeyedMutex()('a', async () => 'done')).toBe('done');
  blocked.open();
  await waiting;
});

test('whatever is handed in, no two pieces of one key ever overlap and none is lost', async () => {
  const piece = fc.record({ key: fc.constantFrom('a', 'b', 'c'), turns: fc.integer({ min: 0, max: 3 }), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      const mutex = createKeyedMutex();
      const running = new Map<string, number>();
      let done = 0;
      const all = pieces.map(({ key, turns, fails }) =>
        mutex(key, async () => {
          running.set(key, (running.get(key) ?? 0) + 1);
          expect(running.get(key)).toBe(1);
          for (let waited = 0; waited < turns; waited++) await turn();
          running.set(key, 0);
          done += 1;
          if (fails) throw new Error('boom');
        }),
      );
      const ends = await Promise.allSettled(all);
      expect(done).toBe(pieces.length);
      expect(ends.map(({ status }) => status)).toEqual(pieces.map(({ fails }) => (fails ? 'rejected' : 'fulfilled')));
    }),
    { numRuns: 50 },
  );
});
