import type { ModelErrorCode, ModelExchange, ModelOutcome, ModelRequest } from '@hyperoru/engine';
import {
  completionBody,
  FakeClock,
  HOLD_ANSWER,
  type MemoryLog,
  MODEL_BEHAVIOR_NAMES,
  type ModelServer,
  memoryLog,
  startModelServer,
} from '@hyperoru/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAiCompatibleModel } from './model.ts';

const KEY = 'sk-canary-7f3a91c2d4e8b605';
const SCHEMA = { type: 'object', required: ['operation'] };
const DEADLINE_MS = 60_000;

const acceptsOperation = (text: string): string | null => {
  try {
    return 'operation' in JSON.parse(text) ? null : 'The key "operation" is missing.';
  } catch {
    return 'It is not one JSON value.';
  }
};

let server: ModelServer;
let clock: FakeClock;
let log: MemoryLog;
let model: ReturnType<typeof openAiCompatibleModel>;

beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  clock = new FakeClock();
  log = memoryLog();
  model = openAiCompatibleModel({ clock, log, endpointPolicy: { privateEndpoints: [server.origin] } });
});
afterEach(() => model.close());

const request = (name: string, extra: Partial<ModelRequest> = {}): ModelRequest => ({
  model: name,
  baseUrl: server.baseUrl,
  apiKey: KEY,
  systemText: 'You are a trader.',
  promptText: 'Prices: …',
  schemaName: 'decision',
  schema: SCHEMA,
  deadlineMs: DEADLINE_MS,
  check: acceptsOperation,
  ...extra,
});

/** Lets virtual time run while real sockets work, until the question has ended. */
async function askWhileTimePasses(asked: Promise<ModelOutcome>, isReady: () => boolean): Promise<ModelOutcome> {
  let outcome: ModelOutcome | null = null;
  void asked.then((value) => {
    outcome = value;
  });
  for (let turn = 0; outcome === null && turn < 100_000; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (isReady()) await clock.advance(500);
  }
  return asked;
}

interface Row {
  readonly behavior: string;
  readonly expected: 'accepted' | 'unaccepted' | ModelErrorCode;
  readonly rungs: readonly ModelExchange['rung'][];
  readonly reasoning?: string;
  readonly usage?: null;
  /** Virtual time runs once this many requests have arrived. */
  readonly timeRunsAfter?: number;
}

const S = 'json_schema';
const J = 'json_object';
const T = 'text';
const TABLE: readonly Row[] = [
  { behavior: 'json-schema', expected: 'accepted', rungs: [S] },
  { behavior: 'no-json-schema', expected: 'accepted', rungs: [S, J] },
  { behavior: 'no-response-format', expected: 'accepted', rungs: [S, J, T] },
  { behavior: 'think', expected: 'accepted', rungs: [S], reasoning: 'Prices fall.' },
  { behavior: 'fenced', expected: 'accepted', rungs: [S] },
  { behavior: 'prose-and-fence', expected: 'unaccepted', rungs: [S, S] },
  { behavior: 'reasoning-content', expected: 'accepted', rungs: [S], reasoning: 'Prices fall.' },
  { behavior: 'reasoning', expected: 'accepted', rungs: [S], reasoning: 'Prices fall.' },
  { behavior: 'cut-off', expected: 'model_truncated', rungs: [S] },
  { behavior: 'wrong-shape', expected: 'unaccepted', rungs: [S, S] },
  { behavior: 'wrong-shape-once', expected: 'accepted', rungs: [S, S] },
  { behavior: 'rate-limited-once', expected: 'accepted', rungs: [S, S], timeRunsAfter: 1 },
  { behavior: 'rate-limited', expected: 'model_rate_limited', rungs: [S, S], timeRunsAfter: 1 },
  { behavior: 'rate-limited-long', expected: 'model_rate_limited', rungs: [S] },
  { behavior: 'quota-exhausted', expected: 'model_rate_limited', rungs: [S] },
  { behavior: 'html-500', expected: 'model_upstream_error', rungs: [S, S], timeRunsAfter: 1 },
  { behavior: 'html-500-once', expected: 'accepted', rungs: [S, S], timeRunsAfter: 1 },
  { behavior: 'hang', expected: 'model_timeout', rungs: [S], timeRunsAfter: 1 },
  { behavior: 'stall', expected: 'model_timeout', rungs: [S], timeRunsAfter: 1 },
  { behavior: 'trickle', expected: 'model_timeout', rungs: [S], timeRunsAfter: 1 },
  { behavior: 'drop-once', expected: 'accepted', rungs: [S, S], timeRunsAfter: 1 },
  { behavior: 'drop', expected: 'model_unreachable', rungs: [S, S], timeRunsAfter: 1 },
  { behavior: 'no-usage', expected: 'accepted', rungs: [S], usage: null },
  { behavior: 'no-max-tokens', expected: 'accepted', rungs: [S, S] },
  { behavior: 'fixed-temperature', expected: 'accepted', rungs: [S, S] },
  { behavior: 'small-output', expected: 'accepted', rungs: [S, S] },
  { behavior: 'refusal', expected: 'model_refused', rungs: [S] },
  { behavior: 'bad-key', expected: 'model_auth', rungs: [S] },
  { behavior: 'unknown-model', expected: 'model_not_found', rungs: [S] },
  { behavior: 'unknown-model-400', expected: 'model_not_found', rungs: [S] },
  { behavior: 'too-long', expected: 'model_bad_request', rungs: [S] },
  { behavior: 'blank', expected: 'model_blank', rungs: [S, J] },
  { behavior: 'blank-once', expected: 'accepted', rungs: [S, J] },
  { behavior: 'huge', expected: 'model_answer_too_large', rungs: [S] },
  { behavior: 'endless', expected: 'model_answer_too_large', rungs: [S] },
  { behavior: 'redirect', expected: 'model_redirected', rungs: [S] },
  { behavior: 'wrong-content-type', expected: 'accepted', rungs: [S] },
  { behavior: 'html-200', expected: 'model_upstream_error', rungs: [S] },
  { behavior: 'error-200', expected: 'model_upstream_error', rungs: [S] },
  { behavior: 'compressed', expected: 'model_upstream_error', rungs: [S] },
];

describe('openAiCompatibleModel against every behavior of an endpoint', () => {
  it('covers all behaviors of the model server', () => {
    expect(TABLE.map((row) => row.behavior).sort()).toEqual([...MODEL_BEHAVIOR_NAMES].sort());
  });

  it.each(TABLE)('$behavior ends as $expected', async ({ behavior, expected, rungs, reasoning, usage, timeRunsAfter }) => {
    const before = server.requests.length;
    const asked = model.ask(request(behavior));
    const outcome = await (timeRunsAfter === undefined
      ? asked
      : askWhileTimePasses(asked, () => server.requests.length >= before + timeRunsAfter));
    expect(outcome.kind === 'error' ? outcome.code : outcome.accepted ? 'accepted' : 'unaccepted').toBe(expected);
    expect(outcome.exchanges.map((one) => one.rung)).toEqual(rungs);
    expect(server.requests.length - before).toBe(rungs.length);
    expect(server.strayPaths).toEqual([]);
    const last = outcome.exchanges.at(-1);
    if (outcome.kind === 'error') {
      expect(outcome.message).toMatch(/^[^\n]{20,600}[.]$/);
      expect(last?.errorCode).toBe(outcome.code);
    } else {
      if (expected === 'accepted') expect(outcome.text).toBe(HOLD_ANSWER);
      expect(last?.promptTokens).toBe(usage === null ? null : 120);
      expect(last?.completionTokens).toBe(usage === null ? null : 30);
      expect(last?.reasoning).toBe(reasoning ?? null);
    }
    expect(JSON.stringify([outcome, log.entries])).not.toMatch(/canary|b605/);
    for (const one of outcome.exchanges)
      expect(Buffer.byteLength(one.rawAnswer ?? '') + Buffer.byteLength(one.rawRequest)).toBeLessThanOrEqual(2 * 65_536);
    expect(clock.waiting).toBe(0);
  });
});

describe('openAiCompatibleModel', () => {
  it('puts the schema into the system text on every rung and sends no header about this machine', async () => {
    const before = server.requests.length;
    await model.ask(request('no-response-format'));
    const sent = server.requests.slice(before);
    expect(sent).toHaveLength(3);
    for (const { body, headers } of sent) {
      expect(JSON.stringify(body['messages'])).toContain(JSON.stringify(JSON.stringify(SCHEMA)).slice(1, -1));
      expect(Object.keys(headers).filter((name) => /stainless|openai/i.test(name))).toEqual([]);
      expect(headers['authorization']).toBe(`Bearer ${KEY}`);
      expect(body['max_tokens']).toBe(8192);
    }
    expect(sent[0]?.body['response_format']).toMatchObject({
      type: 'json_schema',
      json_schema: { name: 'decision', strict: false, schema: SCHEMA },
    });
  });

  it('remembers per origin and model what was understood, and forgets it after a day', async () => {
    await model.ask(request('no-response-format'));
    expect((await model.ask(request('no-response-format'))).exchanges.map((one) => one.rung)).toEqual([T]);
    expect((await model.ask(request('no-json-schema'))).exchanges.map((one) => one.rung)).toEqual([S, J]);
    await clock.advance(24 * 60 * 60 * 1000);
    expect((await model.ask(request('no-response-format'))).exchanges.map((one) => one.rung)).toEqual([S, J, T]);
  });

  it('learns to say max_completion_tokens and to leave the temperature out', async () => {
    for (const name of ['no-max-tokens', 'fixed-temperature']) await model.ask(request(name));
    const before = server.requests.length;
    for (const name of ['no-max-tokens', 'fixed-temperature']) expect((await model.ask(request(name))).exchanges).toHaveLength(1);
    expect(server.requests[before]?.body).toMatchObject({ max_completion_tokens: 8192 });
    expect(server.requests[before + 1]?.body).not.toHaveProperty('temperature');
  });

  it('tells the model in one repair turn what was wrong, quoting its answer', async () => {
    const before = server.requests.length;
    server.enqueue('{"verb":"buy"}');
    await model.ask(request('json-schema'));
    const again = server.requests[before + 1]?.body['messages'];
    expect(again).toMatchObject([{ role: 'system' }, { role: 'user' }, { role: 'assistant', content: '{"verb":"buy"}' }, { role: 'user' }]);
    expect(JSON.stringify(again)).toContain('is missing');
  });

  it('keeps the first answer as not accepted when the repair turn fails', async () => {
    server.enqueue('no JSON', { status: 401, body: '{}' });
    const outcome = await model.ask(request('any'));
    expect(outcome).toMatchObject({ kind: 'answer', text: 'no JSON', accepted: false });
    expect(outcome.exchanges.map((one) => one.errorCode)).toEqual([null, 'model_auth']);
  });

  it('asks with a placeholder when the endpoint needs no key', async () => {
    const before = server.requests.length;
    expect(await model.ask(request('json-schema', { apiKey: null }))).toMatchObject({ kind: 'answer', accepted: true });
    expect(server.requests[before]?.headers['authorization']).toBe('Bearer no-key');
  });

  it('sends a key without the white space it was copied with, and no key that cannot be one', async () => {
    const before = server.requests.length;
    expect(await model.ask(request('any', { apiKey: ` ${KEY}\n` }))).toMatchObject({ kind: 'answer', accepted: true });
    expect(server.requests[before]?.headers['authorization']).toBe(`Bearer ${KEY}`);
    for (const apiKey of ['two words', 'line\r\nx-injected: 1', 'ключ']) {
      expect(await model.ask(request('any', { apiKey }))).toMatchObject({ kind: 'error', code: 'model_auth', exchanges: [] });
    }
  });

  it.each([
    [201, 'answer'],
    [204, 'model_upstream_error'],
    [304, 'model_redirected'],
    [402, 'model_auth'],
    [403, 'model_auth'],
    [413, 'model_bad_request'],
    [418, 'model_bad_request'],
    [599, 'model_upstream_error'],
    [799, 'model_upstream_error'],
  ])('understands status %i as %s', async (status, expected) => {
    const body = status === 201 ? completionBody('m', { content: HOLD_ANSWER }) : '';
    server.enqueue({ status, body }, { status, body });
    const before = server.requests.length;
    const outcome = await askWhileTimePasses(model.ask(request('m')), () => server.requests.length > before);
    expect(outcome.kind === 'error' ? outcome.code : outcome.kind).toBe(expected);
    server.clearQueue();
  });

  it('never takes keys, addresses or headers from the environment', async () => {
    const before = server.requests.length;
    const names = ['OPENAI_ORG_ID', 'OPENAI_PROJECT_ID', 'OPENAI_BASE_URL', 'OPENAI_API_KEY', 'OPENAI_CUSTOM_HEADERS'];
    for (const name of names) process.env[name] = name === 'OPENAI_CUSTOM_HEADERS' ? 'x-env: environment-canary' : 'environment-canary';
    try {
      await model.ask(request('json-schema'));
    } finally {
      for (const name of names) delete process.env[name];
    }
    expect(JSON.stringify(server.requests.slice(before))).not.toContain('environment-canary');
  });

  it('ends as canceled when the caller gives up, before and during the question', async () => {
    const abort = new AbortController();
    const before = server.requests.length;
    const asked = model.ask(request('hang', { signal: abort.signal }));
    while (server.requests.length === before) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect(await asked).toMatchObject({ kind: 'error', code: 'model_canceled' });
    expect(await model.ask(request('hang', { signal: abort.signal }))).toMatchObject({
      kind: 'error',
      code: 'model_canceled',
      exchanges: [],
    });
    expect(clock.waiting).toBe(0);
  });

  it('ends as canceled while it waits to try again', async () => {
    const abort = new AbortController();
    const asked = model.ask(request('rate-limited', { signal: abort.signal }));
    await vi.waitFor(() => expect(log.text()).toContain('llm.retry'));
    abort.abort();
    expect(await asked).toMatchObject({ kind: 'error', code: 'model_canceled', exchanges: [{ errorCode: 'model_rate_limited' }] });
  });

  it('gives up when the endpoint has refused every simpler form', async () => {
    const before = server.requests.length;
    const wishes = ['max_tokens not supported', 'max_completion_tokens', 'temperature', 'a', 'b', 'c', 'd', 'e', 'f'];
    server.enqueue(...wishes.map((message) => ({ status: 400, body: JSON.stringify({ error: { message } }) })));
    expect(await model.ask(request('m'))).toMatchObject({
      kind: 'error',
      code: 'model_bad_request',
      message: expect.stringContaining('"c"'),
    });
    expect(server.requests.length - before).toBe(6);
    server.clearQueue();
  });

  it('keeps one deadline over retries, repairs and rungs', async () => {
    const before = server.requests.length;
    server.enqueue({ status: 500, body: '' });
    const asked = model.ask(request('hang', { deadlineMs: 5000 }));
    const outcome = await askWhileTimePasses(asked, () => server.requests.length > before);
    expect(outcome).toMatchObject({ kind: 'error', code: 'model_timeout' });
    expect(clock.monotonicMs()).toBeLessThanOrEqual(5500);
  });

  it.each([
    ['the first byte', 'hang', 60_000, 'no byte came'],
    ['the next byte', 'stall', 10_000, 'stopped halfway'],
  ])('waits for %s exactly as long as its limit', async (_name, behavior, limitMs, words) => {
    const before = server.requests.length;
    let outcome: ModelOutcome | null = null;
    const asked = model.ask(request(behavior, { deadlineMs: 120_000 })).then((value) => {
      outcome = value;
    });
    while (server.requests.length === before) await new Promise((resolve) => setImmediate(resolve));
    await vi.waitFor(() => expect(clock.nextDueMs).toBe(limitMs));
    await clock.advance(limitMs - 1);
    expect(outcome).toBeNull();
    await clock.advance(1);
    await asked;
    expect(outcome).toMatchObject({ kind: 'error', code: 'model_timeout', message: expect.stringContaining(words) });
  });

  it('takes an answer of exactly 1 MiB and refuses one byte more', async () => {
    const body = completionBody('m', { content: HOLD_ANSWER });
    server.enqueue({ status: 200, body: body + ' '.repeat(1_048_576 - body.length) });
    expect(await model.ask(request('m'))).toMatchObject({ kind: 'answer', accepted: true });
    server.enqueue({ status: 200, body: body + ' '.repeat(1_048_577 - body.length) });
    expect(await model.ask(request('m'))).toMatchObject({ kind: 'error', code: 'model_answer_too_large' });
  });

  it('keeps at most 64 KiB of raw texts, never half a character', async () => {
    server.enqueue(JSON.stringify({ operation: 'hold', reason: 'é'.repeat(50_000) }));
    const [exchange] = (await model.ask(request('m', { promptText: '€'.repeat(40_000) }))).exchanges;
    for (const text of [exchange?.rawRequest ?? '', exchange?.rawAnswer ?? '', exchange?.answerText ?? '']) {
      expect(Buffer.byteLength(text)).toBeGreaterThan(65_530);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
      expect(text).not.toContain('\uFFFD');
    }
  });

  it('says in plain words that nothing listens', async () => {
    const gone = await startModelServer();
    await gone.stop();
    const lonely = openAiCompatibleModel({ clock, log, endpointPolicy: { privateEndpoints: [gone.origin] } });
    expect(await lonely.ask(request('x', { baseUrl: gone.baseUrl }))).toMatchObject({
      kind: 'error',
      code: 'model_unreachable',
      message: expect.stringContaining('nothing listens'),
    });
    await lonely.close();
  });

  it('sends nothing to an endpoint that the policy forbids', async () => {
    const strict = openAiCompatibleModel({ clock, log, endpointPolicy: { privateEndpoints: [] } });
    const before = server.requests.length;
    expect(await strict.ask(request('json-schema'))).toMatchObject({ kind: 'error', code: 'model_endpoint_forbidden', exchanges: [] });
    expect(server.requests).toHaveLength(before);
    await strict.close();
  });

  it('refuses a name that resolves to a private address among public ones, at connect time', async () => {
    const rebinding = openAiCompatibleModel({
      clock,
      log,
      endpointPolicy: { privateEndpoints: [server.origin] },
      resolve: (_name, _options, done) =>
        done(null, [
          { address: '93.184.215.14', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    });
    expect(await rebinding.ask(request('x', { baseUrl: 'https://model.example/v1' }))).toMatchObject({
      kind: 'error',
      code: 'model_endpoint_forbidden',
    });
    await rebinding.close();
  });

  it('reaches a listed endpoint by name, as a local Ollama is written', async () => {
    const origin = server.origin.replace('127.0.0.1', 'localhost');
    const local = openAiCompatibleModel({ clock, log, endpointPolicy: { privateEndpoints: [origin] } });
    expect(await local.ask(request('any', { baseUrl: `${origin}/v1/`, apiKey: null }))).toMatchObject({ kind: 'answer', accepted: true });
    await local.close();
  });

  it('refuses a listed name that resolves to a metadata address', async () => {
    const listed = openAiCompatibleModel({
      clock,
      log,
      endpointPolicy: { privateEndpoints: ['http://ollama.lan:11434'] },
      resolve: (_name, _options, done) => done(null, [{ address: '169.254.169.254', family: 4 }]),
    });
    const outcome = await listed.ask(request('x', { baseUrl: 'http://ollama.lan:11434/v1' }));
    expect(outcome).toMatchObject({ kind: 'error', code: 'model_endpoint_forbidden' });
    await listed.close();
  });
});
