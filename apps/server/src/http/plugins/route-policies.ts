import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Policy } from '../context.ts';

export interface RegisteredRoute {
  readonly method: string;
  /** Pattern such as `/api/traders/:id`. */
  readonly url: string;
  readonly policy: Policy | undefined;
  /** Equal questions may share one answer for a moment. */
  readonly isShared: boolean;
}

/** Remembers every route of the app, to prove their policies and to answer 405. */
export function collectRoutes(app: FastifyInstance): () => readonly RegisteredRoute[] {
  const seen: { method: string; route: RouteOptions }[] = [];
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) seen.push({ method, route });
  });
  return () =>
    seen.map(({ method, route: { url, config } }) => ({ method, url, policy: config?.policy, isShared: config?.shared === true }));
}

/** Throws when a route says nothing about who may call it: forgetting must not open a door. */
export function assertEveryRouteHasPolicy(routes: readonly RegisteredRoute[]): void {
  const bare = routes.filter((route) => route.policy === undefined).map((route) => `${route.method} ${route.url}`);
  if (bare.length > 0) throw new Error(`Expected config.policy at every route, missing at: ${bare.join(', ')}.`);
}

/** Methods that exist for a path, in the form of an Allow header; empty = the path does not exist. */
export function allowedMethods(routes: readonly RegisteredRoute[], path: string): readonly string[] {
  const parts = path.split('/');
  const methods = routes.filter((route) => !route.url.includes('*') && matches(route.url.split('/'), parts)).map((route) => route.method);
  return [...new Set(methods)].toSorted();
}

const matches = (pattern: readonly string[], parts: readonly string[]): boolean =>
  pattern.length === parts.length && pattern.every((part, index) => (part.startsWith(':') ? parts[index] !== '' : part === parts[index]));
