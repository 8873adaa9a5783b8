import type { ServerMessage } from '@hyperoru/contracts';
import { WebSocket } from 'ws';
import { until } from './trading.ts';

/** A client of the live stream that remembers everything it was told. */
export interface StreamClient {
  readonly socket: WebSocket;
  readonly messages: readonly ServerMessage[];
  /** Code and reason once the server has closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(message: unknown): void;
  /** Waits for the first message from now on, or already there, that fits. */
  next(isWanted: (message: ServerMessage) => boolean): Promise<ServerMessage>;
  /** Sends with a fresh request id and answers what came back for it. */
  ask(type: string, data?: unknown): Promise<ServerMessage>;
  close(): void;
}

/** Opens a stream; rejects with the HTTP status when the upgrade is refused. */
export async function openStream(url: string, headers: Readonly<Record<string, string>> = {}): Promise<StreamClient> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers });
  const messages: ServerMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(data.toString())));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('unexpected-response', (_request, response) => reject(new Error(`refused with ${response.statusCode}`)));
    socket.once('error', reject);
  });
  // Later failures show as the close.
  socket.on('error', () => undefined);
  let requests = 0;
  const next = async (isWanted: (message: ServerMessage) => boolean): Promise<ServerMessage> => {
    const found = await until(
      async () => messages.find(isWanted),
      (message) => message !== undefined,
    );
    if (found === undefined) throw new Error('Expected a message.');
    return found;
  };
  return {
    socket,
    messages,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next,
    ask: (type, data) => {
      requests += 1;
      const requestId = `r${requests}`;
      socket.send(JSON.stringify({ type, request_id: requestId, ...(data === undefined ? {} : { data }) }));
      return next((message) => message.request_id === requestId);
    },
    close: () => socket.close(),
  };
}
