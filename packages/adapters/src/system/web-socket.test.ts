import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Socket, systemSockets } from './web-socket.ts';

let server: WebSocketServer;
let peer: WebSocket | null;

beforeEach(async () => {
  peer = null;
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (client) => {
    peer = client;
  });
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

function connect(): { readonly socket: Socket; readonly heard: readonly string[] } {
  const heard: string[] = [];
  const { port } = server.address() as AddressInfo;
  const socket = systemSockets(`ws://127.0.0.1:${port}`, {
    open: () => heard.push('open'),
    message: (text) => heard.push(text),
    pong: () => heard.push('pong'),
    close: () => heard.push('close'),
  });
  return { socket, heard };
}

async function connected() {
  const { socket, heard } = connect();
  await vi.waitFor(() => expect(heard).toEqual(['open']));
  if (peer === null) throw new Error('Expected a connection.');
  return { socket, heard, peer };
}

test('a ping of the server is answered with its payload, and is no event', async () => {
  const { heard, peer } = await connected();
  const pongs: string[] = [];
  peer.on('pong', (payload) => pongs.push(String(payload)));
  peer.ping('1767227400000');
  await vi.waitFor(() => expect(pongs).toEqual(['1767227400000']));
  expect(heard).toEqual(['open']);
});

test('the answer to a ping is told, and so is every message', async () => {
  const { socket, heard, peer } = await connected();
  socket.ping();
  await vi.waitFor(() => expect(heard).toEqual(['open', 'pong']));
  peer.send('hello');
  await vi.waitFor(() => expect(heard).toEqual(['open', 'pong', 'hello']));
});

test('a connection that never stood is told as closed, once; what is sent to it is lost', async () => {
  server.on('headers', (_, request) => request.socket.destroy());
  const { socket, heard } = connect();
  socket.send('too early');
  socket.ping();
  await vi.waitFor(() => expect(heard).toEqual(['close']));
  socket.close();
  socket.send('too late');
  expect(heard).toEqual(['close']);
});

test('a connection that is closed here is gone at once, whatever the other side does', async () => {
  const { socket, heard, peer } = await connected();
  const gone = new Promise((resolve) => peer.once('close', resolve));
  socket.close();
  await gone;
  await vi.waitFor(() => expect(heard).toEqual(['open', 'close']));
});
