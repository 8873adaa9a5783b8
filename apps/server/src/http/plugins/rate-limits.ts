import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpContext } from '../context.ts';
import { apiError } from '../errors.ts';

const WINDOW_MS = 60_000;
/** Callers remembered at once; the oldest are forgotten first. */
const CALLERS_MAX = 10_000;

/** One budget per login, or per address for anonymous callers; the routes of credentials have a smaller one by address. */
export async function addRateLimits(app: FastifyInstance, context: HttpContext): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    max: context.limits.requestsPerMinute,
    timeWindow: WINDOW_MS,
    cache: CALLERS_MAX,
    keyGenerator: (request) => request.caller?.session.id ?? `address:${request.ip}`,
    errorResponseBuilder: (_request, limit) =>
      apiError('RATE_LIMITED', `More than ${limit.max} requests in a minute.`, {
        headers: { 'retry-after': String(Math.max(1, Math.ceil(limit.ttl / 1000))) },
      }),
  });
}

/** Route option of everything that checks a password or a one-time token. */
export const credentialLimit = (context: HttpContext) => ({
  max: context.limits.credentialsPerMinute,
  timeWindow: WINDOW_MS,
  keyGenerator: (request: FastifyRequest) => `credentials:${request.ip}`,
});
