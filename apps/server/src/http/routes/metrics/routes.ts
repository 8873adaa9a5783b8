import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { HttpContext } from '../../context.ts';

const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/** Figures for a monitoring system; labels come from closed sets only. Owners only: load tells about trading. */
export function addMetrics(app: FastifyInstance, context: HttpContext): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'hyperoru_http_request_seconds',
    help: 'Time from request to answer by method, route pattern and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) };
    requests.observe(labels, reply.elapsedTime / 1000);
  });
  app.addHook('onClose', async () => registry.clear());
  app.get('/metrics', { config: { policy: 'owner' }, schema: { hide: true } }, async (_request, reply) => {
    context.deps.log.debug('metrics.read');
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
