import type { TraderId } from '@hyperoru/domain';
import { FakeClock, testId } from '@hyperoru/testkit';
import { beforeEach, expect, test } from 'vitest';
import { AccountStreams } from './account-streams.ts';

interface Account {
  readonly traderId: TraderId;
}

const account = (n: number): Account => ({ traderId: testId<TraderId>(n) });

let clock: FakeClock;
let ready: (() => void)[];
let ended: TraderId[];

beforeEach(() => {
  clock = new FakeClock();
  ready = [];
  ended = [];
});

const streams = (max?: number): AccountStreams<Account> =>
  new AccountStreams({
    clock,
    ...(max === undefined ? {} : { max }),
    listen: ({ traderId }, isReady) => {
      ready.push(isReady);
      return () => ended.push(traderId);
    },
  });

test('an account has one stream, however often it is started', () => {
  const some = streams();
  for (let i = 0; i < 3; i++) some.start(account(1));
  some.start(account(2));
  expect(ready).toHaveLength(2);
});

test('an account beyond the limit has none until another stream ends', async () => {
  const some = streams(2);
  for (const n of [1, 2, 3]) some.start(account(n));
  expect(ready).toHaveLength(2);
  await some.whenListening(account(3));
  some.stop(account(1).traderId);
  some.start(account(3));
  expect(ready).toHaveLength(3);
});

test('waiting ends when the stream is ready and leaves no timer', async () => {
  const some = streams();
  some.start(account(1));
  const waiting = some.whenListening(account(1));
  ready[0]?.();
  await waiting;
  expect(clock.waiting).toBe(0);
});

test('waiting ends after three seconds without a stream', async () => {
  const some = streams();
  some.start(account(1));
  let isOver = false;
  const waiting = some.whenListening(account(1)).then(() => {
    isOver = true;
  });
  await clock.advance(2_999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  await waiting;
});

test('all streams end together, each once', () => {
  const some = streams();
  for (const n of [1, 2]) some.start(account(n));
  some.stop(account(1).traderId);
  some.stopAll();
  some.stopAll();
  expect(ended).toEqual([account(1).traderId, account(2).traderId]);
});
