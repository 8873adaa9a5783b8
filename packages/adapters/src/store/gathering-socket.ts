import { Socket } from 'node:net';

/**
 * A socket that hands everything written within one turn of the event loop to the system in one call. A query is several messages and
 * a transaction begins and ends with two queries at once; waking the kernel and the server for each of them costs more than the work.
 */
export function gatheringSocket(): Socket {
  const socket = new Socket();
  // Connecting gives a socket its original `write` back, so it is replaced only afterwards.
  socket.once('connect', () => gather(socket));
  return socket;
}

function gather(socket: Socket): void {
  const { write } = socket;
  let isGathering = false;
  const send = () => {
    isGathering = false;
    socket.uncork();
  };
  Object.defineProperty(socket, 'write', {
    // At the end of the connection Node puts its own in this place.
    writable: true,
    value: (...args: unknown[]) => {
      if (!isGathering) {
        isGathering = true;
        socket.cork();
        process.nextTick(send);
      }
      return Reflect.apply(write, socket, args);
    },
  });
}
