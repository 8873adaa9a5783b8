interface SocketEvents {
  open(): void;
  message(text: string): void;
  pong(): void;
  close(): void;
}

/** One connection as its suite sees it. */
export interface WatchedSocket {
  readonly url: string;
  isOpen: boolean;
  /** Messages and pongs that arrived. */
  heard: number;
}

/** Counts what real connections hear, so that a suite can wait for it instead of for time. */
export class WatchedSockets {
  readonly all: WatchedSocket[] = [];

  /** The same way to open connections, watched. */
  around<S>(openSocket: (url: string, events: SocketEvents) => S): (url: string, events: SocketEvents) => S {
    return (url, events) => {
      const socket: WatchedSocket = { url, isOpen: false, heard: 0 };
      this.all.push(socket);
      const hears = <A extends readonly unknown[]>(tell: (...args: A) => void) => {
        return (...args: A): void => {
          socket.heard += 1;
          tell(...args);
        };
      };
      return openSocket(url, {
        open: () => {
          socket.isOpen = true;
          events.open();
        },
        message: hears((text: string) => events.message(text)),
        pong: hears(() => events.pong()),
        close: () => {
          socket.isOpen = false;
          events.close();
        },
      });
    };
  }
}
