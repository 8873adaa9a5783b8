import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { NetworkSettings } from '../context.ts';
import { apiError } from '../errors.ts';

/**
 * Answers only under names that the operator knows. A page of another site that makes its own name point here
 * (DNS rebinding) is refused before anything else happens, also for static files and for the stream.
 */
export function addHostGuard(app: FastifyInstance, network: NetworkSettings): void {
  app.addHook('onRequest', async (request) => {
    const name = hostName(request.host);
    if (!network.allowedHosts.has(name)) throw apiError('WRONG_HOST', `This instance does not answer as "${name.slice(0, 100)}".`);
  });
}

/** Refuses a request that a page of another site caused, judged by what browsers always send. */
export function refuseCrossSite(request: FastifyRequest, options: { readonly mustProve: boolean }): void {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw crossSite();
  if (origin !== undefined && !isOwnOrigin(origin, request.host)) throw crossSite();
  if (options.mustProve && site === undefined && origin === undefined) throw crossSite();
}

/** True when the origin is the very host and port that was called. */
export function isOwnOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.host === host.toLowerCase().replace(/:(80|443)$/, '');
}

/** The name without port and brackets, lower case. */
export function hostName(host: string): string {
  const lower = host.toLowerCase();
  const bracketed = /^\[([0-9a-f:.]+)\](:\d+)?$/.exec(lower);
  return bracketed?.[1] ?? lower.replace(/:\d+$/, '').replace(/\.$/, '');
}

const crossSite = () => apiError('CROSS_SITE_REQUEST', 'The request came from a page of another site.');
