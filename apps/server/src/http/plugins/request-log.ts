import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../context.ts';

/** One line per answered request: ids and figures, never a body or a header. */
export function addRequestLog(app: FastifyInstance, context: HttpContext): void {
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    context.deps.log.debug('http.answered', {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      userId: request.caller?.user.id ?? null,
      durationMs: Math.round(reply.elapsedTime),
    });
  });
}
