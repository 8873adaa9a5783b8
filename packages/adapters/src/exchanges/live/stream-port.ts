/** What is listened to; connections are made, watched and replaced by whoever starts the stream. A plan never throws. */
export interface StreamPlan {
  /** For the log. */
  readonly name: string;
  /** Asked before every connection; a failure counts as a failed connection. */
  url(): Promise<string>;
  /** The connection stands; subscriptions go out now. */
  onOpen(send: (text: string) => void): void;
  onMessage(text: string): void;
  /** A text the server answers; null = a ping of the protocol. */
  readonly keepAlive: string | null;
}

export interface Stream {
  /** Drops the connection and begins another. */
  reconnect(): void;
  stop(): void;
}

export type StartStream = (plan: StreamPlan) => Stream;
