import { asId, type UserId } from '@hyperoru/domain';
import type { PublishedEvent } from '@hyperoru/engine';
import { FakeClock, seededIds } from '@hyperoru/testkit';
import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { SharedFeed } from '../../stream/shared-feed.ts';
import type { Caller, HttpContext } from '../context.ts';
import { apiError } from '../errors.ts';
import { addErrorAnswers } from './error-answers.ts';
import { addSharedAnswers } from './shared-answers.ts';

const ADA = asId<UserId>('00000000-0000-4000-8000-000000000001');
const BEA = asId<UserId>('00000000-0000-4000-8000-000000000002');
const eventOf = (ownerId: UserId) => ({ ownerId }) as PublishedEvent;

const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

/** One list that shares and one that does not, over a record that the test changes; the header `user` says who asks. */
async function startApp() {
  const clock = new FakeClock();
  const heard = { published: (_: readonly PublishedEvent[]): void => undefined, read: (_: { ownerId: UserId }): void => undefined };
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const record = { value: 1, reads: 0, gate: Promise.resolve(), isBroken: false, begun };
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const store = {
    onPublished: (listener: typeof heard.published) => {
      heard.published = listener;
      return () => undefined;
    },
  };
  const context = { deps: { clock, log, store, ids: seededIds(1) } } as unknown as HttpContext;
  const feed = {
    started: async () => undefined,
    feed: () => ({
      onEvent: (listener: typeof heard.read) => {
        heard.read = listener;
        return () => undefined;
      },
    }),
  } as unknown as SharedFeed;
  const app = Fastify();
  apps.push(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  addErrorAnswers(app, () => log);
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    request.caller = { user: { id: request.headers['user'] === 'bea' ? BEA : ADA } } as Caller;
  });
  addSharedAnswers(app, context, feed);
  const answer = async () => {
    record.reads += 1;
    begin();
    const { value } = record;
    await record.gate;
    if (record.isBroken) throw apiError('NOT_READY', 'Broken.');
    return { value, secret: 'not in the schema' };
  };
  const schema = {
    querystring: z.strictObject({ limit: z.coerce.number().optional() }),
    response: { 200: z.object({ value: z.number() }) },
  };
  app.get('/shared', { config: { policy: 'user', shared: true }, schema }, answer);
  app.get('/plain', { config: { policy: 'user' }, schema }, answer);
  app.post('/write', { config: { policy: 'user' } }, async () => {
    record.value += 1;
    return { done: true };
  });
  await app.ready();
  const get = (url = '/shared', headers: Record<string, string> = {}) => app.inject({ url, headers });
  const valueOf = async (...asked: Parameters<typeof get>): Promise<unknown> => (await get(...asked)).json();
  return { app, clock, heard, record, get, valueOf };
}

describe('a route that shares', () => {
  test('answers an equal question again without asking for it, as its schema says', async () => {
    const { record, get } = await startApp();
    const first = await get();
    record.value = 2;
    const second = await get();
    expect([first.body, second.body]).toEqual(['{"value":1}', '{"value":1}']);
    expect(second.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(record.reads).toBe(1);
  });

  test('asks once for many who ask at once', async () => {
    const { record, valueOf } = await startApp();
    expect(await Promise.all([valueOf(), valueOf(), valueOf()])).toEqual([{ value: 1 }, { value: 1 }, { value: 1 }]);
    expect(record.reads).toBe(1);
  });

  test('never gives one user the answer of another, and no address the answer of another', async () => {
    const { record, valueOf } = await startApp();
    await valueOf();
    record.value = 2;
    expect(await valueOf('/shared', { user: 'bea' })).toEqual({ value: 2 });
    expect(await valueOf('/shared?limit=1')).toEqual({ value: 2 });
    expect(await valueOf('/shared')).toEqual({ value: 1 });
  });

  test('answers anew after a second', async () => {
    const { clock, record, valueOf } = await startApp();
    await valueOf();
    record.value = 2;
    await clock.advance(1_000);
    expect(await valueOf()).toEqual({ value: 1 });
    await clock.advance(1);
    expect(await valueOf()).toEqual({ value: 2 });
  });

  test('checks the question before it looks for an answer', async () => {
    const { get } = await startApp();
    for (let times = 0; times < 2; times += 1) expect((await get('/shared?limt=1')).statusCode).toBe(400);
  });

  test('does not remember a failure, and tells it to everybody who waits for it', async () => {
    const { record, get, valueOf } = await startApp();
    record.isBroken = true;
    const failures = await Promise.all([get(), get()]);
    expect(failures.map((failure) => [failure.statusCode, failure.json().code])).toEqual([
      [503, 'NOT_READY'],
      [503, 'NOT_READY'],
    ]);
    expect(record.reads).toBe(1);
    record.isBroken = false;
    expect(await valueOf()).toEqual({ value: 1 });
  });

  test('computes HEAD for itself', async () => {
    const { app, record } = await startApp();
    for (let times = 0; times < 2; times += 1) expect((await app.inject({ method: 'HEAD', url: '/shared' })).statusCode).toBe(200);
    expect(record.reads).toBe(2);
  });

  test('needs a login, or the app does not start', async () => {
    const app = Fastify();
    apps.push(app);
    addSharedAnswers(app, {} as HttpContext, {} as SharedFeed);
    expect(() => app.get('/open', { config: { policy: 'public', shared: true } }, async () => null)).toThrow('/open');
  });
});

describe('any other route', () => {
  test('is asked every time', async () => {
    const { record, valueOf } = await startApp();
    await valueOf('/plain');
    record.value = 2;
    expect(await valueOf('/plain')).toEqual({ value: 2 });
    expect((await startApp().then(({ get }) => get('/plain'))).headers['etag']).toBeUndefined();
  });
});

describe('a shared answer ends', () => {
  test('with an event of its owner that this process published, and with none of another user', async () => {
    const { heard, record, valueOf } = await startApp();
    await valueOf();
    record.value = 2;
    heard.published([eventOf(BEA)]);
    expect(await valueOf()).toEqual({ value: 1 });
    heard.published([eventOf(BEA), eventOf(ADA)]);
    expect(await valueOf()).toEqual({ value: 2 });
  });

  test('with an event of its owner that another process published, and with none of another user', async () => {
    const { heard, record, valueOf } = await startApp();
    await valueOf();
    record.value = 2;
    heard.read({ ownerId: BEA });
    expect(await valueOf()).toEqual({ value: 1 });
    heard.read({ ownerId: ADA });
    expect(await valueOf()).toEqual({ value: 2 });
  });

  test('with a write of its owner, before that write is answered, and with none of another user', async () => {
    const { app, valueOf } = await startApp();
    await valueOf();
    await app.inject({ method: 'POST', url: '/write', headers: { user: 'bea' } });
    expect(await valueOf()).toEqual({ value: 1 });
    await app.inject({ method: 'POST', url: '/write' });
    expect(await valueOf()).toEqual({ value: 3 });
  });

  test('also while it is being read: who asks afterwards gets another, and it is not remembered', async () => {
    const { heard, record, valueOf } = await startApp();
    let open = (): void => undefined;
    record.gate = new Promise((resolve) => {
      open = resolve;
    });
    const before = valueOf();
    // The handler has read the record, but its answer is not there yet.
    await record.begun;
    record.value = 2;
    record.gate = Promise.resolve();
    heard.published([eventOf(ADA)]);
    expect(await valueOf()).toEqual({ value: 2 });
    open();
    expect(await before).toEqual({ value: 1 });
    expect(await valueOf()).toEqual({ value: 2 });
  });
});

describe('an entity tag', () => {
  test('of the same records is answered 304 without a body, also when they were read anew', async () => {
    const { clock, record, get } = await startApp();
    const etag = String((await get()).headers['etag']);
    expect(etag).toMatch(/^W\/"[0-9a-f]{32}"$/);
    await clock.advance(1_001);
    for (let times = 0; times < 2; times += 1) {
      const again = await get('/shared', { 'if-none-match': etag });
      expect([again.statusCode, again.body, again.headers['etag'], again.headers['content-length']]).toEqual([304, '', etag, undefined]);
    }
    expect(record.reads).toBe(2);
  });

  test('of other records is answered in full, with a new tag', async () => {
    const { heard, record, get } = await startApp();
    const etag = String((await get()).headers['etag']);
    record.value = 2;
    heard.published([eventOf(ADA)]);
    const changed = await get('/shared', { 'if-none-match': etag });
    expect([changed.statusCode, changed.json()]).toEqual([200, { value: 2 }]);
    expect(changed.headers['etag']).not.toBe(etag);
  });
});
