import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiClient } from '../setup/api-client.ts';
import { PASSWORD, SETUP_TOKEN, startTestServer, type TestServer } from '../setup/server.ts';
import { BUY_ANSWER, createReadyTrader, runOnce } from '../setup/trading.ts';

const KEY = 'sk-canary-7f3a9b2c1d4e5f60718293a4b5c6d7e8';

const logLines: string[] = [];
let server: TestServer;
let ada: ApiClient;
let traderId: string;
let apiToken: string;

beforeAll(async () => {
  server = await startTestServer({ onLogLine: (line) => logLines.push(line) });
  ada = await server.setUp();
  apiToken = (await ada.post('/api/tokens', { name: 'robot' })).body.token;
  const ready = await createReadyTrader(server, ada);
  traderId = ready.traderId;
  const settings = { model: 'test-model', api_key: KEY, base_url: server.model.baseUrl };
  expect((await ada.put(`/api/traders/${traderId}/llm`, settings)).status).toBe(200);
  await ada.put(`/api/traders/${traderId}/status`, { active: true });
  server.model.enqueue(BUY_ANSWER);
  await runOnce(ada, ready.bindingId);
  // The provider repeats the key it was sent, as real ones do.
  server.model.enqueue({ status: 401, body: JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}` } }) });
  await runOnce(ada, ready.bindingId);
  server.model.enqueue({ status: 401, body: JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}` } }) });
  await ada.post(`/api/traders/${traderId}/llm/test`);
});
afterAll(() => server.stop());

const SECRETS = () => ({
  'model key': KEY,
  password: PASSWORD,
  'set-up token': SETUP_TOKEN,
  'session token': ada.token ?? '',
  'API token': apiToken,
});

async function everyAnswer(): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const answers: { path: string; text: string }[] = [];
  const read = async (path: string) => answers.push({ path, text: (await ada.get(path)).text });
  for (const route of server.product.app.routes) {
    if (route.method !== 'GET' || route.url === '/ws') continue;
    if (!route.url.includes(':id')) await read(route.url.replace('*', ''));
  }
  for (const rest of ['', '/overview', '/equity', '/exchange', '/risk', '/bindings']) await read(`/api/traders/${traderId}${rest}`);
  for (const list of ['runs', 'decisions', 'orders']) {
    for (const item of (await ada.get(`/api/${list}`)).body.items) await read(`/api/${list}/${item.id}`);
  }
  return answers;
}

it('the model was really asked with the key', () => {
  expect(server.model.requests.some((request) => request.headers['authorization'] === `Bearer ${KEY}`)).toBe(true);
});

it('no answer of the API contains a secret', async () => {
  const answers = await everyAnswer();
  expect(answers.length).toBeGreaterThan(30);
  for (const { path, text } of answers) {
    for (const [name, secret] of Object.entries(SECRETS())) expect(text.includes(secret), `${name} in ${path}`).toBe(false);
  }
});

it('a refused model call is explained without the key that the provider repeated', async () => {
  const [failed] = (await ada.get('/api/runs?outcome=failed')).body.items;
  expect(failed).toMatchObject({ outcome: 'failed', code: 'model_auth' });
  expect((await ada.get(`/api/runs/${failed.id}`)).text).not.toContain(KEY.slice(4, 24));
});

it('no line of the log contains a secret', () => {
  expect(logLines.length).toBeGreaterThan(20);
  for (const line of logLines) {
    for (const [name, secret] of Object.entries(SECRETS())) expect(line.includes(secret), `${name} in ${line.slice(0, 200)}`).toBe(false);
  }
});

it('a key stays bound to the origin it was given for', async () => {
  const elsewhere = await ada.put(`/api/traders/${traderId}/llm`, { model: 'test-model', base_url: 'https://api.openai.com/v1' });
  expect(elsewhere).toMatchObject({ status: 422, body: { code: 'API_KEY_REQUIRED' } });
});

it('deleting the trader destroys its key and says so by has_api_key', async () => {
  expect((await ada.delete(`/api/traders/${traderId}`)).status).toBe(204);
  expect((await ada.get(`/api/traders/${traderId}`)).body.llm).toMatchObject({ has_api_key: false });
  const ref = { ownerId: traderId, field: 'llm.api_key', origin: new URL(server.model.baseUrl).origin };
  expect(await server.product.deps.secrets.reveal(ref)).toBeNull();
});
