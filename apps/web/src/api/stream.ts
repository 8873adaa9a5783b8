import { type Channel, EventData, ServerMessage } from '@hyperoru/contracts';

/** No sign of life for this long means that what is shown may be old, ms. */
export const STREAM_SILENCE_MS_MAX = 30_000;
const RECONNECT_DELAY_MS_MIN = 500;
const RECONNECT_DELAY_MS_MAX = 15_000;
const WATCH_MS = 1_000;

const CHANNELS: readonly Channel[] = ['trades', 'positions', 'model_chat', 'asset_curve', 'traders', 'safety', 'alerts'];

/** `live`: events flow. `connecting`: first attempt. `stale`: silent for too long; figures may be old. `closed`: stopped. */
export type StreamState = 'connecting' | 'live' | 'stale' | 'closed';
export interface StreamStatus {
  readonly state: StreamState;
  /** When the server was last heard, ms since 1970; null = never. */
  readonly heardAtMs: number | null;
}

export interface StreamDeps {
  readonly openSocket: () => WebSocket;
  readonly nowMs: () => number;
  readonly onEvent: (event: EventData) => void;
  /** Events were missed: everything shown has to be loaded again. */
  readonly onResync: () => void;
}

/** The one WebSocket of the dashboard: authenticates by cookie, resumes by sequence number, reconnects with back-off. */
export class Stream {
  readonly #deps: StreamDeps;
  readonly #listeners = new Set<() => void>();
  #status: StreamStatus = { state: 'closed', heardAtMs: null };
  #socket: WebSocket | undefined;
  #lastSeq: number | undefined;
  #delayMs = RECONNECT_DELAY_MS_MIN;
  #startedAtMs = 0;
  #reconnectTimer: ReturnType<typeof setTimeout> | undefined;
  #watchTimer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: StreamDeps) {
    this.#deps = deps;
  }

  readonly status = (): StreamStatus => this.#status;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly start = (): void => {
    if (this.#status.state !== 'closed') return;
    this.#startedAtMs = this.#deps.nowMs();
    this.#set({ state: 'connecting', heardAtMs: null });
    this.#watchTimer = setInterval(this.#watch, WATCH_MS);
    this.#connect();
  };

  readonly stop = (): void => {
    clearInterval(this.#watchTimer);
    clearTimeout(this.#reconnectTimer);
    this.#set({ state: 'closed', heardAtMs: null });
    this.#socket?.close();
    this.#socket = undefined;
    this.#lastSeq = undefined;
  };

  /** Tries at once instead of waiting for the next attempt. */
  readonly reconnect = (): void => {
    if (this.#status.state === 'closed') return;
    const old = this.#socket;
    this.#delayMs = RECONNECT_DELAY_MS_MIN;
    this.#connect();
    old?.close();
  };

  readonly #connect = (): void => {
    clearTimeout(this.#reconnectTimer);
    const opened = this.#deps.openSocket();
    this.#socket = opened;
    opened.addEventListener('open', () => this.#onOpen(opened));
    opened.addEventListener('message', (message) => this.#onMessage(message.data));
    opened.addEventListener('close', () => this.#onClose(opened));
  };

  #onOpen(opened: WebSocket): void {
    const resume = this.#lastSeq === undefined ? {} : { resume_after: this.#lastSeq };
    opened.send(JSON.stringify({ type: 'subscribe', data: { channels: CHANNELS, ...resume } }));
  }

  #onMessage(data: unknown): void {
    const message = parseMessage(data);
    if (message === null) return;
    this.#delayMs = RECONNECT_DELAY_MS_MIN;
    this.#set({ state: 'live', heardAtMs: this.#deps.nowMs() });
    if (message.seq !== undefined) this.#lastSeq = message.seq;
    if (message.type === 'resync') this.#deps.onResync();
    if (message.type !== 'event') return;
    const event = EventData.safeParse(message.data);
    if (event.success) this.#deps.onEvent(event.data);
  }

  #onClose(closed: WebSocket): void {
    if (this.#socket !== closed || this.#status.state === 'closed') return;
    this.#socket = undefined;
    this.#reconnectTimer = setTimeout(this.#connect, this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, RECONNECT_DELAY_MS_MAX);
  }

  readonly #watch = (): void => {
    const heardAtMs = this.#status.heardAtMs ?? this.#startedAtMs;
    if (this.#deps.nowMs() - heardAtMs <= STREAM_SILENCE_MS_MAX) return;
    this.#set({ ...this.#status, state: 'stale' });
  };

  #set(next: StreamStatus): void {
    if (next.state === this.#status.state && next.heardAtMs === this.#status.heardAtMs) return;
    this.#status = next;
    for (const listener of this.#listeners) listener();
  }
}

function parseMessage(data: unknown): ServerMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const parsed = ServerMessage.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
