import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../setup/raw-request.ts';
import { startTestServer, type TestServer } from '../setup/server.ts';

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hyperoru-web-'));
  mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'not for the web');
  writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html><title>dashboard</title>');
  writeFileSync(join(folder, 'web', 'assets', 'main-AbCd1234.js'), `export const text = '${'x'.repeat(5000)}';`);
  server = await startTestServer({ webRoot: join(folder, 'web') });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the dashboard', () => {
  it.each(['/', '/traders', '/traders/123/settings', '/login?next=/'])(
    'is answered at %s, and asked for afresh each time',
    async (path) => {
      const page = await server.anonymous.get(path);
      expect(page).toMatchObject({ status: 200, text: expect.stringContaining('dashboard') });
      expect(page.headers.get('content-type')).toContain('text/html');
      expect(page.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('has files that are kept for good, because their name changes with them', async () => {
    const file = await server.anonymous.get('/assets/main-AbCd1234.js');
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(file.headers.get('content-type')).toContain('javascript');
  });

  it('is sent compressed to those who can read it', async () => {
    const answer = await rawRequest(`${server.url}/assets/main-AbCd1234.js`, { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
  });

  it.each([
    '/assets/gone-AbCd1234.js',
    '/favicon.png',
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/x%00.js',
  ])('has nothing at %s', async (path) => {
    const answer = await rawRequest(`${server.url}${path}`);
    expect(answer.text).not.toContain('not for the web');
    expect([400, 403, 404]).toContain(answer.status);
  });

  it('never stands in the place of the API', async () => {
    for (const path of ['/api/x', '/api', '/docs/x', '/metrics/x']) {
      expect(await server.anonymous.get(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    }
  });

  it('says how to build it when it is missing', async () => {
    const bare = await startTestServer({ webRoot: join(folder, 'none') });
    try {
      const page = await bare.anonymous.get('/anything');
      expect(page).toMatchObject({ status: 200, text: expect.stringContaining('npm run build') });
    } finally {
      await bare.stop();
    }
  });
});
