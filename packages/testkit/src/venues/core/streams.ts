import type { FaultBook, StreamFault, Subject } from './faults.ts';

/** The venue's end of one WebSocket connection. `send` takes whole text messages; `drop` breaks the connection without a goodbye. */
export interface WireConnection {
  readonly send: (text: string) => void;
  /** Frames of the protocol's own heartbeat; a pong repeats the payload of its ping. Left out, the transport carries none. */
  readonly ping?: (payload: string) => void;
  readonly pong?: (payload: string) => void;
  readonly close: (code: number, reason: string) => void;
  readonly drop: () => void;
  /** Runs later: a timer of the transport, or virtual time. */
  readonly after: (ms: number, run: () => void) => void;
}

/** What a dialect does with one connection. The transport calls `tick` now and then, so that heartbeats follow the venue's clock. */
export interface WireSession {
  readonly receive: (text: string) => void;
  /** A ping frame of the client. */
  readonly pinged: (payload: string) => void;
  /** A pong frame of the client. */
  readonly ponged: (payload: string) => void;
  readonly tick: () => void;
  /** The connection is gone, whoever ended it. */
  readonly closed: () => void;
}

/** Sends events over one connection under the stream faults that hit them. */
export class FaultyStream {
  readonly #faults: FaultBook;
  readonly #connection: WireConnection;
  #held: string | null = null;
  #isSilent = false;

  constructor(faults: FaultBook, connection: WireConnection) {
    this.#faults = faults;
    this.#connection = connection;
  }

  /** Sends an event; `snapshot` says it again from the start for `ws_repeat_snapshot`. */
  event(text: string, subject: Subject, snapshot: () => string | null): void {
    const fault = this.#faults.takeStream(subject);
    if (fault === null) this.#release(text);
    else this.#under(fault, text, snapshot);
  }

  /** Answers to what the client sent: heartbeats, subscriptions. Only silence stops them. */
  reply(text: string): void {
    if (!this.#isSilent) this.#connection.send(text);
  }

  /** False where no pong can be owed. */
  get carriesPings(): boolean {
    return this.#connection.ping !== undefined;
  }

  ping(payload: string): void {
    if (!this.#isSilent) this.#connection.ping?.(payload);
  }

  /** Answers a heartbeat of the client, unless `ws_wrong_pong` makes something else of the answer. */
  pong(subject: Subject, answers: { readonly right: () => void; readonly wrong: () => void }): void {
    if (this.#isSilent) return;
    if (this.#faults.takeHeartbeat(subject) === null) answers.right();
    else answers.wrong();
  }

  /** Answers a ping frame of the client. */
  pongFrame(subject: Subject, payload: string): void {
    const { pong } = this.#connection;
    if (pong !== undefined) this.pong(subject, { right: () => pong(payload), wrong: () => pong(`${payload}?`) });
  }

  #under(fault: StreamFault, text: string, snapshot: () => string | null): void {
    switch (fault.kind) {
      case 'ws_drop':
        this.#connection.drop();
        return;
      case 'ws_silence':
        this.#isSilent = true;
        return;
      case 'ws_lose':
        return;
      case 'ws_swap':
        this.#held = text;
        return;
      case 'ws_duplicate':
        this.#release(text);
        this.#release(text);
        return;
      case 'ws_repeat_snapshot': {
        const again = snapshot();
        if (again !== null) this.#release(again);
        this.#release(text);
      }
    }
  }

  #release(text: string): void {
    this.reply(text);
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.reply(held);
  }
}
