import { decimal, symbol, timestamp } from '@hyperoru/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { WaitingFault } from '../core/faults.ts';
import { type HyperliquidServer, startHyperliquidVenue } from './start-hyperliquid-venue.ts';
import { cloidOf, orderAction, wireOrder } from './test-hyperliquid.ts';
import { AGENT, AGENT_KEY, MASTER, signedBody } from './test-wallet.ts';

const BTC = symbol('BTC');

describe('a fault met over real HTTP', () => {
  let server: HyperliquidServer;
  const options = {
    now: () => timestamp(Date.now()),
    accounts: [{ address: MASTER, deposit: '10000', agents: [{ address: AGENT, name: 'trader' }] }],
  };
  let nonces = 0;

  beforeEach(async () => {
    server = await startHyperliquidVenue(options);
  });
  afterEach(() => server.stop());

  const post = (path: string, body: unknown, signal?: AbortSignal) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  const order = (changes: object = {}, expiresAfter?: number) => {
    nonces += 1;
    return signedBody(
      AGENT_KEY,
      orderAction(wireOrder({ c: cloidOf(nonces), ...changes })),
      Date.now() + nonces,
      expiresAfter === undefined ? {} : { expiresAfter },
    );
  };
  const refusalOf = async (response: Response) => ((await response.json()) as { response: string }).response;
  const filled = () => server.dialect.venue.fillsOf(MASTER).length;
  /** Sends an order under the fault; what the client sees, and whether the venue executed it. */
  const under = async (fault: WaitingFault, signal?: AbortSignal) => {
    server.dialect.venue.inject({ ...fault, operation: 'place' });
    const seen = await post('/exchange', order(), signal).then(
      async (response) =>
        `${response.status} ${await response.text().then(
          (text) => (text.startsWith('<') ? 'html' : text.slice(0, 14)),
          () => 'cut',
        )}`,
      (error: Error) => (error.name === 'AbortError' ? 'silence' : 'reset'),
    );
    return { seen, executed: filled() === 1 };
  };

  it.each<[WaitingFault, string, boolean]>([
    [{ kind: 'accept_then_reset' }, 'reset', true],
    [{ kind: 'accept_then_cut' }, '200 cut', true],
    [{ kind: 'accept_then_502' }, '502 html', true],
    [{ kind: 'accept_then_503' }, '503 html', true],
    [{ kind: 'accept_then_timeout_error' }, '503 html', true],
    [{ kind: 'answer_late', ms: 20 }, '200 {"status":"ok"', true],
    [{ kind: 'execute_late', ms: 20 }, '200 {"status":"ok"', true],
    [{ kind: 'refuse_then_reset' }, 'reset', false],
    [{ kind: 'refuse_then_502' }, '502 html', false],
    [{ kind: 'refuse_then_503' }, '503 html', false],
    [{ kind: 'rate_limited', retryAfterMs: 3000 }, '429 null', false],
    [{ kind: 'banned', untilMs: 3000 }, '403 Forbidden', false],
    [{ kind: 'unreachable' }, 'reset', false],
  ])('%j is seen as %s, executed: %s', async (fault, seen, executed) => {
    expect(await under(fault)).toEqual({ seen, executed });
    expect((await post('/exchange', order())).status).toBe(200);
  });

  it.each<[WaitingFault['kind'] & ('accept_then_silence' | 'refuse_then_silence'), boolean]>([
    ['accept_then_silence', true],
    ['refuse_then_silence', false],
  ])('%s leaves the client without an answer, executed: %s', async (kind, executed) => {
    const abort = new AbortController();
    const pending = under({ kind }, abort.signal);
    // The next answer on another connection proves that the first was not just slow to be read.
    await expect.poll(() => server.dialect.venue.faults.hits).toEqual([kind]);
    await post('/info', { type: 'meta' });
    abort.abort();
    expect(await pending).toEqual({ seen: 'silence', executed });
  });

  it('an order that reaches the engine after it expired is refused there', async () => {
    server.dialect.venue.inject({ kind: 'execute_late', ms: 30 });
    const response = await post('/exchange', order({}, Date.now() + 10));
    expect(await refusalOf(response)).toMatch(/^Action expired/);
    expect(filled()).toBe(0);
  });

  it('a clock that jumped refuses what has expired by it', async () => {
    server.dialect.venue.inject({ kind: 'clock_jump', ms: 60_000 });
    expect(await refusalOf(await post('/exchange', order({}, Date.now() + 5000)))).toMatch(/^Action expired/);
  });

  it('a venue that comes back on the same port knows every order', async () => {
    await post('/exchange', order());
    const { dialect, port } = server;
    const dump = JSON.parse(JSON.stringify(dialect.dump()));
    await server.stop();
    await expect(post('/info', { type: 'meta' })).rejects.toThrow();
    server = await startHyperliquidVenue({ ...options, port });
    server.dialect.load(dump);
    const fills = await (await post('/info', { type: 'userFills', user: MASTER })).json();
    expect(fills).toHaveLength(1);
    const repeated = signedBody(AGENT_KEY, { type: 'noop' }, Date.now() + nonces);
    expect((await post('/exchange', repeated)).status).toBe(200);
  });
});

describe('a stream over a real WebSocket', () => {
  it('carries subscriptions, events and the end of the venue', async () => {
    const server = await startHyperliquidVenue({ now: () => timestamp(Date.now()), accounts: [{ address: MASTER, deposit: '10000' }] });
    const socket = new WebSocket(`${server.wsUrl}/ws`);
    const lines: string[] = [];
    socket.on('message', (data) => lines.push(String(data)));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ method: 'subscribe', subscription: { type: 'userFills', user: MASTER } }));
    await expect.poll(() => lines.length).toBe(3);
    server.dialect.venue.place(MASTER, {
      clientOrderId: null,
      symbol: BTC,
      side: 'buy',
      type: { kind: 'market' },
      quantity: decimal('0.1'),
      reduceOnly: false,
    });
    await expect.poll(() => lines.length).toBe(4);
    expect(JSON.parse(lines[3] ?? '')).toMatchObject({ channel: 'userFills', data: { fills: [{ sz: '0.1' }] } });
    server.dialect.venue.inject({ kind: 'venue_restart' });
    await closed;
    await server.stop();
  });
});
