import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { WireConnection, WireSession } from '../core/streams.ts';
import type { VenueDialect, WireAnswer, WireHandshake, WireRequest } from '../core/transport.ts';

const BODY_BYTES_MAX = 1_048_576;
const MESSAGE_BYTES_MAX = 262_144;
/** How often sessions look at the venue's clock, ms. */
const TICK_MS = 100;

/** A simulated venue on a real loopback port. */
export interface VenueServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** `ws://127.0.0.1:<port>`. */
  readonly wsUrl: string;
  readonly port: number;
  /** Every HTTP request so far, oldest first. */
  readonly requests: readonly WireRequest[];
  /** Ends every connection and the server; the venue itself stays as it is. */
  readonly stop: () => Promise<void>;
}

/** Serves a dialect over HTTP and WebSocket on 127.0.0.1. Port 0 = any free one; a fixed one lets a test come back after `stop`. */
export async function startVenueServer(dialect: VenueDialect, port = 0): Promise<VenueServer> {
  const requests: WireRequest[] = [];
  const server = createServer((request, response) => {
    // A client that goes away while it sends is nobody's error.
    readBody(request).then(
      (body) => {
        const wire = { ...wireOf(request), method: request.method ?? 'GET', body };
        requests.push(wire);
        serve(dialect, wire, request.socket, response);
      },
      () => request.socket.destroy(),
    );
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, autoPong: false });
  const sessions = new Set<WireSession>();
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    sockets.handleUpgrade(request, socket, head, (client) => openSession(dialect, wireOf(request), client, sessions));
  });
  const ticking = setInterval(() => {
    dialect.tick();
    for (const session of [...sessions]) session.tick();
  }, TICK_MS);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    wsUrl: `ws://127.0.0.1:${bound}`,
    port: bound,
    requests,
    stop: () =>
      new Promise((resolve) => {
        clearInterval(ticking);
        for (const client of sockets.clients) client.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function serve(dialect: VenueDialect, wire: WireRequest, socket: Socket, response: ServerResponse): void {
  const delivery = dialect.handle(wire);
  after(delivery.waitMs, () => {
    const answer = delivery.run();
    after(answer.delayMs, () => carry(answer, socket, response));
  });
}

function carry({ effect, reply }: WireAnswer, socket: Socket, response: ServerResponse): void {
  if (effect === 'silence') return;
  if (effect === 'reset' || effect === 'unreachable' || reply === null) {
    socket.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) });
  if (effect === 'answer') response.end(reply.body);
  else response.write(reply.body.slice(0, Math.ceil(reply.body.length / 2)), () => socket.destroy());
}

function openSession(dialect: VenueDialect, wire: WireHandshake, client: WebSocket, sessions: Set<WireSession>): void {
  const connection: WireConnection = {
    send: (text) => client.send(text),
    ping: (payload) => client.ping(payload),
    pong: (payload) => client.pong(payload),
    close: (code, reason) => client.close(code, reason),
    drop: () => client.terminate(),
    after,
  };
  const session = dialect.connect(wire, connection);
  sessions.add(session);
  client.on('message', (data) => session.receive(String(data)));
  client.on('ping', (data) => session.pinged(String(data)));
  client.on('pong', (data) => session.ponged(String(data)));
  client.on('error', () => client.terminate());
  client.on('close', () => {
    sessions.delete(session);
    session.closed();
  });
}

function after(ms: number, run: () => void): void {
  if (ms <= 0) run();
  else setTimeout(run, ms).unref();
}

function wireOf(request: IncomingMessage): WireHandshake {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return { path: request.url ?? '/', headers: Object.fromEntries(headers), ip: request.socket.remoteAddress ?? '' };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`Body over ${BODY_BYTES_MAX} bytes.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
