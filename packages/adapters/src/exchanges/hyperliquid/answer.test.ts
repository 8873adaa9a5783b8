import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { FakeClock } from '@hyperoru/testkit';
import { HttpTransport } from '@nktkas/hyperliquid';
import { afterEach, describe, expect, test } from 'vitest';
import { HyperliquidApi } from './api.ts';
import { localWallet } from './signer.ts';
import { META } from './wire.ts';

const wallet = localWallet(`0x${'1'.repeat(64)}`);
const action = { type: 'dummy', num: 1 };
const json = { 'content-type': 'application/json' };

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** A venue that answers every request the same way. */
async function venueThat(answer: (response: ServerResponse, request: IncomingMessage) => void, clock = new FakeClock()) {
  const listening = createServer((request, response) => {
    request.resume().on('end', () => answer(response, request));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a port.');
  const apiUrl = `http://127.0.0.1:${address.port}`;
  return { apiUrl, api: new HyperliquidApi(new HttpTransport({ isTestnet: true, apiUrl, timeout: null }), clock) };
}

const ending =
  (status: number, body: string, headers: Record<string, string> = json) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end(body);

describe('an action', () => {
  test.each([
    ['the venue says it is done', ending(200, '{"status":"ok","response":{"type":"default"}}'), { kind: 'done' }],
    ['the venue refuses it', ending(200, '{"status":"err","response":"No."}'), { kind: 'refused', text: 'No.' }],
    ['the answer is null', ending(200, 'null'), { kind: 'unknown' }],
    ['the answer is of another form', ending(200, '{"status":"maybe"}'), { kind: 'unknown' }],
    ['the answer is no JSON', ending(200, '<html>'), { kind: 'unknown' }],
    ['the answer is an error page', ending(502, '<html>bad</html>', { 'content-type': 'text/html' }), { kind: 'unknown' }],
    ['the answer is 500', ending(500, '{}'), { kind: 'unknown' }],
    ['the answer is 504', ending(504, ''), { kind: 'unknown' }],
    ['there were too many requests', ending(429, ''), { kind: 'rejected', code: 'rate_limited' }],
    ['the venue cannot read it', ending(422, 'Failed to deserialize', {}), { kind: 'rejected', code: 'invalid_request' }],
    ['the connection ends without an answer', (response: ServerResponse) => void response.destroy(), { kind: 'unknown' }],
    [
      'the answer is cut off',
      (response: ServerResponse) => {
        response.writeHead(200, { ...json, 'content-length': '100' });
        response.write('{"status":', () => response.destroy());
      },
      { kind: 'unknown' },
    ],
  ])('when %s', async (_, answer, expected) => {
    const { api } = await venueThat(answer);
    expect(await api.act(wallet, action, { nonce: 1 })).toMatchObject(expected);
  });

  test('that nobody answers is unknown once the time is over', async () => {
    const clock = new FakeClock();
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { api } = await venueThat(() => arrived(), clock);
    const answer = api.act(wallet, action, { nonce: 1 });
    await arrival;
    await clock.advance(4_000);
    expect(await answer).toMatchObject({ kind: 'unknown', cause: 'No answer within 4000 ms.' });
  });

  test('that finds nobody listening was not sent', async () => {
    const { api, apiUrl } = await venueThat(ending(200, 'null'));
    await new Promise((resolve) => server?.close(resolve));
    expect(await api.act(wallet, action, { nonce: 1 })).toMatchObject({ kind: 'not_sent', cause: expect.stringContaining('ECONNREFUSED') });
    expect(apiUrl).toContain('127.0.0.1');
  });

  test('that cannot be signed was not sent', async () => {
    const { api } = await venueThat(ending(200, 'null'));
    const broken = { ...wallet, signTypedData: () => Promise.reject(new Error('locked')) };
    expect(await api.act(broken, action, { nonce: 1 })).toMatchObject({ kind: 'not_sent' });
  });
});

describe('a read', () => {
  test.each([
    ['fails', ending(502, '<html>', {})],
    ['is null', ending(200, 'null')],
    ['has another form', ending(200, '{"universe":[{"name":"BTC"}]}')],
  ])('that %s throws VenueUnavailable', async (_, answer) => {
    const { api } = await venueThat(answer);
    await expect(api.info({ type: 'meta' }, META)).rejects.toMatchObject({ name: 'VenueUnavailable' });
  });

  test('ignores keys it does not know', async () => {
    const { api } = await venueThat(ending(200, '{"new":1,"universe":[{"name":"BTC","szDecimals":5,"maxLeverage":40,"x":{}}]}'));
    expect(await api.info({ type: 'meta' }, META)).toEqual({ universe: [{ name: 'BTC', szDecimals: 5, maxLeverage: 40 }] });
  });
});
