import { type Channel, type ClientMessage, ClientMessage as ClientMessageSchema, type ServerMessage } from '@hyperoru/contracts';
import type { StreamEvent } from '@hyperoru/engine';
import type { WebSocket } from 'ws';
import type { Caller } from '../http/context.ts';
import { toApiError } from '../http/plugins/error-answers.ts';
import type { StreamAnswers } from './answers.ts';
import type { EventFeed } from './event-feed.ts';
import { messageFor } from './subscription.ts';

/** A reader that lets this much pile up is cut off; it reconnects and resumes. */
export const BUFFERED_BYTES_MAX = 1_048_576;
/** Messages of one client between two heartbeats. */
const MESSAGES_PER_HEARTBEAT_MAX = 200;

/** Codes of RFC 6455 §7.4 and its registry. */
const CLOSE = { policy: 1008, tooSlow: 1013, internal: 1011 } as const;

export interface ConnectionParts {
  readonly socket: WebSocket;
  readonly feed: EventFeed;
  readonly answers: StreamAnswers;
  /** Token → caller; null = not valid (any more). */
  readonly identify: (token: string) => Promise<Caller | null>;
  /** Takes a place among the sockets of the user; false when all are taken. */
  readonly admit: (connection: Connection, userId: string) => boolean;
}

/** One socket: first who it is, then what it wants; ends when its session does. */
export class Connection {
  readonly #parts: ConnectionParts;
  #caller: Caller | null = null;
  #token: string | null = null;
  #channels = new Set<Channel>();
  #accountId: string | null = null;
  #unsubscribe: (() => void) | null = null;
  #messages = 0;
  #isAlive = true;
  /** Messages are answered one after the other, in the order they came. */
  #queue: Promise<void> = Promise.resolve();

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    parts.socket.on('pong', () => {
      this.#isAlive = true;
    });
    parts.socket.on('message', (data, isBinary) => this.#receive(isBinary ? null : data.toString()));
  }

  get isAuthenticated(): boolean {
    return this.#caller !== null;
  }

  /** Accepts the caller that came with the upgrade or with `connect`. */
  authenticate(caller: Caller, token: string, requestId?: string): void {
    if (!this.#parts.admit(this, caller.user.id)) {
      this.#fail(requestId, 'RATE_LIMITED', 'Too many open streams of this user. Close one first.');
      this.close(CLOSE.policy, 'too many sockets');
      return;
    }
    this.#caller = caller;
    this.#token = token;
    this.#send({ type: 'connected', ...echo(requestId), data: { user_id: caller.user.id, last_seq: this.#parts.feed.lastSeq } });
  }

  /** Every 15 s: is somebody there, and may they still listen? */
  async heartbeat(): Promise<void> {
    if (!this.#isAlive) {
      this.#parts.socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#messages = 0;
    this.#parts.socket.ping();
    this.#send({ type: 'heartbeat', data: { last_seq: this.#parts.feed.lastSeq } });
    await this.checkSession();
  }

  /** Closes when the session behind the socket ended. */
  async checkSession(): Promise<void> {
    if (this.#token === null) return;
    if ((await this.#parts.identify(this.#token)) === null) this.close(CLOSE.policy, 'session ended');
  }

  close(code: number, reason: string): void {
    this.end();
    this.#parts.socket.close(code, reason);
  }

  /** Stops listening; the socket is gone or about to go. */
  end(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#caller = null;
    this.#token = null;
  }

  #receive(text: string | null): void {
    this.#messages += 1;
    if (this.#messages > MESSAGES_PER_HEARTBEAT_MAX) {
      this.close(CLOSE.policy, 'too many messages');
      return;
    }
    this.#queue = this.#queue.then(() => this.#handle(text));
  }

  async #handle(text: string | null): Promise<void> {
    const message = parse(text);
    if (message === null) {
      this.#fail(undefined, 'INVALID_REQUEST', 'Expected one JSON message as described in the reference of the stream.');
      return;
    }
    try {
      if (message.type === 'connect') await this.#connect(message);
      else if (this.#caller === null) this.#fail(message.request_id, 'UNAUTHENTICATED', 'Send connect with a session token first.');
      else await this.#answer(message, this.#caller);
    } catch (error) {
      const known = toApiError(error);
      this.#fail(message.request_id, known.code, known.message);
    }
  }

  async #connect(message: ClientMessage & { type: 'connect' }): Promise<void> {
    if (this.#caller !== null) {
      this.#fail(message.request_id, 'INVALID_REQUEST', 'This stream is connected already.');
      return;
    }
    const token = message.data.session_token;
    const caller = await this.#parts.identify(token);
    if (caller === null) {
      this.#fail(message.request_id, 'UNAUTHENTICATED', 'The session token is not valid. Log in again.');
      this.close(CLOSE.policy, 'not authenticated');
      return;
    }
    this.authenticate(caller, token, message.request_id);
  }

  async #answer(message: Exclude<ClientMessage, { type: 'connect' }>, caller: Caller): Promise<void> {
    const { answers } = this.#parts;
    const id = echo(message.request_id);
    switch (message.type) {
      case 'bootstrap':
        this.#send({ type: 'bootstrap', ...id, data: { ...(await answers.bootstrap(caller)), last_seq: this.#parts.feed.lastSeq } });
        return;
      case 'subscribe':
        this.#subscribe(message, caller);
        return;
      case 'switch_account':
        if (message.data.account_id !== null) await answers.mustOwn(caller, message.data.account_id);
        this.#accountId = message.data.account_id;
        this.#send({ type: 'account_switched', ...id, data: { account_id: this.#accountId } });
        return;
      case 'get_snapshot':
        this.#send({ type: 'snapshot', ...id, data: await answers.snapshot(caller, message.data.account_id) });
        return;
      case 'get_asset_curve':
        this.#send({ type: 'asset_curve', ...id, data: await answers.assetCurve(caller, message.data.account_id, message.data.timeframe) });
        return;
    }
  }

  /** Missed events and live ones join without a gap, because nothing waits in between. */
  #subscribe(message: ClientMessage & { type: 'subscribe' }, caller: Caller): void {
    const { feed } = this.#parts;
    for (const channel of message.data.channels) this.#channels.add(channel);
    this.#send({ type: 'subscribed', ...echo(message.request_id), data: { channels: [...this.#channels], last_seq: feed.lastSeq } });
    const after = message.data.resume_after;
    if (after !== undefined) {
      const missed = feed.since(after);
      if (missed === null || after > feed.lastSeq) this.#send({ type: 'resync', data: { last_seq: feed.lastSeq } });
      else for (const event of missed) this.#deliver(caller, event);
    }
    this.#unsubscribe ??= feed.onEvent((event) => this.#deliver(caller, event));
  }

  #deliver(caller: Caller, event: StreamEvent): void {
    const message = messageFor({ ownerId: caller.user.id, channels: this.#channels, accountId: this.#accountId }, event);
    if (message !== null) this.#send(message);
  }

  #fail(requestId: string | undefined, code: string, message: string): void {
    this.#send({ type: 'error', ...echo(requestId), data: { code, message } });
  }

  #send(message: ServerMessage): void {
    const { socket } = this.#parts;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > BUFFERED_BYTES_MAX) {
      this.end();
      // A close frame would wait behind everything that is piled up.
      socket.terminate();
      return;
    }
    socket.send(JSON.stringify(message));
  }
}

const echo = (requestId: string | undefined): { request_id?: string } => (requestId === undefined ? {} : { request_id: requestId });

function parse(text: string | null): ClientMessage | null {
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = ClientMessageSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
