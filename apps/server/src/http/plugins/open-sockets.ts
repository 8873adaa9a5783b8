import type { Socket } from 'node:net';
import type { Clock } from '@hyperoru/engine';
import type { FastifyInstance } from 'fastify';

/** Time for peers to take their leave when the server stops, ms. */
const CLOSE_GRACE_MS = 1_000;

/**
 * No peer can hold up a stop. The server itself forgets a connection once it asked for an upgrade, so all are
 * remembered here: a refused upgrade is closed with its answer, and whatever is still open after the grace is cut.
 */
export function endOpenSockets(app: FastifyInstance, clock: () => Pick<Clock, 'every'>): void {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  app.addHook('onResponse', async (request) => {
    if (request.headers.upgrade !== undefined) request.raw.socket.destroySoon();
  });
  app.addHook('preClose', async () => {
    if (sockets.size === 0) return;
    const stop = clock().every(CLOSE_GRACE_MS, () => {
      stop();
      for (const socket of sockets) socket.destroy();
    });
    app.server.once('close', stop);
  });
}
