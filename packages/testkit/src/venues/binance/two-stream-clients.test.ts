import { DerivativesTradingUsdsFutures } from '@binance/derivatives-trading-usds-futures';
import { decimal, symbol, timestamp } from '@hyperoru/domain';
import { WebsocketClient } from 'binance';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type BinanceServer, startBinanceVenue } from './start-binance-venue.ts';
import { API_KEY, type Json, SECRET } from './test-client.ts';

vi.hoisted(() => vi.stubEnv('LOG_LEVEL', 'error'));

const BTC = symbol('BTCUSDT');
const STREAMS = ['btcusdt@bookTicker', 'btcusdt@markPrice'];
/** Connecting to loopback and hearing of an event takes milliseconds; this only bounds a failure, ms. */
const HEARS_WITHIN_MS = 10_000;

/** What the script needs: everything that was heard, and the way to end. */
interface Listener {
  readonly heard: readonly Json[];
  readonly close: () => Promise<void>;
}

async function sieblyio(server: BinanceServer): Promise<Listener> {
  const heard: Json[] = [];
  const silent = { trace: () => undefined, info: () => undefined, error: () => undefined };
  const client = new WebsocketClient(
    {
      api_key: API_KEY,
      api_secret: SECRET,
      beautify: false,
      wsUrl: server.wsUrl,
      restOptions: { baseUrl: server.url, disableTimeSync: true },
    },
    silent,
  );
  client.on('message', (message) => void heard.push(JSON.parse(JSON.stringify(message))));
  client.on('exception', (error) => void heard.push({ e: 'exception', error }));
  await client.subscribeUsdFuturesUserDataStream();
  await client.subscribe([...STREAMS], 'usdm');
  return { heard, close: async () => client.closeAll(true) };
}

async function official(server: BinanceServer): Promise<Listener> {
  const heard: Json[] = [];
  const { restAPI, websocketStreams } = new DerivativesTradingUsdsFutures({
    configurationRestAPI: { apiKey: API_KEY, apiSecret: SECRET, basePath: server.url },
    configurationWebsocketStreams: { wsURL: server.wsUrl },
  });
  const { listenKey = '' } = await (await restAPI.startUserDataStream()).data();
  const connection = await websocketStreams.connect();
  const keep = (data: unknown) => void heard.push(data as Json);
  connection.userData(listenKey).on('message', keep);
  connection.markPriceStream({ symbol: 'btcusdt' }).on('message', keep);
  connection.individualSymbolBookTickerStreams({ symbol: 'btcusdt' }).on('message', keep);
  return { heard, close: () => connection.disconnect() };
}

describe.each([
  { name: 'binance', listen: sieblyio },
  { name: '@binance/derivatives-trading-usds-futures', listen: official },
])('the streams of $name', ({ listen }) => {
  let server: BinanceServer;
  let listener: Listener;

  beforeAll(async () => {
    const keys = [{ apiKey: API_KEY, signing: { kind: 'hmac', secret: SECRET } }] as const;
    server = await startBinanceVenue({ now: () => timestamp(Date.now()), accounts: [{ id: 'a', deposit: '10000', keys }] });
    listener = await listen(server);
  });
  afterAll(async () => {
    await listener.close();
    await server.stop();
  });

  const heardOf = (kind: string) => listener.heard.filter((event) => event['e'] === kind);

  it('hear mark and book on their routed paths', async () => {
    // Subscriptions are on their way while the price moves already: move on until both are heard.
    let mark = 50_000;
    await vi.waitFor(
      () => {
        mark += 1;
        server.dialect.venue.movePrice(BTC, { mark: decimal(String(mark)) });
        expect(heardOf('markPriceUpdate')[0]).toMatchObject({ s: BTC, r: '0.0001' });
        expect(heardOf('bookTicker')[0]).toMatchObject({ s: BTC, b: expect.any(String), a: expect.any(String) });
      },
      { timeout: HEARS_WITHIN_MS },
    );
  });

  it('hear order, position and conditional order of the account', async () => {
    const ticket = {
      clientOrderId: 'z-1',
      symbol: BTC,
      side: 'buy',
      type: { kind: 'market' },
      quantity: decimal('0.1'),
      reduceOnly: false,
    } as const;
    const stop = { ...ticket, clientOrderId: 'z-2', side: 'sell', reduceOnly: true } as const;
    await vi.waitFor(
      () => {
        server.dialect.venue.place('a', ticket);
        expect(heardOf('ORDER_TRADE_UPDATE').length).toBeGreaterThan(1);
      },
      { timeout: HEARS_WITHIN_MS },
    );
    server.dialect.venue.place('a', { ...stop, type: { kind: 'trigger', trigger: 'stop_loss', triggerPrice: decimal('48000') } });
    await vi.waitFor(() => expect(heardOf('ALGO_UPDATE')).toHaveLength(1), { timeout: HEARS_WITHIN_MS });
    expect(heardOf('ORDER_TRADE_UPDATE').map((event) => (event['o'] as Json)['X'])).toEqual(expect.arrayContaining(['NEW', 'FILLED']));
    expect(heardOf('ACCOUNT_UPDATE').at(-1)).toMatchObject({ a: { m: 'ORDER', P: [{ s: BTC }] } });
    expect(heardOf('ALGO_UPDATE')).toMatchObject([{ o: { caid: 'z-2', X: 'NEW' } }]);
    expect(heardOf('exception')).toEqual([]);
  });
});
