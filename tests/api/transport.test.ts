import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemIds } from '@hyperoru/adapters';
import type { EngineDeps } from '@hyperoru/engine';
import { describe, expect, it } from 'vitest';
import { createAccess } from '../../apps/server/src/http/access.ts';
import { buildApp } from '../../apps/server/src/http/app.ts';
import { DEFAULT_LIMITS } from '../../apps/server/src/http/context.ts';
import { quietLog } from '../setup/quiet-log.ts';
import { rawRequest } from '../setup/raw-request.ts';
import { PASSWORD, SETUP_TOKEN, startTestServer } from '../setup/server.ts';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from '../setup/test-certificate.ts';

const setupBody = JSON.stringify({ setup_token: SETUP_TOKEN, username: 'ada', password: PASSWORD });
const json = { 'content-type': 'application/json' };

describe('behind a proxy', () => {
  it('the cookie is for https only, and the proxy says who called and by which name', async () => {
    const server = await startTestServer({
      env: { HYPERORU_BEHIND_PROXY: '1', HYPERORU_ALLOWED_HOSTS: 'trade.example' },
      limits: { requestsPerMinute: 3, credentialsPerMinute: 1000 },
    });
    try {
      const forwarded = { 'x-forwarded-host': 'trade.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' };
      const login = await rawRequest(`${server.url}/api/setup`, {
        method: 'POST',
        headers: { ...json, ...forwarded, origin: 'https://trade.example' },
        body: setupBody,
      });
      expect(login.status).toBe(201);
      const cookie = String(login.headers['set-cookie']);
      expect(cookie).toMatch(/^__Host-hyperoru_session=/);
      expect(cookie).toContain('Secure');
      expect(login.headers['strict-transport-security']).toBeDefined();
      const wrongName = await rawRequest(`${server.url}/api/health`, { headers: { ...forwarded, 'x-forwarded-host': 'evil.example' } });
      expect(wrongName.status).toBe(403);
      // Each person behind the proxy has a budget of their own.
      const statusOf = async (address: string) =>
        (await rawRequest(`${server.url}/api/setup`, { headers: { ...forwarded, 'x-forwarded-for': address } })).status;
      expect([
        await statusOf('203.0.113.8'),
        await statusOf('203.0.113.8'),
        await statusOf('203.0.113.8'),
        await statusOf('203.0.113.8'),
      ]).toEqual([200, 200, 200, 429]);
      expect(await statusOf('203.0.113.9')).toBe(200);
    } finally {
      await server.stop();
    }
  });
});

describe('without a proxy', () => {
  it('nobody can pretend to be another address or to have another name', async () => {
    const server = await startTestServer({ limits: { requestsPerMinute: 3, credentialsPerMinute: 1000 } });
    try {
      const statuses: number[] = [];
      for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4']) {
        statuses.push(
          (await rawRequest(`${server.url}/api/health`, { headers: { 'x-forwarded-for': address, 'x-forwarded-host': 'evil.example' } }))
            .status,
        );
      }
      expect(statuses).toEqual([200, 200, 200, 429]);
    } finally {
      await server.stop();
    }
  });
});

describe('with TLS', () => {
  it('is served by https, with a cookie for https only', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hyperoru-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    writeFileSync(key, TEST_CERTIFICATE_KEY);
    writeFileSync(cert, TEST_CERTIFICATE);
    const server = await startTestServer({ env: { HYPERORU_TLS_CERT_FILE: cert, HYPERORU_TLS_KEY_FILE: key } });
    try {
      expect(server.url).toMatch(/^https:/);
      const cookie = await new Promise<string>((resolve, reject) => {
        const sent = request(`${server.url}/api/setup`, { method: 'POST', headers: json, rejectUnauthorized: false }, (response) => {
          response.resume();
          resolve(String(response.headers['set-cookie']));
        });
        sent.on('error', reject);
        sent.end(setupBody);
      });
      expect(cookie).toMatch(/^__Host-hyperoru_session=.*Secure/);
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('while it is starting', () => {
  it('the API says so, with 503 and when to ask again; health answers all the same', async () => {
    // Nothing but time and identity is touched before the start has finished.
    const deps = { clock: systemClock, ids: systemIds, log: quietLog, store: { transaction: async () => null } } as unknown as EngineDeps;
    const { server } = await buildApp({
      deps,
      version: '0',
      isWorking: () => false,
      readiness: async () => [{ name: 'recovery', ok: false }],
      access: createAccess(deps, { setupToken: SETUP_TOKEN, sessionDays: 1 }),
      network: { allowedHosts: new Set(['localhost']), isSecure: false, trustedProxies: [], tls: null },
      webRoot: null,
      limits: DEFAULT_LIMITS,
    });
    try {
      expect(await server.inject('/api/health')).toMatchObject({ statusCode: 200 });
      const ready = await server.inject('/api/ready');
      expect({ status: ready.statusCode, body: ready.json() }).toEqual({
        status: 503,
        body: { status: 'starting', checks: [{ name: 'recovery', ok: false }] },
      });
      const login = await server.inject({ method: 'POST', url: '/api/users/login', payload: { username: 'ada', password: PASSWORD } });
      expect(login.statusCode).toBe(503);
      expect(login.json()).toMatchObject({ code: 'NOT_READY' });
      expect(login.headers['retry-after']).toBe('1');
    } finally {
      await server.close();
    }
  });
});
