import { ServerMessage } from '@hyperoru/contracts';
import { asId, type UserId } from '@hyperoru/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../setup/api-client.ts';
import { PASSWORD, startTestServer, type TestServer } from '../setup/server.ts';
import { openStream, type StreamClient } from '../setup/stream-client.ts';
import { BUY_ANSWER, createReadyTrader, type ReadyTrader, runOnce, until } from '../setup/trading.ts';

const CHANNELS = ['trades', 'positions', 'model_chat', 'asset_curve', 'traders', 'alerts'];

let server: TestServer;
let ada: ApiClient;
let bob: ApiClient;
let adas: ReadyTrader;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp('ada');
  bob = await server.invite(ada, 'bob');
  adas = await createReadyTrader(server, ada);
  await ada.put(`/api/traders/${adas.traderId}/status`, { active: true });
});
afterAll(() => server.stop());

const asUser = (client: ApiClient) => ({ authorization: `Bearer ${client.token}` });
const eventsOf = (stream: StreamClient) => stream.messages.filter((message) => message.type === 'event');

async function loginAgain(): Promise<ApiClient> {
  const login = await server.anonymous.post('/api/users/login', { username: 'ada', password: PASSWORD });
  return new ApiClient(server.url, login.body.session_token);
}

/** Publishes events straight into the store: the stream does not care who wrote them. */
async function publish(count: number, size = 10, owner: ApiClient = ada): Promise<void> {
  const { deps } = server.product;
  const ownerId = asId<UserId>(owner.userId ?? '');
  await deps.store.transaction(async (tx) => {
    for (let index = 0; index < count; index += 1) {
      await tx.journal.publish({
        at: deps.clock.now(),
        ownerId,
        traderId: null,
        topic: 'alert.raised',
        payload: { index, text: 'x'.repeat(size) },
      });
    }
  });
}

describe('who may listen', () => {
  it('is told by connect with a session token', async () => {
    const stream = await openStream(server.url);
    const early = await stream.ask('bootstrap');
    expect(early).toMatchObject({ type: 'error', data: { code: 'UNAUTHENTICATED' } });
    const connected = await stream.ask('connect', { session_token: ada.token });
    expect(connected).toMatchObject({ type: 'connected', data: { user_id: ada.userId } });
    expect(await stream.ask('connect', { session_token: ada.token })).toMatchObject({ type: 'error' });
    stream.close();
  });

  it('is told by the cookie of the dashboard, from its own origin only', async () => {
    const cookie = { cookie: `hyperoru_session=${(await loginAgain()).token}` };
    const stream = await openStream(server.url, { ...cookie, origin: server.url });
    expect((await stream.next((message) => message.type === 'connected')).data).toMatchObject({ user_id: ada.userId });
    stream.close();
    await expect(openStream(server.url, { ...cookie, origin: 'https://evil.example' })).rejects.toThrow('refused with 403');
    await expect(openStream(server.url, cookie)).rejects.toThrow('refused with 403');
  });

  it('is nobody from another origin or under another host name', async () => {
    await expect(openStream(server.url, { origin: 'https://evil.example' })).rejects.toThrow('refused with 403');
    await expect(openStream(server.url, { host: 'evil.example' })).rejects.toThrow('refused with 403');
  });

  it('is nobody with a wrong token', async () => {
    const stream = await openStream(server.url);
    stream.send({ type: 'connect', data: { session_token: 'hst_wrong' } });
    expect(await stream.closed).toMatchObject({ code: 1008 });
    expect(stream.messages).toMatchObject([{ type: 'error', data: { code: 'UNAUTHENTICATED' } }]);
  });

  it('ends with the session, at once', async () => {
    const session = await loginAgain();
    const stream = await openStream(server.url, asUser(session));
    await stream.next((message) => message.type === 'connected');
    await session.post('/api/users/logout');
    expect(await stream.closed).toMatchObject({ code: 1008, reason: 'session ended' });
  });

  it('has at most 20 streams', async () => {
    const streams: StreamClient[] = [];
    for (let count = 0; count < 20; count += 1) streams.push(await openStream(server.url, asUser(bob)));
    await Promise.all(streams.map((stream) => stream.next((message) => message.type === 'connected')));
    const oneMore = await openStream(server.url, asUser(bob));
    expect(await oneMore.closed).toMatchObject({ code: 1008 });
    streams[0]?.close();
    await streams[0]?.closed;
    const again = await until(
      async () => {
        const stream = await openStream(server.url, asUser(bob));
        await until(
          async () => stream.messages.length,
          (length) => length > 0,
        );
        return stream;
      },
      (stream) => stream.messages[0]?.type === 'connected',
    );
    for (const stream of [...streams, again]) stream.close();
  });
});

describe('what is heard', () => {
  it('is a run from its trigger to the fill, in order, each message by the contract', async () => {
    const stream = await openStream(server.url, asUser(ada));
    await stream.ask('subscribe', { channels: CHANNELS });
    server.model.enqueue(BUY_ANSWER);
    await runOnce(ada, adas.bindingId);
    await stream.next((message) => message.data['topic'] === 'run.finished');
    await stream.next((message) => message.data['topic'] === 'fill.booked');
    const topics = eventsOf(stream).map((message) => message.data['topic']);
    expect(topics.indexOf('run.created')).toBeLessThan(topics.indexOf('decision.made'));
    expect(topics.indexOf('decision.made')).toBeLessThan(topics.indexOf('run.finished'));
    const seqs = eventsOf(stream).map((message) => message.seq ?? 0);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    for (const message of stream.messages) expect(ServerMessage.strict().safeParse(message).success).toBe(true);
    stream.close();
  });

  it('is only what was subscribed to', async () => {
    const stream = await openStream(server.url, asUser(ada));
    await stream.ask('subscribe', { channels: ['traders'] });
    await publish(1);
    await ada.patch(`/api/traders/${adas.traderId}`, { description: 'changed' });
    await stream.next((message) => message.type === 'event');
    expect(eventsOf(stream).map((message) => message.channel)).toEqual(['traders']);
    stream.close();
  });

  it('is never what belongs to somebody else', async () => {
    const stream = await openStream(server.url, asUser(bob));
    await stream.ask('subscribe', { channels: CHANNELS, resume_after: 0 });
    await publish(3, 10, ada);
    await publish(1, 10, bob);
    await stream.next((message) => message.type === 'event' && message.channel === 'alerts');
    expect(eventsOf(stream)).toHaveLength(1);
    for (const [type, data] of [
      ['get_snapshot', { account_id: adas.traderId }],
      ['get_asset_curve', { account_id: adas.traderId }],
      ['switch_account', { account_id: adas.traderId }],
    ] as const) {
      expect(await stream.ask(type, data), type).toMatchObject({ type: 'error', data: { code: 'NOT_FOUND' } });
    }
    expect(JSON.stringify(stream.messages)).not.toContain(adas.traderId);
    stream.close();
  });

  it('is one trader after switch_account', async () => {
    const other = await createReadyTrader(server, ada, { name: 'Other' });
    const stream = await openStream(server.url, asUser(ada));
    await stream.ask('subscribe', { channels: ['traders'] });
    expect(await stream.ask('switch_account', { account_id: other.traderId })).toMatchObject({ type: 'account_switched' });
    await ada.patch(`/api/traders/${adas.traderId}`, { description: 'not heard' });
    await ada.patch(`/api/traders/${other.traderId}`, { name: 'Heard' });
    await stream.next((message) => message.type === 'event' && JSON.stringify(message).includes('Heard'));
    // The set-up of the other trader may be heard too: it can still be on its way when listening begins.
    expect(new Set(eventsOf(stream).map((message) => message.data['trader_id']))).toEqual(new Set([other.traderId]));
    stream.close();
  });
});

describe('what is asked', () => {
  it('bootstrap, snapshot and asset curve have the shapes of the API', async () => {
    const stream = await openStream(server.url, asUser(ada));
    const bootstrap = await stream.ask('bootstrap');
    const cards = bootstrap.data['traders'];
    expect(Array.isArray(cards) && cards.map((card: { id: string }) => card.id)).toContain(adas.traderId);
    const snapshot = await stream.ask('get_snapshot', { account_id: adas.traderId });
    expect(snapshot).toMatchObject({
      type: 'snapshot',
      data: { overview: { trader: { id: adas.traderId } }, positions: [{ symbol: 'BTC' }] },
    });
    const curve = await stream.ask('get_asset_curve', { account_id: adas.traderId, timeframe: 'all' });
    expect(curve).toMatchObject({ type: 'asset_curve', data: { timeframe: 'all', points: expect.any(Array), markers: expect.any(Array) } });
    stream.close();
  });

  it.each([
    ['no JSON', '{'],
    ['an unknown type', { type: 'buy_everything' }],
    ['an unknown field', { type: 'bootstrap', admin: true }],
    ['an unknown channel', { type: 'subscribe', data: { channels: ['secrets'] } }],
  ])('is answered by an error when it is %s, and the stream goes on', async (_name, message) => {
    const stream = await openStream(server.url, asUser(ada));
    stream.send(message);
    expect(await stream.next((answer) => answer.type === 'error')).toMatchObject({ data: { code: 'INVALID_REQUEST' } });
    expect((await stream.ask('bootstrap')).type).toBe('bootstrap');
    stream.close();
  });

  it('ends the stream when it is larger than 64 KiB or comes too often', async () => {
    const large = await openStream(server.url, asUser(ada));
    large.send('x'.repeat(64 * 1024 + 1));
    expect(await large.closed).toMatchObject({ code: 1009 });
    const busy = await openStream(server.url, asUser(ada));
    for (let count = 0; count < 300; count += 1) busy.send({ type: 'nothing' });
    expect(await busy.closed).toMatchObject({ code: 1008, reason: 'too many messages' });
  });
});

describe('a client that comes back', () => {
  it('hears everything it missed, once and in order, then goes on live', async () => {
    const first = await openStream(server.url, asUser(ada));
    await first.ask('subscribe', { channels: ['alerts'] });
    await publish(2);
    await until(
      async () => eventsOf(first).length,
      (length) => length === 2,
    );
    const last = eventsOf(first).at(-1)?.seq ?? 0;
    first.close();
    await publish(5);
    const second = await openStream(server.url, asUser(ada));
    await second.ask('subscribe', { channels: ['alerts'], resume_after: last });
    await publish(1);
    await until(
      async () => eventsOf(second).length,
      (length) => length >= 6,
    );
    const seqs = eventsOf(second).map((message) => message.seq ?? 0);
    expect(new Set(seqs).size).toBe(6);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    expect(Math.min(...seqs)).toBeGreaterThan(last);
    expect(second.messages.some((message) => message.type === 'resync')).toBe(false);
    second.close();
  });

  it('is told to load afresh when it claims to have seen what never was', async () => {
    const stream = await openStream(server.url, asUser(ada));
    await stream.ask('subscribe', { channels: ['alerts'], resume_after: 999_999_999 });
    expect(await stream.next((message) => message.type === 'resync')).toMatchObject({ data: { last_seq: expect.any(Number) } });
    stream.close();
  });
});

describe('a client that does not read', () => {
  it('is cut off, while others hear everything', async () => {
    const slow = await openStream(server.url, asUser(ada));
    const quick = await openStream(server.url, asUser(ada));
    await slow.ask('subscribe', { channels: ['alerts'] });
    await quick.ask('subscribe', { channels: ['alerts'] });
    slow.socket.pause();
    const rounds = 60;
    for (let round = 0; round < rounds; round += 1) await publish(4, 60_000);
    await until(
      async () => eventsOf(quick).length,
      (length) => length === rounds * 4,
    );
    slow.socket.resume();
    expect(await slow.closed).toMatchObject({ code: 1006 });
    expect(eventsOf(slow).length).toBeLessThan(rounds * 4);
    quick.close();
  });
});
