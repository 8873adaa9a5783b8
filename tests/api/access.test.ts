import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../setup/api-client.ts';
import { rawRequest } from '../setup/raw-request.ts';
import { PASSWORD, SETUP_TOKEN, startTestServer, type TestServer } from '../setup/server.ts';

let server: TestServer;
let ada: ApiClient;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const json = { 'content-type': 'application/json' };
const loginBody = JSON.stringify({ username: 'ada', password: PASSWORD });
const host = () => new URL(server.url).host;

describe('the set-up', () => {
  it('is needed until the first user exists, takes the right token only, and happens once', async () => {
    expect((await server.anonymous.get('/api/setup')).body).toMatchObject({ needs_setup: true });
    const person = { username: 'ada', email: 'ada@example.org', password: PASSWORD };
    const wrong = await server.anonymous.post('/api/setup', { ...person, setup_token: 'wrong-token-wrong-token' });
    expect(wrong).toMatchObject({ status: 403, body: { code: 'INVALID_SETUP_TOKEN' } });
    const right = await server.anonymous.post('/api/setup', { ...person, setup_token: SETUP_TOKEN });
    expect(right).toMatchObject({
      status: 201,
      body: { user: { username: 'ada', email: 'ada@example.org', role: 'owner', is_active: true } },
    });
    ada = new ApiClient(server.url, right.body.session_token, right.body.user.id);
    expect((await server.anonymous.get('/api/setup')).body).toMatchObject({ needs_setup: false });
    const again = await server.anonymous.post('/api/setup', { ...person, username: 'eve', setup_token: SETUP_TOKEN });
    expect(again).toMatchObject({ status: 409, body: { code: 'SETUP_DONE' } });
  });

  it.each([
    ['a password of 9 characters', { password: '123456789' }, 'password'],
    ['a user name of 2 characters', { username: 'ab' }, 'username'],
    ['a user name with a space', { username: 'a b c' }, 'username'],
    ['an address that is none', { email: 'ada' }, 'email'],
  ])('refuses %s', async (_name, change, field) => {
    const answer = await server.anonymous.post('/api/setup', { setup_token: SETUP_TOKEN, username: 'ada', password: PASSWORD, ...change });
    expect(answer).toMatchObject({ status: 400, body: { details: [{ field }] } });
  });
});

describe('a login', () => {
  it('by user name or e-mail address answers a token, its end and the user', async () => {
    for (const who of [{ username: 'ada' }, { username: 'ADA' }, { email: 'ada@example.org' }]) {
      const answer = await server.anonymous.post('/api/users/login', { ...who, password: PASSWORD });
      expect(answer).toMatchObject({ status: 200, body: { session_token: expect.stringMatching(/^hst_/), user: { username: 'ada' } } });
      expect(Date.parse(answer.body.expires_at)).toBeGreaterThan(0);
      const session = new ApiClient(server.url, answer.body.session_token);
      expect((await session.get('/api/users/profile')).body.username).toBe('ada');
    }
  });

  it('of an unknown user and with a wrong password get the same answer', async () => {
    const wrong = await server.anonymous.post('/api/users/login', { username: 'ada', password: 'not the password' });
    const unknown = await server.anonymous.post('/api/users/login', { username: 'nobody', password: 'not the password' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } });
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
  });

  it('needs exactly one of username and email', async () => {
    expect((await server.anonymous.post('/api/users/login', { password: PASSWORD })).status).toBe(400);
    const both = { username: 'ada', email: 'ada@example.org', password: PASSWORD };
    expect((await server.anonymous.post('/api/users/login', both)).status).toBe(400);
  });

  it('sets a cookie that scripts cannot read and other sites cannot send', async () => {
    const answer = await server.anonymous.post('/api/users/login', { username: 'ada', password: PASSWORD });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^hyperoru_session=hst_[^;]+; /);
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(part);
    expect(cookie).not.toContain('Domain');
  });

  it('is slowed down from the fifth failure in a row, for that name only', async () => {
    const throttled = await startTestServer();
    try {
      await throttled.setUp('ada');
      const attempt = () => throttled.anonymous.post('/api/users/login', { username: 'ada', password: 'not the password' });
      for (let failure = 1; failure <= 5; failure += 1) expect((await attempt()).status).toBe(401);
      const answer = await attempt();
      expect(answer).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    } finally {
      await throttled.stop();
    }
  });
});

describe('a session', () => {
  it('ends with the logout, at once', async () => {
    const login = await server.anonymous.post('/api/users/login', { username: 'ada', password: PASSWORD });
    const session = new ApiClient(server.url, login.body.session_token);
    expect((await session.get('/api/users/profile')).status).toBe(200);
    const logout = await session.post('/api/users/logout');
    expect(logout.status).toBe(204);
    expect(logout.headers.get('set-cookie')).toMatch(/^hyperoru_session=;/);
    expect((await session.get('/api/users/profile')).status).toBe(401);
  });

  it('ends when the password changes, except the one that changed it', async () => {
    const owner = await server.invite(ada, 'paula');
    const login = { username: 'paula', password: PASSWORD };
    const other = new ApiClient(server.url, (await server.anonymous.post('/api/users/login', login)).body.session_token);
    const change = { password: 'another long password', current_password: PASSWORD };
    expect((await owner.put('/api/users/profile', { ...change, current_password: 'wrong' })).status).toBe(401);
    expect((await owner.put('/api/users/profile', change)).status).toBe(200);
    expect((await other.get('/api/users/profile')).status).toBe(401);
    expect((await owner.get('/api/users/profile')).status).toBe(200);
    expect((await server.anonymous.post('/api/users/login', login)).status).toBe(401);
  });

  it.each(['hst_wrong', '', 'x'.repeat(400), 'Basic YTpi'])('is not opened by the token "%s"', async (token) => {
    const answer = await server.anonymous.get('/api/users/profile', { headers: { authorization: `Bearer ${token}` } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('is never read from the query', async () => {
    expect((await server.anonymous.get(`/api/users/profile?session_token=${ada.token}`)).status).toBe(401);
  });
});

describe('an API token', () => {
  it('is shown once, works like a login, is listed without itself, and dies when revoked', async () => {
    const created = await ada.post('/api/tokens', { name: 'robot', expires_in_days: 1 });
    expect(created).toMatchObject({ status: 201, body: { name: 'robot', token: expect.stringMatching(/^hat_/) } });
    const robot = new ApiClient(server.url, created.body.token);
    expect((await robot.get('/api/users/profile')).body.username).toBe('ada');
    const list = await ada.get('/api/tokens');
    expect(list.body.items).toMatchObject([{ id: created.body.id, name: 'robot' }]);
    expect(list.text).not.toContain(created.body.token);
    expect((await ada.delete(`/api/tokens/${created.body.id}`)).status).toBe(204);
    expect((await robot.get('/api/users/profile')).status).toBe(401);
    expect((await ada.delete(`/api/tokens/${created.body.id}`)).status).toBe(404);
  });
});

describe('an invitation', () => {
  it('lets one person register, once', async () => {
    const { body } = await ada.post('/api/users/invitations');
    const register = (username: string, token = body.invitation_token) =>
      server.anonymous.post('/api/users/register', { invitation_token: token, username, password: PASSWORD });
    expect(await register('ada')).toMatchObject({ status: 409, body: { code: 'USERNAME_TAKEN' } });
    expect(await register('grace')).toMatchObject({ status: 201, body: { user: { role: 'member' } } });
    expect(await register('mallory')).toMatchObject({ status: 403, body: { code: 'INVALID_INVITATION' } });
    expect(await register('mallory', 'hin_guess')).toMatchObject({ status: 403, body: { code: 'INVALID_INVITATION' } });
  });
});

describe('a request under another host name', () => {
  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', 'evil.example:8080'])(
    '"%s" is refused everywhere',
    async (name) => {
      for (const path of ['/', '/api/health', '/api/traders', '/docs', '/assets/x.js', '/ws', '/nothing']) {
        const answer = await rawRequest(`${server.url}${path}`, { headers: { host: name } });
        expect([403, 400], `${path} answered ${answer.status}`).toContain(answer.status);
      }
    },
  );

  it('is answered under the names of this machine and those the operator lists', async () => {
    const listed = await startTestServer({ env: { HYPERORU_ALLOWED_HOSTS: 'trade.example, Other.example' } });
    try {
      const { port } = new URL(listed.url);
      for (const name of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'trade.example', 'OTHER.example:443']) {
        expect((await rawRequest(`${listed.url}/api/health`, { headers: { host: name } })).status, name).toBe(200);
      }
    } finally {
      await listed.stop();
    }
  });
});

describe('a page of another site', () => {
  const cookieOf = async () => {
    const answer = await server.anonymous.post('/api/users/login', { username: 'ada', password: PASSWORD });
    return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  };
  const create = (headers: Record<string, string>) =>
    rawRequest(`${server.url}/api/traders`, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify({ name: 'x' }) });

  it.each([
    ['its origin', { origin: 'https://evil.example' }],
    ['no origin that it would tell', { origin: 'null' }],
    ['the word cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['the word same-site', { 'sec-fetch-site': 'same-site' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['nothing at all', {}],
  ])('cannot change anything with the cookie: %s', async (_name, headers) => {
    const answer = await create({ cookie: await cookieOf(), ...headers });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'CROSS_SITE_REQUEST' });
  });

  it('cannot log a browser in', async () => {
    const options = { method: 'POST', headers: { ...json, origin: 'https://evil.example' }, body: loginBody };
    expect((await rawRequest(`${server.url}/api/users/login`, options)).status).toBe(403);
  });

  it('gets no permission to read answers', async () => {
    const options = { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } };
    const answer = await rawRequest(`${server.url}/api/traders`, options);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('is told apart from the dashboard itself', async () => {
    const own = { cookie: await cookieOf(), origin: server.url, 'sec-fetch-site': 'same-origin' };
    expect((await create(own)).status).toBe(201);
    expect((await create({ cookie: await cookieOf(), origin: `http://${host()}` })).status).toBe(201);
  });

  it('does not matter for a token in the header', async () => {
    expect((await create({ authorization: `Bearer ${ada.token}` })).status).toBe(201);
  });
});

describe('rate limits', () => {
  it('count per login, not per address, and say when to come back', async () => {
    const limited = await startTestServer({ limits: { requestsPerMinute: 20, credentialsPerMinute: 1000 } });
    try {
      const first = await limited.setUp('ada');
      const second = await limited.invite(first, 'bob');
      const statuses = new Set<number>();
      for (let request = 0; request < 25; request += 1) statuses.add((await first.get('/api/users/profile')).status);
      expect([...statuses].toSorted()).toEqual([200, 429]);
      const refused = await first.get('/api/users/profile');
      expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect((await second.get('/api/users/profile')).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });

  it('cover paths that do not exist, and credentials more tightly', async () => {
    const limited = await startTestServer({ limits: { requestsPerMinute: 12, credentialsPerMinute: 3 } });
    try {
      const login = () => limited.anonymous.post('/api/users/login', { username: 'ada', password: 'not the password' });
      expect([(await login()).status, (await login()).status, (await login()).status, (await login()).status]).toEqual([
        401, 401, 401, 429,
      ]);
      const statuses = new Set<number>();
      for (let request = 0; request < 15; request += 1) statuses.add((await limited.anonymous.get('/api/nothing')).status);
      expect([...statuses].toSorted()).toEqual([404, 429]);
    } finally {
      await limited.stop();
    }
  });
});

describe('every answer', () => {
  it('forbids scripts, frames and guesses from outside', async () => {
    const page = await server.anonymous.get('/');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-eval');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await ada.get('/api/users/profile')).headers.get('cache-control')).toBe('no-store');
  });
});
