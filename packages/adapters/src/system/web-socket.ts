import WebSocket from 'ws';

/** Longest message taken from a server; a connection that sends a longer one is closed. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
const HANDSHAKE_MS_MAX = 10_000;

export interface SocketEvents {
  open(): void;
  message(text: string): void;
  /** The answer to `ping`. */
  pong(): void;
  /** Once, however the connection ended, also when it never stood. */
  close(): void;
}

export interface Socket {
  send(text: string): void;
  ping(): void;
  /** Ends the connection at once, without waiting for the other side. */
  close(): void;
}

/** Begins a WebSocket connection; everything else is told through the events. */
export type OpenSocket = (url: string, events: SocketEvents) => Socket;

/** WebSockets of this machine. Pings of the server are answered. */
export const systemSockets: OpenSocket = (url, events) => {
  const socket = new WebSocket(url, { maxPayload: MESSAGE_BYTES_MAX, handshakeTimeout: HANDSHAKE_MS_MAX, perMessageDeflate: false });
  const whenOpen = (act: () => void): void => {
    if (socket.readyState === WebSocket.OPEN) act();
  };
  socket.on('open', () => events.open());
  socket.on('message', (data) => events.message(data.toString()));
  socket.on('pong', () => events.pong());
  socket.on('close', () => events.close());
  // Every error is followed by `close`, which is what is acted on.
  socket.on('error', () => undefined);
  return {
    send: (text) => whenOpen(() => socket.send(text)),
    ping: () => whenOpen(() => socket.ping()),
    close: () => socket.terminate(),
  };
};
