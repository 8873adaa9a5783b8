import websocket from '@fastify/websocket';
import { authenticate } from '@hyperoru/engine';
import type { FastifyInstance } from 'fastify';
import type { Caller, HttpContext } from '../http/context.ts';
import { apiError } from '../http/errors.ts';
import { tokenOf } from '../http/plugins/authentication.ts';
import { refuseCrossSite } from '../http/plugins/host-guard.ts';
import { streamAnswers } from './answers.ts';
import { Connection } from './connection.ts';
import type { SharedFeed } from './shared-feed.ts';

const PAYLOAD_BYTES_MAX = 64 * 1024;
const HEARTBEAT_MS = 15_000;
/** A socket that has not said who it is by then is closed. */
const CONNECT_WITHIN_MS = 5_000;
const SOCKETS_PER_USER_MAX = 20;
const SOCKETS_MAX = 2_000;
const CLOSE_POLICY = 1008;

/** The live stream at /ws. */
export async function addStream(app: FastifyInstance, context: HttpContext, feed: SharedFeed): Promise<void> {
  await app.register(websocket, { options: { maxPayload: PAYLOAD_BYTES_MAX, perMessageDeflate: false } });
  const sockets = new Sockets();
  const identify = async (token: string, via: Caller['via'] = 'bearer'): Promise<Caller | null> => {
    const known = await authenticate(context.deps, token, context.access.sessions);
    return known === null ? null : { ...known, via };
  };
  app.addHook('onClose', async () => {
    sockets.stop();
    await feed.stop();
  });
  // Registered in its own scope, so that the route sees the plugin of above.
  await app.register((scope, _options, done) => {
    scope.get(
      '/ws',
      {
        websocket: true,
        config: { policy: 'public' },
        schema: { hide: true },
        onRequest: async (request) => {
          refuseCrossSite(request, { mustProve: request.caller?.via === 'cookie' });
          if (sockets.all.size >= SOCKETS_MAX)
            throw apiError('RATE_LIMITED', 'Too many open streams.', { headers: { 'retry-after': '10' } });
          await feed.started();
        },
      },
      (socket, request) => {
        const connection = new Connection({ socket, feed: feed.feed(), answers: streamAnswers(context), identify, admit: sockets.admit });
        sockets.open(connection, context);
        socket.on('close', () => sockets.gone(connection));
        socket.on('error', (error) => context.deps.log.debug('stream.socket_error', { error: error.message }));
        const given = tokenOf(request, context.network.isSecure);
        if (request.caller !== null && given !== null) connection.authenticate(request.caller, given.token);
        else closeUnlessConnected(connection, context);
      },
    );
    done();
  });
  context.access.onSessionsChanged(() => sockets.checkSessions(context));
}

function closeUnlessConnected(connection: Connection, context: HttpContext): void {
  const stop = context.deps.clock.every(CONNECT_WITHIN_MS, () => {
    stop();
    if (!connection.isAuthenticated) connection.close(CLOSE_POLICY, 'connect within 5 s');
  });
}

/** All open sockets, and whose they are. */
class Sockets {
  readonly all = new Set<Connection>();
  readonly #byUser = new Map<string, Set<Connection>>();
  #stopHeartbeat: (() => void) | null = null;

  open(connection: Connection, context: HttpContext): void {
    this.all.add(connection);
    this.#stopHeartbeat ??= context.deps.clock.every(HEARTBEAT_MS, () => {
      for (const each of this.all) each.heartbeat().catch((error: unknown) => logFailure(context, error));
    });
  }

  readonly admit = (connection: Connection, userId: string): boolean => {
    const own = this.#byUser.get(userId) ?? new Set<Connection>();
    if (own.size >= SOCKETS_PER_USER_MAX) return false;
    own.add(connection);
    this.#byUser.set(userId, own);
    return true;
  };

  gone(connection: Connection): void {
    connection.end();
    this.all.delete(connection);
    for (const [userId, own] of this.#byUser) {
      own.delete(connection);
      if (own.size === 0) this.#byUser.delete(userId);
    }
    if (this.all.size === 0) this.stop();
  }

  checkSessions(context: HttpContext): void {
    for (const each of this.all) each.checkSession().catch((error: unknown) => logFailure(context, error));
  }

  stop(): void {
    this.#stopHeartbeat?.();
    this.#stopHeartbeat = null;
  }
}

const logFailure = (context: HttpContext, error: unknown): void =>
  context.deps.log.warn('stream.check_failed', { error: error instanceof Error ? error.message : String(error) });
