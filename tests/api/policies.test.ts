import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertEveryRouteHasPolicy, collectRoutes, type RegisteredRoute } from '../../apps/server/src/http/plugins/route-policies.ts';
import type { ApiClient } from '../setup/api-client.ts';
import { startTestServer, type TestServer } from '../setup/server.ts';

const NOBODYS_ID = '00000000-0000-4000-8000-000000000000';

let server: TestServer;
let owner: ApiClient;
let member: ApiClient;
let routes: readonly RegisteredRoute[];
beforeAll(async () => {
  server = await startTestServer();
  owner = await server.setUp('olga');
  member = await server.invite(owner, 'mike');
  // The stream is no HTTP call; logging out would end the walk.
  routes = server.product.app.routes.filter((route) => route.url !== '/ws' && route.url !== '/api/users/logout');
});
afterAll(() => server.stop());

const pathOf = (route: RegisteredRoute): string => route.url.replace(':id', NOBODYS_ID).replace('*', 'some/page');

async function statusOf(client: ApiClient, route: RegisteredRoute): Promise<number> {
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(route.method);
  return (await client.call(route.method, pathOf(route), hasBody ? {} : undefined)).status;
}

async function failuresOf(client: ApiClient, expected: (route: RegisteredRoute, status: number) => boolean): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const route of routes) {
    const status = await statusOf(client, route);
    if (!expected(route, status)) failures.push(`${route.method} ${route.url} (${route.policy}) answered ${status}`);
  }
  return failures;
}

describe('every route of the running product', () => {
  it('has a policy', () => {
    expect(routes.length).toBeGreaterThan(60);
    expect(routes.filter((route) => route.policy === undefined)).toEqual([]);
  });

  it('is closed to anonymous callers unless it is public', async () => {
    expect(await failuresOf(server.anonymous, (route, status) => (route.policy === 'public') === (status !== 401))).toEqual([]);
  });

  it('is open to a member unless it is for owners', async () => {
    expect(
      await failuresOf(member, (route, status) => (route.policy === 'owner' ? status === 403 : status !== 401 && status !== 403)),
    ).toEqual([]);
  });

  it('is open to an owner', async () => {
    expect(await failuresOf(owner, (_route, status) => status !== 401 && status !== 403)).toEqual([]);
  });

  it('answers no walk with a failure of ours', async () => {
    expect(await failuresOf(owner, (_route, status) => status < 500)).toEqual([]);
  });

  it('is public only where nobody can have logged in yet', () => {
    const open = routes
      .filter((route) => route.policy === 'public' && route.method !== 'HEAD')
      .map((route) => `${route.method} ${route.url}`);
    expect(open.toSorted()).toEqual([
      'GET /*',
      'GET /api/health',
      'GET /api/openapi.json',
      'GET /api/ready',
      'GET /api/setup',
      'GET /docs',
      'GET /docs/viewer.js',
      'POST /api/setup',
      'POST /api/users/login',
      'POST /api/users/register',
    ]);
  });
});

describe('a route without a policy', () => {
  it('fails the build of the app and is named', async () => {
    const app = Fastify();
    const routesOf = collectRoutes(app);
    app.get('/api/safe', { config: { policy: 'user' } }, async () => 'x');
    app.get('/api/forgotten', async () => 'x');
    await app.ready();
    expect(() => assertEveryRouteHasPolicy(routesOf())).toThrow(/GET \/api\/forgotten/);
    expect(() => assertEveryRouteHasPolicy(routesOf())).not.toThrow(/safe/);
    await app.close();
  });
});
