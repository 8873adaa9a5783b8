import type { FastifyInstance } from 'fastify';
import { apiError } from '../errors.ts';
import { allowedMethods, type RegisteredRoute } from './route-policies.ts';

/** Unknown paths: 405 when another method exists, else 404; under the same rate limit as everything else. */
export function addNotFound(app: FastifyInstance, routesOf: () => readonly RegisteredRoute[]): void {
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, async (request) => {
    const path = request.url.split('?')[0] ?? request.url;
    const allowed = allowedMethods(routesOf(), path);
    if (allowed.length > 0) {
      throw apiError('METHOD_NOT_ALLOWED', `${request.method} is not possible here.`, { headers: { allow: allowed.join(', ') } });
    }
    throw apiError('NOT_FOUND', 'There is nothing at this path.');
  });
}
