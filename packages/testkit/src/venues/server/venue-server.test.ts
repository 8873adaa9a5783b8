import { type Timestamp, timestamp } from '@hyperoru/domain';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type BinanceServer, startBinanceVenue } from '../binance/start-binance-venue.ts';
import { PING_EVERY_MS, PONG_WITHIN_MS } from '../binance/stream-session.ts';
import { type HyperliquidServer, startHyperliquidVenue } from '../hyperliquid/start-hyperliquid-venue.ts';

/** A client on a real connection that keeps what its heartbeat brings. */
function connect(url: string, { autoPong = true } = {}) {
  const socket = new WebSocket(url, { autoPong });
  const heard: string[] = [];
  socket.on('ping', (payload) => heard.push(`ping ${payload}`));
  socket.on('pong', (payload) => heard.push(`pong ${payload}`));
  socket.on('message', (data) => heard.push(String(data)));
  socket.on('close', (code, reason) => heard.push(`close ${code} ${reason}`));
  const opened = new Promise((resolve) => socket.once('open', resolve));
  return { socket, heard, opened };
}

const START = 1_767_227_400_000;
let time = START;
let binance: BinanceServer;
let hyperliquid: HyperliquidServer;
const now = (): Timestamp => timestamp(time);

beforeEach(async () => {
  time = START;
  binance = await startBinanceVenue({ now, accounts: [] });
  hyperliquid = await startHyperliquidVenue({ now, accounts: [] });
});
afterEach(async () => {
  await binance.stop();
  await hyperliquid.stop();
});

it('carries ping frames of a venue and the pongs to them: who answers is kept, who does not is left', async () => {
  const awake = connect(`${binance.wsUrl}/market/ws`);
  const asleep = connect(`${binance.wsUrl}/market/ws`, { autoPong: false });
  await Promise.all([awake.opened, asleep.opened]);
  time += PING_EVERY_MS;
  const ping = `ping ${time}`;
  await vi.waitFor(() => expect([awake.heard, asleep.heard]).toEqual([[ping], [ping]]));
  // What is asked after the pong is answered after the venue has it.
  awake.socket.ping('mine');
  await vi.waitFor(() => expect(awake.heard).toContain('pong mine'));
  time += PONG_WITHIN_MS;
  await vi.waitFor(() => expect(asleep.heard.at(-1)).toBe('close 1008 Pong timeout'));
  expect(awake.heard.at(-1)).not.toContain('close');
});

it('answers heartbeats in the words of each venue', async () => {
  const client = connect(`${hyperliquid.wsUrl}/ws`);
  await client.opened;
  client.socket.send('{"method":"ping"}');
  client.socket.ping('7');
  await vi.waitFor(() => expect(client.heard).toEqual(['Websocket connection established.', '{"channel":"pong"}', 'pong 7']));
});

it('leaves a client of Hyperliquid that says nothing for a minute', async () => {
  const client = connect(`${hyperliquid.wsUrl}/ws`);
  await client.opened;
  time += 60_000;
  await vi.waitFor(() => expect(client.heard.at(-1)).toBe('close 1000 Inactive'));
});
