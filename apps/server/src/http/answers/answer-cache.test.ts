import { asId, type UserId } from '@hyperoru/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANSWER_AGE_MS_MAX, ANSWER_BYTES_MAX, ANSWERS_BYTES_MAX, ANSWERS_MAX, type Answer, AnswerCache } from './answer-cache.ts';

const ADA = asId<UserId>('00000000-0000-4000-8000-000000000001');
const BEA = asId<UserId>('00000000-0000-4000-8000-000000000002');
const answerOf = (body: string): Answer => ({ body, etag: `W/"${body.length}"` });

/** A cache over a record whose value and number of readings the test sees. */
function startCache() {
  const time = { ms: 0 };
  const record = { value: 'first', reads: 0 };
  const cache = new AnswerCache({ monotonicMs: () => time.ms });
  const read = async (url = '/api/fills', owner = ADA): Promise<string> => {
    const compute = async () => {
      record.reads += 1;
      return answerOf(record.value);
    };
    return (await cache.read(owner, url, compute)).body;
  };
  return { time, record, cache, read };
}

/** A computation that ends when the test says so. */
function pending() {
  let finish = (_: Answer): void => undefined;
  let fail = (_: Error): void => undefined;
  const answer = new Promise<Answer>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  return { compute: () => answer, finish: (body: string) => finish(answerOf(body)), fail: () => fail(new Error('no database')) };
}

describe('an answer', () => {
  test('is computed once for many who ask at once and after each other', async () => {
    const { record, cache, read } = startCache();
    expect(cache.get(ADA, '/api/fills')).toBe(null);
    expect(await Promise.all([read(), read(), read()])).toEqual(['first', 'first', 'first']);
    expect(await read()).toBe('first');
    expect(cache.get(ADA, '/api/fills')?.body).toBe('first');
    expect(record.reads).toBe(1);
  });

  test('belongs to one user and one address, word for word', async () => {
    const { record, read } = startCache();
    await read('/api/fills', ADA);
    await read('/api/fills', BEA);
    await read('/api/fills?limit=50', ADA);
    await read('/api/fills?limit=50&', ADA);
    expect(record.reads).toBe(4);
  });

  test('is given for a second, counted from before it was read', async () => {
    const { time, record, cache, read } = startCache();
    await read();
    time.ms = ANSWER_AGE_MS_MAX;
    expect(await read()).toBe('first');
    record.value = 'second';
    time.ms = ANSWER_AGE_MS_MAX + 1;
    expect(cache.get(ADA, '/api/fills')).toBe(null);
    expect(await read()).toBe('second');
    expect(record.reads).toBe(2);
  });

  test('that takes longer than that is shared only by those who asked in its first second', async () => {
    const { time, cache, read } = startCache();
    const slow = pending();
    const first = cache.read(ADA, '/api/fills', slow.compute);
    time.ms = ANSWER_AGE_MS_MAX;
    const second = read();
    time.ms = ANSWER_AGE_MS_MAX + 1;
    expect(await read()).toBe('first');
    slow.finish('slow');
    expect([(await first).body, await second]).toEqual(['slow', 'slow']);
    expect(await read()).toBe('first');
  });

  test('that failed is told to those who share it and to nobody after them', async () => {
    const { cache, read } = startCache();
    const failing = pending();
    const shared = [cache.read(ADA, '/api/fills', failing.compute), read()];
    failing.fail();
    expect((await Promise.allSettled(shared)).map((one) => one.status)).toEqual(['rejected', 'rejected']);
    expect(await read()).toBe('first');
  });
});

describe('a change', () => {
  test('ends every answer of its owner and none of another user', async () => {
    const { record, cache, read } = startCache();
    await Promise.all([read('/a', ADA), read('/b', ADA), read('/a', BEA)]);
    cache.drop(ADA);
    record.value = 'second';
    expect(await Promise.all([read('/a', ADA), read('/b', ADA), read('/a', BEA)])).toEqual(['second', 'second', 'first']);
  });

  test('while an answer is being computed keeps that answer from everybody who asks afterwards', async () => {
    const { cache, read } = startCache();
    const old = pending();
    const before = cache.read(ADA, '/api/fills', old.compute);
    cache.drop(ADA);
    const after = read();
    old.finish('old');
    expect((await before).body).toBe('old');
    expect(await after).toBe('first');
    expect(cache.get(ADA, '/api/fills')?.body).toBe('first');
  });

  test('is not undone by an old computation that fails later', async () => {
    const { record, cache, read } = startCache();
    const old = pending();
    const before = cache.read(ADA, '/api/fills', old.compute);
    cache.drop(ADA);
    await read();
    old.fail();
    await expect(before).rejects.toThrow('no database');
    await read();
    expect(record.reads).toBe(1);
  });

  test('of a user without answers is nothing', () => {
    expect(() => startCache().cache.drop(ADA)).not.toThrow();
  });

  test('in any order of questions, changes and ends of computations is never hidden from who asks after it', async () => {
    const act = fc.oneof(
      fc.record({ kind: fc.constant('ask' as const), owner: fc.constantFrom(ADA, BEA), url: fc.constantFrom('/a', '/b') }),
      fc.record({ kind: fc.constant('change' as const), owner: fc.constantFrom(ADA, BEA) }),
      fc.record({ kind: fc.constant('settle' as const), at: fc.nat(5) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
        const cache = new AnswerCache({ monotonicMs: () => 0 });
        const version = new Map([ADA, BEA].map((owner) => [owner, 0]));
        const running: ReturnType<typeof pending>[] = [];
        const values: string[] = [];
        const asked: { readonly answer: Promise<Answer>; readonly least: number; readonly owner: UserId }[] = [];
        for (const one of acts) {
          if (one.kind === 'change') {
            version.set(one.owner, (version.get(one.owner) ?? 0) + 1);
            cache.drop(one.owner);
          } else if (one.kind === 'ask') {
            const least = version.get(one.owner) ?? 0;
            const compute = () => {
              const computation = pending();
              running.push(computation);
              values.push(`${one.owner} ${least}`);
              return computation.compute();
            };
            asked.push({ answer: cache.read(one.owner, one.url, compute), least, owner: one.owner });
          } else {
            running[one.at]?.finish(values[one.at] ?? '');
            await Promise.resolve();
          }
        }
        for (const [index, computation] of running.entries()) computation.finish(values[index] ?? '');
        for (const { answer, least, owner } of asked) {
          const [of, seen] = (await answer).body.split(' ');
          expect(of).toBe(owner);
          expect(Number(seen)).toBeGreaterThanOrEqual(least);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('memory', () => {
  test(`holds ${ANSWERS_MAX} answers and drops the oldest`, async () => {
    const { cache, read } = startCache();
    for (let index = 0; index < ANSWERS_MAX; index += 1) await read(`/${index}`);
    expect(cache.get(ADA, '/0')).not.toBe(null);
    await read(`/${ANSWERS_MAX}`);
    expect(cache.get(ADA, '/0')).toBe(null);
    expect(cache.get(ADA, '/1')).not.toBe(null);
  });

  test('remembers an answer of 1 MiB, and shares a longer one without remembering it', async () => {
    const { record, cache, read } = startCache();
    record.value = 'x'.repeat(ANSWER_BYTES_MAX);
    await read('/longest');
    expect(cache.get(ADA, '/longest')).not.toBe(null);
    record.value += 'x';
    expect((await read('/longer')).length).toBe(ANSWER_BYTES_MAX + 1);
    expect(cache.get(ADA, '/longer')).toBe(null);
  });

  test('counts bytes, not characters', async () => {
    const { record, cache, read } = startCache();
    record.value = 'é'.repeat(ANSWER_BYTES_MAX / 2 + 1);
    await read();
    expect(cache.get(ADA, '/api/fills')).toBe(null);
    expect(cache.bytes).toBe(0);
  });

  test('of 16 MiB is never exceeded, and empty after everything was dropped', async () => {
    const { record, cache, read } = startCache();
    record.value = 'x'.repeat(ANSWER_BYTES_MAX);
    for (let index = 0; index < 20; index += 1) {
      await read(`/${index}`, index % 2 === 0 ? ADA : BEA);
      expect(cache.bytes).toBeLessThanOrEqual(ANSWERS_BYTES_MAX);
    }
    expect(cache.get(ADA, '/18')).not.toBe(null);
    expect(cache.get(ADA, '/0')).toBe(null);
    cache.drop(ADA);
    cache.drop(BEA);
    expect(cache.bytes).toBe(0);
  });
});
