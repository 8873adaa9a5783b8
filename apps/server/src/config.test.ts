import { describe, expect, it } from 'vitest';
import { CONFIG_FIELDS, isLoopback, readConfig } from './config.ts';

const configOf = (env: Readonly<Record<string, string>>, flags = {}) => {
  const read = readConfig(flags, env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
};
const problemsOf = (env: Readonly<Record<string, string>>, flags = {}) => {
  const read = readConfig(flags, env);
  return read.ok ? [] : read.problems;
};

describe('readConfig', () => {
  it('needs nothing: every setting has a default that is valid', () => {
    expect(configOf({})).toMatchObject({ port: 8080, host: '127.0.0.1', databaseUrl: null, sessionDays: 180, demo: true });
    expect(configOf({}).privateEndpoints).toEqual(['http://localhost:11434']);
  });

  it('treats an empty setting as not set', () => {
    expect(configOf({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 8080, databaseUrl: null });
  });

  it('lets the command line win over the environment', () => {
    expect(configOf({ PORT: '1', HYPERORU_DEMO: '1' }, { port: '2', demo: false })).toMatchObject({ port: 2, demo: false });
  });

  it('names every problem at once, by the name of the setting', () => {
    const problems = problemsOf({ PORT: '65536', HYPERORU_LOG_LEVEL: 'loud', HYPERORU_SESSION_DAYS: '0', DATABASE_URL: 'mysql://x' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'DATABASE_URL',
      'HYPERORU_SESSION_DAYS',
      'HYPERORU_LOG_LEVEL',
    ]);
  });

  it.each([
    ['PORT', '0', true],
    ['PORT', '65535', true],
    ['PORT', '-1', false],
    ['PORT', '80.5', false],
    ['HYPERORU_SESSION_DAYS', '3650', true],
    ['HYPERORU_SESSION_DAYS', '3651', false],
    ['PAPER_REPLAY_SPEED', '1', true],
    ['PAPER_REPLAY_SPEED', '100001', false],
    ['PAPER_START_BALANCE', '0', false],
    ['PAPER_START_BALANCE', '1e4', false],
    ['PAPER_REPLAY_START', '2024-01-01', false],
    ['PG_POOL_MAX', '2', true],
    ['PG_POOL_MAX', '1', false],
    ['HYPERORU_SETUP_TOKEN', 'x'.repeat(15), false],
    ['HYPERORU_SETUP_TOKEN', 'x'.repeat(16), true],
    ['HYPERORU_PRIVATE_ENDPOINTS', 'http://10.0.0.7:8000, http://localhost:11434', true],
    ['HYPERORU_PRIVATE_ENDPOINTS', 'http://10.0.0.7:8000/v1', false],
    ['HYPERORU_PRIVATE_ENDPOINTS', 'ftp://10.0.0.7', false],
    ['HYPERORU_ALLOWED_HOSTS', 'https://trade.example', false],
    ['HYPERORU_TRUSTED_PROXIES', '10.0.0.0/8', true],
    ['HYPERORU_TRUSTED_PROXIES', 'proxy', false],
  ])('%s=%s is accepted: %s', (name, value, isAccepted) => {
    expect(problemsOf({ [name]: value }).length === 0).toBe(isAccepted);
  });

  it.each(['0.0.0.0', '::', '192.168.1.7', 'trade.example'])('refuses to listen on %s without TLS or a proxy', (host) => {
    expect(problemsOf({ HOST: host })).toEqual([expect.stringMatching(/^HOST: .*--behind-proxy/)]);
    expect(problemsOf({ HOST: host }, { behindProxy: true })).toEqual([]);
    expect(problemsOf({ HOST: host, HYPERORU_TLS_CERT_FILE: '/c', HYPERORU_TLS_KEY_FILE: '/k' })).toEqual([]);
    expect(problemsOf({ HOST: host, HYPERORU_TLS_CERT_FILE: '/c' })).toHaveLength(2);
  });

  it('keeps the key outside the data folder', () => {
    expect(problemsOf({ HYPERORU_HOME: '/data', HYPERORU_KEY_FILE: '/data/keys/k' })).toEqual([
      expect.stringMatching(/^HYPERORU_KEY_FILE: /),
    ]);
    expect(problemsOf({ HYPERORU_HOME: '/data', HYPERORU_KEY_FILE: '/data-keys/k' })).toEqual([]);
  });
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['localhost', true],
    ['localhost.example', false],
    ['127.0.0.1.example', false],
    ['0.0.0.0', false],
  ])('%s: %s', (host, isLocal) => expect(isLoopback(host)).toBe(isLocal));
});

describe('CONFIG_FIELDS', () => {
  it('describes every setting once and marks the secret ones', () => {
    expect(new Set(CONFIG_FIELDS.map((field) => field.name)).size).toBe(CONFIG_FIELDS.length);
    for (const field of CONFIG_FIELDS) expect(field.description.length, field.name).toBeGreaterThan(20);
    const secret = CONFIG_FIELDS.filter((field) => field.isSecret).map((field) => field.name);
    expect(secret).toEqual(['DATABASE_URL', 'HYPERORU_KEY', 'HYPERORU_SETUP_TOKEN']);
  });
});
