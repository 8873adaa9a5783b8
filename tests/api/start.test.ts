import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiClient } from '../setup/api-client.ts';
import { type FreshDatabase, freshDatabase } from '../setup/fresh-database.ts';
import { buildServer, type SpawnedProduct, spawnProduct } from '../setup/spawned-product.ts';
import { until } from '../setup/trading.ts';

const TOKEN = 'token-for-the-first-user';
const PASSWORD = 'correct horse battery';

// Each test starts the product several times over.
vi.setConfig({ testTimeout: 90_000 });

beforeAll(buildServer);

let folder: string;
let database: FreshDatabase;
let running: SpawnedProduct[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hyperoru-start-'));
  database = await freshDatabase({ empty: true });
  running = [];
});
afterEach(async () => {
  for (const product of running) product.child.kill('SIGKILL');
  await Promise.all(running.map((product) => product.exited));
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

const settings = () => ({
  PORT: '0',
  HOME: folder,
  HYPERORU_HOME: join(folder, 'home'),
  HYPERORU_KEY_FILE: join(folder, 'key', 'master.key'),
  DATABASE_URL: database.url,
  HYPERORU_SETUP_TOKEN: TOKEN,
  HYPERORU_DEMO: '0',
});

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): SpawnedProduct {
  const product = spawnProduct(args, { ...settings(), ...env });
  running.push(product);
  return product;
}

async function started(product: SpawnedProduct): Promise<ApiClient> {
  const [, url] = await product.printed(/Dashboard\s+(http:\S+)/);
  return new ApiClient(url ?? '');
}

/** Ends with 1 and one plain message that names cause and fix, without a stack. */
async function expectRefusal(product: SpawnedProduct, ...parts: readonly RegExp[]): Promise<void> {
  expect(await product.exited).toBe(1);
  const { stderr } = product.output();
  for (const part of parts) expect(stderr).toMatch(part);
  expect(stderr).not.toMatch(/\n\s+at /);
}

async function stop(product: SpawnedProduct, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  product.child.kill(signal);
  expect(await product.exited).toBe(0);
}

async function setUp(api: ApiClient): Promise<ApiClient> {
  const answer = await api.post('/api/setup', { setup_token: TOKEN, username: 'ada', password: PASSWORD });
  expect(answer.status).toBe(201);
  return new ApiClient(api.url, answer.body.session_token, answer.body.user.id);
}

describe('a start', () => {
  it('prints address and set-up token, is ready, ends cleanly on a signal and starts again', async () => {
    const first = run(['start']);
    const api = await started(first);
    expect(first.output().stdout).toContain(TOKEN);
    expect(await api.get('/api/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
    await setUp(api);
    await stop(first, 'SIGINT');
    expect(existsSync(join(folder, 'home', 'hyperoru.lock'))).toBe(false);
    expect(statSync(join(folder, 'key', 'master.key')).mode & 0o077).toBe(0);

    const second = run(['start']);
    expect((await (await started(second)).get('/api/setup')).body).toMatchObject({ needs_setup: false });
    expect(second.output().stdout).not.toContain('Set-up token');
    await stop(second);
  });

  it('needs no help after kill -9', async () => {
    const killed = run([]);
    await started(killed);
    killed.child.kill('SIGKILL');
    await killed.exited;
    expect(existsSync(join(folder, 'home', 'hyperoru.lock'))).toBe(true);
    const again = run([]);
    expect((await (await started(again)).get('/api/ready')).status).toBe(200);
    await stop(again);
  });

  it('makes up a set-up token when none is set, another one each time', async () => {
    const product = run([], { HYPERORU_SETUP_TOKEN: '' });
    const [, token] = await product.printed(/Set-up token\s+(\S+)/);
    expect(token?.length).toBeGreaterThanOrEqual(24);
    await stop(product);
  });

  it('writes logs into the data folder, or as JSON lines to stdout and human lines elsewhere', async () => {
    const quiet = run([]);
    await started(quiet);
    await stop(quiet);
    const log = readFileSync(join(folder, 'home', 'logs', 'hyperoru.log'), 'utf8')
      .trim()
      .split('\n');
    for (const line of log) expect(JSON.parse(line)).toHaveProperty('event');
    const loud = run(['start', '--json-logs']);
    await loud.printed(/\{"level":"info".*\}/);
    await until(
      async () => loud.output().stderr,
      (text) => text.includes('Dashboard'),
    );
    await stop(loud);
    for (const line of loud.output().stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
  });
});

describe('a start that cannot be', () => {
  it('names every wrong setting at once', async () => {
    const env = { PORT: 'web', HYPERORU_LOG_LEVEL: 'loud', PAPER_START_BALANCE: '-1' };
    await expectRefusal(run(['start'], env), /PORT: /, /HYPERORU_LOG_LEVEL: /, /PAPER_START_BALANCE: /);
  });

  it('is one on a reachable address without TLS or a proxy', async () => {
    await expectRefusal(run(['start', '--host', '0.0.0.0']), /reachable from other machines/, /--behind-proxy/);
  });

  it('is one whose port is in use; then nothing was begun', async () => {
    const blocker = await new Promise<Server>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
    });
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    await expectRefusal(run(['start', '--port', port]), new RegExp(`Port ${port} is in use`), /--port/);
    expect(existsSync(join(folder, 'key'))).toBe(false);
    blocker.close();
  });

  it('is one whose data folder cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expectRefusal(run(['start'], { HYPERORU_HOME: join(folder, 'file', 'home') }), /cannot be written/, /HYPERORU_HOME/);
  });

  it('is a second one in the same data folder', async () => {
    const first = run([]);
    await started(first);
    await expectRefusal(run([]), /already running/, /HYPERORU_HOME/);
    await stop(first);
  });

  it('is one without its database', async () => {
    await expectRefusal(run([], { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }), /DATABASE_URL/, /Start PostgreSQL/);
  });

  it('is one with a damaged built-in database, which stays as it is', async () => {
    const home = join(folder, 'home');
    const first = run([], { DATABASE_URL: '' });
    await started(first);
    await stop(first);
    const pgdata = pgdataOf(home);
    rmSync(join(pgdata, 'PG_VERSION'));
    await expectRefusal(run([], { DATABASE_URL: '' }), /damaged/, /restore/);
    expect(existsSync(join(pgdata, 'global'))).toBe(true);
  });

  it('is one with another key than the one that sealed the secrets, or without it', async () => {
    const first = run([]);
    const ada = await setUp(await started(first));
    const trader = await ada.post('/api/traders', { name: 'T' });
    const llm = { model: 'm', api_key: 'sk-0123456789abcdef', base_url: 'https://api.openai.com/v1' };
    expect((await ada.put(`/api/traders/${trader.body.id}/llm`, llm)).status).toBe(200);
    await stop(first);
    await expectRefusal(run([], { HYPERORU_KEY: Buffer.alloc(32, 9).toString('base64') }), /key/i);
    const lost = join(folder, 'lost.key');
    await expectRefusal(run([], { HYPERORU_KEY_FILE: lost }), /is missing/, /backup/);
    expect(existsSync(lost)).toBe(false);
    const right = run([]);
    await started(right);
    await stop(right);
  });
});

describe('commands beside the product', () => {
  it('give a user a new password and end the old sessions', async () => {
    const product = run([]);
    const ada = await setUp(await started(product));
    const reset = run(['user', 'reset-password', 'ada']);
    const [, password] = await reset.printed(/New password of ada: (\S+)/);
    expect(await reset.exited).toBe(0);
    expect((await ada.post('/api/users/login', { username: 'ada', password: PASSWORD })).status).toBe(401);
    expect((await ada.post('/api/users/login', { username: 'ada', password })).status).toBe(200);
    await until(
      async () => (await ada.get('/api/users/profile')).status,
      (status) => status === 401,
    );
    await expectRefusal(run(['user', 'reset-password', 'nobody']), /no user "nobody"/);
    await stop(product);
  });

  it('write a backup while it runs, from which another instance starts with everything paused', async () => {
    const product = run([], { HYPERORU_DEMO: '1' });
    await started(product);
    const file = join(folder, 'backup.gz');
    expect(await run(['backup', file]).exited).toBe(0);
    await expectRefusal(run(['backup', file]), /exists/);
    await stop(product);
    const other = await freshDatabase({ empty: true });
    try {
      const env = { DATABASE_URL: other.url, HYPERORU_HOME: join(folder, 'other') };
      const restore = run(['restore', file], env);
      expect(await restore.exited).toBe(0);
      expect(restore.output().stdout).toMatch(/2 were active/);
      await expectRefusal(run(['restore', file], env), /--force|empty/);
      const restored = run([], env);
      const ada = await setUp(await started(restored));
      const traders = (await ada.get('/api/traders')).body.items;
      expect(traders.map((trader: { active: boolean; is_demo: boolean }) => [trader.active, trader.is_demo])).toEqual([
        [false, true],
        [false, true],
      ]);
      await stop(restored);
    } finally {
      for (const each of running) each.child.kill('SIGKILL');
      await Promise.all(running.map((each) => each.exited));
      await other.drop();
    }
  });

  it('explain themselves', async () => {
    const help = run(['--help']);
    expect(await help.exited).toBe(0);
    for (const word of ['start', 'demo', 'backup', 'restore', 'user']) expect(help.output().stdout).toContain(word);
    expect(await run(['fly']).exited).toBe(1);
  });
});

/** As root the data lie in a folder of their own, which a pointer names. */
function pgdataOf(home: string): string {
  const inside = join(home, 'postgres', 'pgdata');
  if (existsSync(inside)) return inside;
  const pointer = readFileSync(join(home, 'postgres', 'location'), 'utf8').trim();
  return join(pointer, 'pgdata');
}
