import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatheringSocket } from './gathering-socket.ts';

let server: Server;
/** What the other side read, a string per read, and how many bytes came in all. */
let reads: string[] = [];
beforeAll(async () => {
  server = createServer((peer) => peer.on('data', (data) => void reads.push(data.toString())));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

async function connected() {
  reads = [];
  const socket = gatheringSocket();
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

test('what is written within one turn leaves together, after it', async () => {
  const socket = await connected();
  for (const part of ['a', 'b', 'c']) socket.write(part);
  expect(socket.writableLength).toBe(3);
  await new Promise(process.nextTick);
  expect(socket.writableLength).toBe(0);
  socket.end();
  await once(socket, 'close');
  expect(reads).toEqual(['abc']);
});

test('the order of what is written stays over many turns, and nothing is lost at the end', async () => {
  const socket = await connected();
  const parts = Array.from({ length: 500 }, (_, index) => `${index};`);
  for (const [index, part] of parts.entries()) {
    socket.write(part);
    if (index % 7 === 0) await new Promise(setImmediate);
  }
  socket.end();
  await once(socket, 'close');
  expect(reads.join('')).toBe(parts.join(''));
});
