import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOpenApiDocument } from '../../apps/server/src/http/openapi.ts';
import { PRODUCT_VERSION } from '../../apps/server/src/http/version.ts';
import { startTestServer, type TestServer } from '../setup/server.ts';

// biome-ignore lint/suspicious/noExplicitAny: the document is walked as plain JSON.
type Json = any;
let document: Json;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  document = JSON.parse(JSON.stringify(await buildOpenApiDocument()));
});
afterAll(() => server.stop());

const operations = () =>
  Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, operation]) => ({ path, method, operation })),
  );

describe('the OpenAPI document', () => {
  it('is 3.1 and the very one that the server serves', async () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect((await server.anonymous.get('/api/openapi.json')).body).toEqual(document);
  });

  it('carries the version of the product', () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(document.info.version).toBe(PRODUCT_VERSION);
    expect(PRODUCT_VERSION).toBe(manifest.version);
  });

  it('describes every route of the API and nothing else', () => {
    const described = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    const served = server.product.app.routes
      .filter((route) => route.url.startsWith('/api/') && route.method !== 'HEAD')
      .map((route) => `${route.method} ${route.url.replace(':id', '{id}')}`);
    expect(described.toSorted()).toEqual(served.toSorted());
  });

  it('gives every operation a summary, a tag, an answer and the shape of failures', () => {
    for (const { path, method, operation } of operations()) {
      expect(operation.summary, `${method} ${path}`).toBeTruthy();
      expect(operation.tags, `${method} ${path}`).toHaveLength(1);
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        `${method} ${path}`,
      ).toBe(true);
    }
    expect(
      operations()
        .filter(({ operation }) => operation.responses['4XX'] === undefined)
        .map(({ path }) => path),
    ).toEqual(['/api/health', '/api/ready', '/api/openapi.json']);
  });

  it('says which calls need no login', () => {
    const open = operations().filter(({ operation }) => Array.isArray(operation.security) && operation.security.length === 0);
    const publicRoutes = server.product.app.routes.filter(
      (route) => route.policy === 'public' && route.url.startsWith('/api/') && route.method !== 'HEAD',
    );
    expect(open.map(({ path, method }) => `${method.toUpperCase()} ${path}`).toSorted()).toEqual(
      publicRoutes.map((route) => `${route.method} ${route.url}`).toSorted(),
    );
  });

  it('publishes no schema that nothing refers to', () => {
    const text = JSON.stringify(document);
    for (const name of Object.keys(document.components.schemas ?? {})) expect(text).toContain(`"#/components/schemas/${name}"`);
  });
});

describe('the page of the reference', () => {
  it('draws itself from this server alone', async () => {
    const page = await server.anonymous.get('/docs');
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/https?:\/\//);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const viewer = await server.anonymous.get('/docs/viewer.js');
    expect(viewer.headers.get('content-type')).toContain('javascript');
    expect(viewer.text.length).toBeGreaterThan(100_000);
  });
});
