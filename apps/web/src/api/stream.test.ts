import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { STREAM_SILENCE_MS_MAX, Stream } from './stream.ts';

/** As much of a WebSocket as the stream uses. */
class FakeSocket extends EventTarget {
  readonly sent: unknown[] = [];
  isClosed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.isClosed = true;
  }
  open(): void {
    this.dispatchEvent(new Event('open'));
  }
  drop(): void {
    this.dispatchEvent(new Event('close'));
  }
  say(message: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: typeof message === 'string' ? message : JSON.stringify(message) }));
  }
}

const EVENT = { topic: 'trader.changed', at: '2026-01-05T08:00:00.000Z', trader_id: null, payload: {} };

function start() {
  const sockets: FakeSocket[] = [];
  const topics: string[] = [];
  const resyncs: number[] = [];
  const stream = new Stream({
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    nowMs: () => Date.now(),
    onEvent: (event) => topics.push(event.topic),
    onResync: () => resyncs.push(1),
  });
  stream.start();
  const latest = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('Expected a socket.');
    return socket;
  };
  return { stream, sockets, topics, resyncs, latest };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('it subscribes to every channel when it opens, and is live with the first message', () => {
  const { stream, latest } = start();
  expect(stream.status().state).toBe('connecting');
  latest().open();
  expect(latest().sent).toEqual([
    { type: 'subscribe', data: { channels: ['trades', 'positions', 'model_chat', 'asset_curve', 'traders', 'safety', 'alerts'] } },
  ]);
  latest().say({ type: 'connected', data: {} });
  expect(stream.status().state).toBe('live');
});

test('events reach the listener; garbage is ignored', () => {
  const { topics, latest } = start();
  latest().say('not json');
  latest().say({ type: 'event', seq: 4, channel: 'traders', data: { topic: 1 } });
  latest().say({ type: 'event', seq: 5, channel: 'traders', data: EVENT });
  expect(topics).toEqual(['trader.changed']);
});

test('after a drop it comes back and resumes behind the last event it saw', () => {
  const { sockets, latest } = start();
  latest().open();
  latest().say({ type: 'event', seq: 7, channel: 'traders', data: EVENT });
  latest().drop();
  vi.advanceTimersByTime(500);
  expect(sockets).toHaveLength(2);
  latest().open();
  expect(latest().sent).toMatchObject([{ data: { resume_after: 7 } }]);
});

test('it waits longer after each failure, up to a limit', () => {
  const { sockets, latest } = start();
  for (const delayMs of [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
    const before = sockets.length;
    latest().drop();
    vi.advanceTimersByTime(delayMs - 1);
    expect(sockets).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(before + 1);
  }
});

test('silence for too long is stale, one message makes it live again', () => {
  const { stream, latest } = start();
  latest().say({ type: 'heartbeat', data: {} });
  vi.advanceTimersByTime(STREAM_SILENCE_MS_MAX);
  expect(stream.status().state).toBe('live');
  vi.advanceTimersByTime(1_000);
  expect(stream.status().state).toBe('stale');
  latest().say({ type: 'heartbeat', data: {} });
  expect(stream.status().state).toBe('live');
});

test('missed events ask for a fresh load', () => {
  const { resyncs, latest } = start();
  latest().say({ type: 'resync', data: {} });
  expect(resyncs).toHaveLength(1);
});

test('a stopped stream closes its socket and never comes back', () => {
  const { stream, sockets, latest } = start();
  const socket = latest();
  stream.stop();
  socket.drop();
  vi.advanceTimersByTime(60_000);
  expect(socket.isClosed).toBe(true);
  expect(sockets).toHaveLength(1);
  expect(stream.status().state).toBe('closed');
});

test('reconnecting by hand replaces the socket at once', () => {
  const { stream, sockets } = start();
  stream.reconnect();
  expect(sockets).toHaveLength(2);
  expect(sockets[0]?.isClosed).toBe(true);
});
