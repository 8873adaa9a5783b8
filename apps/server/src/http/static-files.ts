import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiError } from './errors.ts';

/** File names that carry a hash of their content never change. */
const HASHED_FILE = /^\/assets\/[^/]+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;
/** A page of the dashboard has no extension; what has one is a file or nothing. */
const LOOKS_LIKE_FILE = /\.[a-z0-9]+$/i;
const ONE_YEAR_S = 31_536_000;
const SERVER_PATHS = /^\/(api|ws|docs|metrics)(\/|$)/;

const MISSING_BUILD = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Hyperoru</title>
<body><h1>Hyperoru is running</h1><p>The dashboard is not built. Run <code>npm run build</code> and start again; the API and <a href="/docs">its reference</a> work meanwhile.</p></body></html>`;

/** The dashboard: its files, and its page for every other path that is not ours. */
export async function addDashboard(app: FastifyInstance, webRoot: string | null): Promise<void> {
  const files = webRoot === null ? new Set<string>() : filesIn(webRoot);
  const hasBuild = webRoot !== null && files.has('/index.html');
  if (hasBuild) await app.register(fastifyStatic, { root: webRoot, serve: false, cacheControl: false, etag: true, index: false });
  app.get('/*', { config: { policy: 'public' }, schema: { hide: true } }, async (request, reply) => {
    const path = pathOf(request);
    if (SERVER_PATHS.test(path)) throw apiError('NOT_FOUND', 'There is nothing at this path.');
    if (!hasBuild) return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(MISSING_BUILD);
    return sendFile(reply, files, path);
  });
}

/** Every file there is, listed once: a path can only name one of them, whatever is written in it. */
function filesIn(root: string): ReadonlySet<string> {
  if (!existsSync(root)) return new Set();
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return new Set(
    entries.filter((entry) => entry.isFile()).map((entry) => `/${relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')}`),
  );
}

function sendFile(reply: FastifyReply, files: ReadonlySet<string>, path: string): FastifyReply {
  const isFile = files.has(path);
  if (!isFile && LOOKS_LIKE_FILE.test(path)) throw apiError('NOT_FOUND', 'There is no such file.');
  reply.header('cache-control', HASHED_FILE.test(path) ? `public, max-age=${ONE_YEAR_S}, immutable` : 'no-cache');
  return reply.sendFile(isFile ? path.slice(1) : 'index.html');
}

function pathOf(request: FastifyRequest): string {
  const path = request.url.split('?')[0] ?? '/';
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) throw apiError('INVALID_REQUEST', 'The path is not a valid URL.');
    throw error;
  }
}
