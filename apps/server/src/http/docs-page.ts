import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** The viewer needs inline styles, and nothing else that the dashboard does not; nothing of it may leave this host. */
const DOCS_CONTENT_SECURITY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const CONFIGURATION = JSON.stringify({
  url: '/api/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
});

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Hyperoru API</title></head>
<body><script id="api-reference" type="application/json" data-configuration='${CONFIGURATION}'></script><script src="/docs/viewer.js"></script></body>
</html>`;

/** The API reference at /docs, drawn in the browser from /api/openapi.json with no outside request. */
export async function addDocsPage(app: FastifyInstance): Promise<void> {
  let viewer: Promise<string> | null = null;
  app.get('/docs', { config: { policy: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', DOCS_CONTENT_SECURITY)
      .header('cache-control', 'no-cache')
      .send(PAGE),
  );
  app.get('/docs/viewer.js', { config: { policy: 'public' }, schema: { hide: true } }, async (_request, reply) => {
    viewer ??= readFile(viewerFile(), 'utf8');
    return reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .send(await viewer);
  });
}

const viewerFile = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('@scalar/fastify-api-reference')), 'js', 'standalone.js');
