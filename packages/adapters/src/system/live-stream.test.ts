import { FakeClock, memoryLog } from '@hyperoru/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Stream, StreamPlan } from '../exchanges/live/stream-port.ts';
import { liveStreams } from './live-stream.ts';
import type { OpenSocket, SocketEvents } from './web-socket.ts';

/** A connection under the test's hand. */
interface FakeSocket {
  readonly url: string;
  readonly events: SocketEvents;
  readonly sent: string[];
  pings: number;
  isClosed: boolean;
}

let clock: FakeClock;
let sockets: FakeSocket[];
let heard: string[];
let stream: Stream | null;

const openSocket: OpenSocket = (url, events) => {
  const socket: FakeSocket = { url, events, sent: [], pings: 0, isClosed: false };
  sockets.push(socket);
  return {
    send: (text) => void socket.sent.push(text),
    ping: () => {
      socket.pings += 1;
    },
    close: () => {
      socket.isClosed = true;
    },
  };
};

beforeEach(() => {
  clock = new FakeClock();
  sockets = [];
  heard = [];
  stream = null;
});

async function start(changes: Partial<StreamPlan> = {}): Promise<void> {
  const plan: StreamPlan = {
    name: 'test',
    url: async () => 'ws://venue',
    keepAlive: null,
    onOpen: (send) => send('subscribe'),
    onMessage: (text) => void heard.push(text),
    ...changes,
  };
  stream = liveStreams({ clock, log: memoryLog(), random: () => 1, openSocket })(plan);
  await clock.advance(0);
}

function socket(index: number): FakeSocket {
  const found = sockets[index];
  if (found === undefined) throw new Error(`Expected connection ${index}.`);
  return found;
}

test('connects, subscribes and hears', async () => {
  await start();
  socket(0).events.open();
  socket(0).events.message('hello');
  expect(socket(0)).toMatchObject({ url: 'ws://venue', sent: ['subscribe'] });
  expect(heard).toEqual(['hello']);
});

describe('a connection that ends', () => {
  test('is followed by another after half a second, which subscribes again', async () => {
    await start();
    socket(0).events.open();
    socket(0).events.close();
    await clock.advance(499);
    expect(sockets).toHaveLength(1);
    await clock.advance(1);
    socket(1).events.open();
    expect(socket(1).sent).toEqual(['subscribe']);
  });

  test('again and again is tried ever more rarely, at least every 30 s', async () => {
    await start();
    const delays: number[] = [];
    for (let i = 0; i < 9; i++) {
      socket(i).events.close();
      await clock.advance(0);
      delays.push(clock.nextDueMs ?? 0);
      await clock.advance(clock.nextDueMs ?? 0);
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('after it stood for a while is followed quickly again', async () => {
    await start();
    socket(0).events.close();
    await clock.advance(500);
    socket(1).events.close();
    await clock.advance(1000);
    socket(2).events.open();
    await clock.advance(10_000);
    socket(2).events.close();
    await clock.advance(500);
    expect(sockets).toHaveLength(4);
  });
});

describe('a silent connection', () => {
  test('is replaced after 30 s', async () => {
    await start();
    socket(0).events.open();
    await clock.advance(29_999);
    expect(socket(0).isClosed).toBe(false);
    await clock.advance(1);
    expect(socket(0).isClosed).toBe(true);
    await clock.advance(500);
    expect(sockets).toHaveLength(2);
  });

  test('is kept while it answers pings', async () => {
    await start();
    socket(0).events.open();
    for (let i = 1; i <= 6; i++) {
      await clock.advance(15_000);
      expect(socket(0).pings).toBe(i);
      socket(0).events.pong();
    }
    expect(socket(0).isClosed).toBe(false);
  });

  test('is asked in the words of its venue', async () => {
    await start({ keepAlive: '{"method":"ping"}' });
    socket(0).events.open();
    await clock.advance(15_000);
    expect(socket(0).sent).toEqual(['subscribe', '{"method":"ping"}']);
  });
});

test('an address that cannot be had counts as a failed connection', async () => {
  let asked = 0;
  await start({
    url: async () => {
      asked += 1;
      if (asked === 1) throw new Error('not now');
      return 'ws://venue';
    },
  });
  expect(sockets).toHaveLength(0);
  await clock.advance(500);
  expect(sockets).toHaveLength(1);
});

test('can be made to connect anew', async () => {
  await start();
  socket(0).events.open();
  stream?.reconnect();
  expect(socket(0).isClosed).toBe(true);
  await clock.advance(500);
  expect(sockets).toHaveLength(2);
});

test('stopped, it is gone and leaves no timer', async () => {
  await start();
  socket(0).events.open();
  stream?.stop();
  await clock.advance(60_000);
  expect(socket(0).isClosed).toBe(true);
  expect(sockets).toHaveLength(1);
  expect(clock.waiting).toBe(0);
});
