import { decimal, symbol } from '@hyperoru/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RequestFault } from '../core/faults.ts';
import { startVenueServer, type VenueServer } from '../server/venue-server.ts';
import type { OverloadKind } from './overload.ts';
import { API_KEY, TestClient, textOf } from './test-client.ts';

const BTC = symbol('BTCUSDT');
const ORDER = { symbol: BTC, side: 'BUY', type: 'MARKET', quantity: '0.01', newClientOrderId: 'f-1' } as const;
let client: TestClient;

beforeEach(() => {
  client = new TestClient();
});

const fills = () => client.venue.fillsOf('a').length;
const place = () => client.order(ORDER);

/** What a fault does to an order: how it is answered, and whether it was executed. */
interface Outcome {
  readonly fault: RequestFault;
  readonly effect: 'answer' | 'silence' | 'reset' | 'cut' | 'unreachable';
  readonly status?: number;
  readonly code?: number;
  readonly isExecuted: boolean;
}

const OUTCOMES: readonly Outcome[] = [
  { fault: { kind: 'accept_then_silence' }, effect: 'silence', isExecuted: true },
  { fault: { kind: 'accept_then_reset' }, effect: 'reset', isExecuted: true },
  { fault: { kind: 'accept_then_cut' }, effect: 'cut', isExecuted: true },
  { fault: { kind: 'accept_then_502' }, effect: 'answer', status: 502, isExecuted: true },
  { fault: { kind: 'accept_then_503' }, effect: 'answer', status: 503, code: -1000, isExecuted: true },
  { fault: { kind: 'accept_then_timeout_error' }, effect: 'answer', status: 408, code: -1007, isExecuted: true },
  { fault: { kind: 'refuse_then_silence' }, effect: 'silence', isExecuted: false },
  { fault: { kind: 'refuse_then_reset' }, effect: 'reset', isExecuted: false },
  { fault: { kind: 'refuse_then_502' }, effect: 'answer', status: 502, isExecuted: false },
  { fault: { kind: 'refuse_then_503' }, effect: 'answer', status: 503, code: -1000, isExecuted: false },
  { fault: { kind: 'rate_limited', retryAfterMs: 1500 }, effect: 'answer', status: 429, code: -1003, isExecuted: false },
  { fault: { kind: 'banned', untilMs: 1_767_227_500_000 }, effect: 'answer', status: 418, code: -1003, isExecuted: false },
  { fault: { kind: 'unreachable' }, effect: 'unreachable', isExecuted: false },
];

describe('faults of requests', () => {
  it.each(OUTCOMES)('$fault.kind: $effect $status, executed: $isExecuted', ({ fault, effect, status, code, isExecuted }) => {
    client.venue.inject({ ...fault, operation: 'place' });
    const answer = client.deliver('POST', '/fapi/v1/order', ORDER)();
    expect(answer.effect).toBe(effect);
    if (status !== undefined) expect(answer.reply?.status).toBe(status);
    if (code !== undefined) expect(JSON.parse(answer.reply?.body ?? '')).toMatchObject({ code });
    expect(fills()).toBe(isExecuted ? 1 : 0);
    expect(client.venue.faults.hits).toEqual([fault.kind]);
  });

  it('an order accepted and answered with an error is found by its client id', () => {
    client.venue.inject({ kind: 'accept_then_503', operation: 'place' });
    expect(place().body['msg']).toBe('Unknown error, please check your request or try again later.');
    expect(client.call('GET', '/fapi/v1/order', { symbol: BTC, origClientOrderId: 'f-1' }).body['status']).toBe('FILLED');
  });

  it('a late answer spends its time on the way back', () => {
    client.venue.inject({ kind: 'answer_late', operation: 'place', ms: 700 });
    expect(client.deliver('POST', '/fapi/v1/order', ORDER)()).toMatchObject({ effect: 'answer', delayMs: 700, reply: { status: 200 } });
  });

  it('a ban holds for everything until its moment', () => {
    const untilMs = client.now() + 5000;
    client.venue.inject({ kind: 'banned', operation: 'market', untilMs });
    expect(client.raw('GET', '/fapi/v1/time')).toMatchObject({ status: 418, headers: { 'retry-after': '5' } });
    client.pass(4999);
    expect(place().status).toBe(418);
    client.pass(1);
    expect(place().status).toBe(200);
  });

  it('meet only what they match: operation, account, symbol and client id, also inside a batch', () => {
    client.venue.inject({ kind: 'refuse_then_503', operation: 'place', accountId: 'a', symbol: BTC, clientOrderId: 'f-2' });
    expect(place().status).toBe(200);
    expect(client.call('GET', '/fapi/v1/order', { symbol: BTC, origClientOrderId: 'f-2' }).body['code']).toBe(-2013);
    const batchOrders = JSON.stringify([{ ...ORDER, newClientOrderId: 'f-2' }]);
    expect(client.call('POST', '/fapi/v1/batchOrders', { batchOrders }).status).toBe(503);
    expect(client.algo({ quantity: '0.01', triggerPrice: '48000', reduceOnly: true, clientAlgoId: 'f-2' }).status).toBe(200);
  });
});

describe('overload', () => {
  const cases: readonly { readonly kind: OverloadKind; readonly code: number; readonly isExecuted: boolean }[] = [
    { kind: 'service_unavailable', code: 0, isExecuted: false },
    { kind: 'throttled', code: -1008, isExecuted: false },
    { kind: 'unexpected_response', code: -1006, isExecuted: true },
    { kind: 'unexpected_refusal', code: -1006, isExecuted: false },
  ];

  it.each(cases)('$kind answers one order with 503 and $code, executed: $isExecuted', ({ kind, code, isExecuted }) => {
    client.dialect.overload(kind);
    expect(place()).toMatchObject({ status: 503, body: { code } });
    expect(fills()).toBe(isExecuted ? 1 : 0);
    expect(client.market('BUY', '0.01').status).toBe(200);
  });

  it('gives 503 three texts: unknown, failed, throttled', () => {
    client.venue.inject({ kind: 'accept_then_503', operation: 'place' });
    const unknown = place().body['msg'];
    client.dialect.overload('service_unavailable');
    const failed = place().body['msg'];
    client.dialect.overload('throttled');
    expect([unknown, failed, place().body['msg']]).toEqual([
      'Unknown error, please check your request or try again later.',
      'Service Unavailable.',
      'Server is currently overloaded with other requests. Please try again in a few minutes.',
    ]);
  });

  it('throttled lets pass what only reduces', () => {
    client.market('BUY', '0.01');
    client.dialect.overload('throttled');
    expect(client.market('SELL', '0.01', { reduceOnly: true }).status).toBe(200);
    expect(client.algo({ closePosition: true, triggerPrice: '48000' }).status).toBe(200);
    expect(place().body['code']).toBe(-1008);
  });

  it('leaves reads alone', () => {
    client.dialect.overload('service_unavailable');
    expect(client.call('GET', '/fapi/v3/balance').status).toBe(200);
  });
});

describe('foreign hands', () => {
  it('trade and close by hand, and the account shows it', () => {
    const ticket = {
      clientOrderId: null,
      symbol: BTC,
      side: 'buy',
      type: { kind: 'market' },
      quantity: decimal('0.02'),
      reduceOnly: false,
    } as const;
    client.venue.inject({ kind: 'foreign_order', accountId: 'a', ticket });
    expect(client.call('GET', '/fapi/v3/positionRisk').rows).toMatchObject([{ positionAmt: '0.02' }]);
    expect(client.call('GET', '/fapi/v1/allOrders', { symbol: BTC }).rows).toMatchObject([{ clientOrderId: '', status: 'FILLED' }]);
    client.venue.inject({ kind: 'foreign_close', accountId: 'a', symbol: BTC });
    expect(client.call('GET', '/fapi/v3/positionRisk').rows).toEqual([]);
  });
});

describe('the real server', () => {
  let server: VenueServer;
  beforeEach(async () => {
    server = await startVenueServer(client.dialect);
  });
  afterEach(() => server.stop());

  const send = (signal?: AbortSignal): Promise<Response> => {
    const text = textOf({ ...ORDER, timestamp: client.now() });
    const url = `${server.url}/fapi/v1/order?${text}&signature=${client.signatureOf(text)}`;
    return fetch(url, { method: 'POST', headers: { 'X-MBX-APIKEY': API_KEY }, ...(signal === undefined ? {} : { signal }) });
  };

  it('listens on loopback and answers with the headers of the venue', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const answer = await send();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('X-MBX-ORDER-COUNT-1M')).toBe('1');
    expect(answer.headers.get('X-MBX-USED-WEIGHT-1M')).toBe('0');
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    { kind: 'accept_then_reset', executed: 1 },
    { kind: 'refuse_then_reset', executed: 0 },
    { kind: 'unreachable', executed: 0 },
  ] as const)('$kind breaks the connection', async ({ kind, executed }) => {
    client.venue.inject({ kind, operation: 'place' });
    await expect(send()).rejects.toThrow();
    expect(fills()).toBe(executed);
  });

  it('accept_then_cut breaks off in the middle of the answer', async () => {
    client.venue.inject({ kind: 'accept_then_cut', operation: 'place' });
    const answer = await send();
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    expect(fills()).toBe(1);
  });

  it('accept_then_silence never answers', async () => {
    client.venue.inject({ kind: 'accept_then_silence', operation: 'place' });
    const giveUp = new AbortController();
    const waiting = send(giveUp.signal);
    await expect.poll(fills).toBe(1);
    giveUp.abort();
    await expect(waiting).rejects.toThrow('abort');
  });
});
